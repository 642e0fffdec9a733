import { createHash } from 'node:crypto'
import { refuse } from '@quimbi/service/errors.ts'
import type { Db } from '../database.ts'
import { isStorable } from '@quimbi/service/places.ts'

export type IdempotentCall = {
  tenantId: string
  operation: string
  key: string | null | undefined
  input: unknown
  now: Date
}

/**
 * Runs a creation once per key: the same key with the same input gives the first result's id again, with another input
 * IDEMPOTENCY_KEY_REUSED. Concurrent calls with one key wait for the first. Without a key it just runs.
 */
export async function once(tx: Db, call: IdempotentCall, create: () => Promise<string>): Promise<string> {
  const { tenantId, operation, key, input, now } = call
  if (key === null || key === undefined) return create()
  if (key.length === 0 || key.length > 200 || !isStorable(key))
    refuse('INVALID', 'An idempotency key has 1 to 200 characters, none of them U+0000.', ['input', 'idempotencyKey'])
  // Held to the end of the transaction, so that a second call with the key sees what the first one wrote.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${tenantId}:${operation}:${key}`}, 0))`
  const fingerprint = createHash('sha256').update(JSON.stringify(input)).digest()
  const known = await tx.idempotencyRecord.findFirst({ where: { tenantId, operation, key } })
  if (known) {
    if (Buffer.compare(known.fingerprint, fingerprint) === 0) return known.resultId
    refuse('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used with another input.', ['input', 'idempotencyKey'])
  }
  const resultId = await create()
  await tx.idempotencyRecord.create({ data: { tenantId, operation, key, fingerprint, resultId, createdAt: now } })
  return resultId
}

/** Forgets keys older than a day; returns how many. */
export async function purgeIdempotencyRecords(system: Db, now: Date): Promise<number> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const { count } = await system.idempotencyRecord.deleteMany({ where: { createdAt: { lt: dayAgo } } })
  return count
}
