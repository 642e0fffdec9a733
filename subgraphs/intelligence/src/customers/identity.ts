import type { EventOf } from '@quimbi/events/topics.ts'
import type { Db } from '../database.ts'
import { noteRevised } from '../profiles/revised.ts'
import { forgetFormer } from './former.ts'
import { mergeIdentity } from './merge.ts'

type Saved = EventOf<'customer.saved'>

/**
 * Takes over identities from Support, which has the last word on who is who: a reference that was met here under a derived
 * id moves to the customer that Support says, with all that hangs on it. Idempotent.
 */
export async function recordIdentities(tx: Db, events: readonly Saved[], now: Date): Promise<void> {
  for (const [tenantId, saved] of Map.groupBy(events, (event) => event.tenantId)) {
    // In the order that batches of orders keep too, so that neither waits for the other in a circle.
    const ids = saved.toSorted((a, b) => compare(a.payload.customerId, b.payload.customerId))
    noteRevised(
      tx,
      tenantId,
      ids.map(({ payload }) => payload.customerId),
    )
    await tx.customer.createMany({
      data: ids.map(({ payload, occurredAt }) => ({ tenantId, id: payload.customerId, createdAt: occurredAt })),
      skipDuplicates: true,
    })
    await forgetFormer(
      tx,
      tenantId,
      ids.map(({ payload }) => payload.customerId),
    )
    const refs = lastWords(saved)
    await tx.customerRef.createMany({ data: refs.map((ref) => ({ tenantId, ...ref })), skipDuplicates: true })
    const moved = await tx.$queryRaw<{ from: string; into: string }[]>`
      SELECT DISTINCT r.customer_id AS "from", said."customerId" AS "into"
      FROM jsonb_to_recordset(${JSON.stringify(refs)}::jsonb) AS said ("customerId" uuid, source text, "externalId" text)
      JOIN customer_ref r ON r.tenant_id = ${tenantId}::uuid AND r.source = said.source AND r.external_id = said."externalId"
      WHERE r.customer_id <> said."customerId" ORDER BY 1`
    for (const { from, into } of moved) await mergeIdentity(tx, tenantId, from, into, now)
  }
}

/** Whose each reference is by the last event that names it, in one order everywhere. */
function lastWords(events: readonly Saved[]) {
  const words = events.flatMap(({ payload: { customerId, refs } }) => refs.map((ref) => ({ ...ref, customerId })))
  const last = new Map(words.map((word) => [JSON.stringify([word.source, word.externalId]), word]))
  return [...last.values()].toSorted((a, b) => compare(a.source, b.source) || compare(a.externalId, b.externalId))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
