import { isHopeless, verdictOf, type Outcome, type Verdict } from '@quimbi/webhooks/retry.ts'
import { leaseMs, type DeliveryQueue, type Leased } from '@quimbi/webhooks/sender.ts'
import type { Db, IntelligenceDatabase } from '../database.ts'
import { dropPending } from './deliveries.ts'

/** The first of a webhook's queue, in one instance's hand. */
export type Taken = Leased & { attempt: number; createdAt: Date }

// The webhook is leased and not the delivery: so what comes after waits, whatever instances there are, and no dead one is looked at before
// it is due. A snapshot may be older than the lease: then the first is one that has just been settled, and is none.
const takeSql = `
  WITH due AS (
    SELECT tenant_id, id FROM insight_webhook
    WHERE due_at <= $1::timestamptz AND id <> ALL ($3::uuid[])
    ORDER BY due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
  ), leased AS (
    UPDATE insight_webhook w SET due_at = $2::timestamptz FROM due
    WHERE w.tenant_id = due.tenant_id AND w.id = due.id RETURNING w.*
  ), first AS (
    SELECT d.tenant_id, d.id FROM leased CROSS JOIN LATERAL (
      SELECT tenant_id, id FROM insight_webhook_delivery
      WHERE tenant_id = leased.tenant_id AND webhook_id = leased.id AND next_attempt_at IS NOT NULL ORDER BY place, id LIMIT 1
    ) AS d
  ), tried AS (
    UPDATE insight_webhook_delivery d SET attempt = d.attempt + 1 FROM first
    WHERE d.tenant_id = first.tenant_id AND d.id = first.id AND d.next_attempt_at IS NOT NULL
    RETURNING d.id, d.body, d.attempt, d.created_at
  )
  SELECT w.tenant_id AS "tenantId", w.id AS "endpointId", w.url, w.secret, w.previous_secret AS "previousSecret",
    w.rotated_at AS "rotatedAt", w.is_active AND (w.key_id IS NULL OR k.id IS NOT NULL) AS "isActive",
    tried.id, tried.id AS "eventId", tried.body, tried.attempt, tried.created_at AS "createdAt"
  FROM leased w LEFT JOIN tried ON true
  LEFT JOIN api_key k ON k.tenant_id = w.tenant_id AND k.id = w.key_id AND k.revoked_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > $1::timestamptz)`

type Row = Omit<Taken, 'id'> & { id: string | null }

const lockSql = `SELECT failing_since AS "failingSince" FROM insight_webhook WHERE tenant_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE`

// In a statement of its own: it sees what was added while the lock was waited for.
const dueSql = `
  UPDATE insight_webhook SET due_at = (
    SELECT next_attempt_at FROM insight_webhook_delivery
    WHERE tenant_id = $1::uuid AND webhook_id = $2::uuid AND next_attempt_at IS NOT NULL ORDER BY place, id LIMIT 1
  ) WHERE tenant_id = $1::uuid AND id = $2::uuid`

type Endpoint = { tenantId: string; endpointId: string }
type Locked = { failingSince: Date | null }

/** Takes a webhook that is due with the first of its queue, of those not in `busy`; null if none is. `now` is real. */
export async function takeDue(
  system: IntelligenceDatabase['system'],
  now: Date,
  busy: readonly string[],
): Promise<Taken | null> {
  const lease = new Date(now.getTime() + leaseMs)
  for (;;) {
    const [row] = await system.$queryRawUnsafe<Row[]>(takeSql, now, lease, busy)
    if (!row) return null
    const { id } = row
    if (id !== null) return { ...row, id }
    await system.$transaction((tx) => whileLocked(tx, row, async () => {}))
  }
}

/** Changes a webhook while nobody adds to its queue, and says when its first is due. Nothing where it is gone. */
async function whileLocked(tx: Db, of: Endpoint, change: (locked: Locked) => Promise<void>): Promise<void> {
  const { tenantId, endpointId } = of
  const [locked] = await tx.$queryRawUnsafe<Locked[]>(lockSql, tenantId, endpointId)
  if (!locked) return
  await change(locked)
  await tx.$executeRawUnsafe(dueSql, tenantId, endpointId)
}

type At = { now: Date; chance: number }

/** Writes what became of an attempt, unless another instance has begun a later one; switches a hopeless webhook off. */
function settle(system: IntelligenceDatabase['system'], taken: Taken, outcome: Outcome, at: At): Promise<void> {
  const { tenantId, id, attempt, createdAt } = taken
  const verdict = verdictOf(outcome, { attempt, createdAt, ...at })
  return system.$transaction((tx) =>
    whileLocked(tx, taken, async (locked) => {
      const { count } = await tx.insightWebhookDelivery.updateMany({
        // What was dropped meanwhile stays dropped.
        where: { tenantId, id, attempt, nextAttemptAt: { not: null } },
        data: {
          statusCode: outcome.statusCode,
          lastError: outcome.error,
          nextAttemptAt: verdict.kind === 'again' ? verdict.at : null,
          deliveredAt: verdict.kind === 'delivered' ? at.now : null,
        },
      })
      if (count > 0) await judge(tx, taken, { verdict, locked, now: at.now })
    }),
  )
}

type Judged = { verdict: Verdict; locked: Locked; now: Date }

async function judge(tx: Db, { tenantId, endpointId }: Endpoint, { verdict, locked, now }: Judged): Promise<void> {
  const { failingSince } = locked
  const update = (data: { failingSince?: Date | null; isActive?: boolean; disabledReason?: string }) =>
    tx.insightWebhook.updateMany({ where: { tenantId, id: endpointId }, data })
  if (verdict.kind === 'delivered') {
    if (failingSince) await update({ failingSince: null })
    return
  }
  if (!failingSince) await update({ failingSince: now })
  const isOver = verdict.kind === 'gone' || (failingSince !== null && isHopeless(failingSince, now))
  if (!isOver) return
  const why = verdict.kind === 'gone' ? 'It answered 410: it wants no more.' : 'It failed for five days.'
  await update({ isActive: false, disabledReason: why })
  await dropPending(tx, { tenantId, webhookId: endpointId })
}

/** What waits for the webhooks of all tenants. */
export const insightQueue = ({ system }: Pick<IntelligenceDatabase, 'system'>): DeliveryQueue<Taken> => ({
  take: (now, busy) => takeDue(system, now, busy),
  settle: (taken, outcome, at) => settle(system, taken, outcome, at),
  drop: ({ tenantId, endpointId }) => dropPending(system, { tenantId, webhookId: endpointId }),
})
