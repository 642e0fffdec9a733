import { createHash } from 'node:crypto'
import { newId } from '@quimbi/database/ids.ts'
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
 * IDEMPOTENCY_KEY_REUSED. Concurrent calls with one key wait for the first. Without a key it just runs. `create` is given an id
 * that it may use; it answers with the one that it did use.
 */
export async function once(tx: Db, call: IdempotentCall, create: (id: string) => Promise<string>): Promise<string> {
  return onceAsking(tx, call, () => undefined, create)
}

/** The same for a creation that reads something first: `ask` sends it right behind the claim of the key, in the same round trip. */
export async function onceAsking<Asked>(
  tx: Db,
  { tenantId, operation, key, input, now }: IdempotentCall,
  ask: () => Asked,
  create: (id: string, asked: Asked) => Promise<string>,
): Promise<string> {
  const id = newId()
  if (key === null || key === undefined) return create(id, ask())
  if (key.length === 0 || key.length > 200 || !isStorable(key))
    refuse('INVALID', 'An idempotency key has 1 to 200 characters, none of them U+0000.', ['input', 'idempotencyKey'])
  const fingerprint = createHash('sha256').update(JSON.stringify(input)).digest()
  // Waits for a concurrent call with the same key: one statement for the first of them, which is nearly always the only one.
  const claiming = tx.$executeRaw`
    INSERT INTO idempotency_record (tenant_id, operation, key, fingerprint, result_id, created_at)
    VALUES (${tenantId}::uuid, ${operation}, ${key}, ${fingerprint}, ${id}::uuid, ${now}::timestamptz) ON CONFLICT DO NOTHING`
  const asked = ask()
  const claimed = await claiming
  const where = { tenantId, operation, key }
  if (claimed === 0) {
    const known = await tx.idempotencyRecord.findFirstOrThrow({ where })
    if (Buffer.compare(known.fingerprint, fingerprint) === 0) return known.resultId
    refuse('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used with another input.', ['input', 'idempotencyKey'])
  }
  const resultId = await create(id, asked)
  if (resultId !== id) await tx.idempotencyRecord.updateMany({ where, data: { resultId } })
  return resultId
}

/** What a key made, where it is called again; NOT_FOUND if it was deleted since. */
export const stillThere = <T>(made: T | null): T =>
  made ?? refuse('NOT_FOUND', 'What was made with this key is gone.', ['input', 'idempotencyKey'])

/** Forgets keys older than a day; returns how many. */
export async function purgeIdempotencyRecords(system: Db, now: Date): Promise<number> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const { count } = await system.idempotencyRecord.deleteMany({ where: { createdAt: { lt: dayAgo } } })
  return count
}
