import { derivedId } from '@quimbi/database/ids.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { createTeller, type InsightChange } from '../live/changes.ts'
import { decodePlace, numberOfPlace } from '../live/cursor.ts'
import { insightChanged, type InsightEntry } from '../live/entries.ts'
import type { InsightMetric } from '../profiles/points.ts'
import { openSums } from './sums.ts'

type Told = { id: string; metrics: InsightMetric[]; minChange: number; startsAfter: bigint }

// Locked: until the batch is committed, nobody changes what a webhook is to be told, and no sender takes its queue for empty.
const selectWebhooks = `
  SELECT w.id, w.metrics, w.min_change AS "minChange", w.starts_after AS "startsAfter" FROM insight_webhook w
  LEFT JOIN api_key k ON k.tenant_id = w.tenant_id AND k.id = w.key_id
  WHERE w.tenant_id = $1::uuid AND w.is_active
    AND (w.key_id IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2::timestamptz)))
  ORDER BY w.id FOR NO KEY UPDATE OF w`

const wake = `
  UPDATE insight_webhook SET due_at = $3::timestamptz WHERE tenant_id = $1::uuid AND id = ANY ($2::uuid[]) AND due_at IS NULL`

export type TellingEntry = InsightEntry & { eventId: string }

/** Makes a delivery of each change for each webhook that is to be told of it. Entries of one tenant, in the log's order. */
export async function enqueueChanges(tx: Db, entries: readonly TellingEntry[], now: Date): Promise<void> {
  const tenantId = entries[0]?.tenantId
  if (tenantId === undefined) return
  const webhooks = await tx.$queryRawUnsafe<Told[]>(selectWebhooks, tenantId, now)
  if (webhooks.length === 0) return
  const customerIds = [...new Set(entries.map(({ payload }) => payload.customerId))]
  const sums = await openSums(tx, tenantId, { customerIds, webhookIds: webhooks.map(({ id }) => id) })
  const told = webhooks.flatMap((webhook) => {
    const tell = createTeller(webhook.minChange, sums.of(webhook.id))
    return entries
      .filter(({ sequence }) => sequence > BigInt(webhook.startsAfter))
      .flatMap((entry) =>
        tell(only(entry, webhook.metrics)).map((change) => ({ webhookId: webhook.id, entry, change })),
      )
  })
  await sums.save()
  if (told.length === 0) return
  const refs = await refsOf(tx, tenantId, [...new Set(told.map(({ change }) => change.customerId))])
  const data = told.map(({ webhookId, entry, change }): Prisma.InsightWebhookDeliveryCreateManyInput => {
    const { customerId, metric } = change
    return {
      ...{ tenantId, webhookId, customerId, createdAt: now, nextAttemptAt: now },
      id: derivedId(tenantId, 'insight-webhook', webhookId, entry.eventId, metric),
      place: numberOfPlace(decodePlace(tenantId, change.cursor)),
      body: bodyOf(change, refs.get(customerId) ?? []),
    }
  })
  await tx.insightWebhookDelivery.createMany({ data, skipDuplicates: true })
  await tx.$executeRawUnsafe(wake, tenantId, [...new Set(told.map(({ webhookId }) => webhookId))], now)
}

const only = (entry: TellingEntry, metrics: readonly InsightMetric[]): TellingEntry => ({
  ...entry,
  payload: { ...entry.payload, moves: entry.payload.moves?.filter(({ metric }) => metrics.includes(metric)) },
})

type Ref = { source: string; id: string }

/** What is sent. Pure. */
export function bodyOf(
  { cursor, customerId, metric, from, to, at }: InsightChange,
  externalRefs: readonly Ref[],
): string {
  const data = { cursor, customerId, externalRefs, metric, from, to, at: at.toISOString() }
  return JSON.stringify({ type: insightChanged, timestamp: at.toISOString(), data })
}

async function refsOf(tx: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, Ref[]>> {
  const where = { tenantId, customerId: { in: [...ids] } }
  const rows = await tx.customerRef.findMany({ where, orderBy: [{ source: 'asc' }, { externalId: 'asc' }] })
  const grouped = Map.groupBy(rows, ({ customerId }) => customerId)
  return new Map(
    [...grouped].map(([id, own]) => [id, own.map(({ source, externalId }) => ({ source, id: externalId }))]),
  )
}
