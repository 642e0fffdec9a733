import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { placeInTime } from '@quimbi/service/places.ts'
import { isHopeless, verdictOf, type Outcome } from '@quimbi/webhooks/retry.ts'
import { leaseMs } from '@quimbi/webhooks/sender.ts'
import type { WebhookDelivery, WebhookEndpoint } from '../../generated/prisma/client.ts'
import { recordAudit } from '../audit/record.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'

/** A delivery that this instance has in hand, until its lease is over. */
export type Taken = Pick<
  WebhookDelivery,
  'tenantId' | 'id' | 'endpointId' | 'eventId' | 'body' | 'attempt' | 'createdAt'
> &
  Pick<WebhookEndpoint, 'url' | 'isActive' | 'secret' | 'previousSecret' | 'rotatedAt'>

// Takes and leases in one statement: of instances that ask at once, each gets another. One that died has its delivery taken again when
// the lease is over. Endpoints that are busy here wait, so that a slow one holds up no other.
const takeSql = `
  UPDATE webhook_delivery d SET next_attempt_at = $2::timestamptz, attempt = d.attempt + 1
  FROM (
    SELECT tenant_id, id FROM webhook_delivery
    WHERE next_attempt_at <= $1::timestamptz AND endpoint_id <> ALL ($3::uuid[])
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
  ) AS due, webhook_endpoint e
  WHERE d.tenant_id = due.tenant_id AND d.id = due.id AND e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
  RETURNING d.tenant_id AS "tenantId", d.id, d.endpoint_id AS "endpointId", d.event_id AS "eventId", d.body, d.attempt,
    d.created_at AS "createdAt", e.url, e.is_active AS "isActive", e.secret, e.previous_secret AS "previousSecret",
    e.rotated_at AS "rotatedAt"`

/** Takes what has been due for longest, of endpoints that are not in `busy`; null if nothing is. `now` is real. */
export async function takeDue(system: Db, now: Date, busy: readonly string[]): Promise<Taken | null> {
  const lease = new Date(now.getTime() + leaseMs)
  const [taken] = await system.$queryRawUnsafe<Taken[]>(takeSql, now, lease, busy)
  return taken ?? null
}

/** Writes what became of an attempt, unless another instance has begun a later one; switches a hopeless endpoint off. */
export function settle(
  system: SupportDatabase['system'],
  { tenantId, id, endpointId, attempt, createdAt }: Taken,
  outcome: Outcome,
  { now, chance }: { now: Date; chance: number },
): Promise<void> {
  const verdict = verdictOf(outcome, { attempt, createdAt, now, chance })
  const { statusCode, error } = outcome
  return system.$transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      // What was dropped meanwhile stays dropped.
      where: { tenantId, id, attempt, nextAttemptAt: { not: null } },
      data: {
        statusCode,
        lastError: error,
        nextAttemptAt: verdict.kind === 'again' ? verdict.at : null,
        deliveredAt: verdict.kind === 'delivered' ? now : null,
      },
    })
    if (count === 0) return
    const where = { tenantId, id: endpointId }
    if (verdict.kind === 'delivered') {
      await tx.webhookEndpoint.updateMany({
        where: { ...where, failingSince: { not: null } },
        data: { failingSince: null },
      })
      return
    }
    await tx.webhookEndpoint.updateMany({ where: { ...where, failingSince: null }, data: { failingSince: now } })
    if (verdict.kind === 'gone') return switchOff(tx, where, { now, reason: 'It answered 410: it wants no more.' })
    const endpoint = await tx.webhookEndpoint.findFirst({ where, select: { failingSince: true } })
    if (endpoint?.failingSince && isHopeless(endpoint.failingSince, now))
      await switchOff(tx, where, { now, reason: 'It failed for five days.' })
  })
}

async function switchOff(
  tx: Db,
  { tenantId, id }: { tenantId: string; id: string },
  { now, reason }: { now: Date; reason: string },
): Promise<void> {
  const data = { isActive: false, disabledReason: reason }
  const { count } = await tx.webhookEndpoint.updateMany({ where: { tenantId, id, isActive: true }, data })
  await dropPending(tx, { tenantId, endpointId: id })
  if (count === 0) return
  await recordAudit(tx, {
    tenantId,
    who: { actor: systemActor('INTEGRATION', 'webhooks') },
    now,
    action: 'webhook_endpoint.disabled',
    subjectType: 'webhook_endpoint',
    subjectId: id,
    changes: [{ field: 'disabledReason', from: null, to: reason }],
  })
}

/** Gives up what is on its way to an endpoint. */
export async function dropPending(tx: Db, of: { tenantId: string; endpointId: string; id?: string }): Promise<void> {
  await tx.webhookDelivery.updateMany({ where: { ...of, nextAttemptAt: { not: null } }, data: { nextAttemptAt: null } })
}

/** What was sent to an endpoint, newest first. */
export async function listDeliveries(
  db: Db,
  { tenantId, id: endpointId }: Pick<WebhookEndpoint, 'tenantId' | 'id'>,
  { first, after }: PageRequest,
): Promise<Connection<WebhookDelivery>> {
  const size = pageSize(first, { default: 20 })
  const place = placeInTime(after)
  const rows = await db.webhookDelivery.findMany({
    where: {
      tenantId,
      endpointId,
      AND: place
        ? [{ createdAt: { lte: place[0] } }, { OR: [{ createdAt: { lt: place[0] } }, { id: { gt: place[1] } }] }]
        : [],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  return connection(rows, size, ({ createdAt, id }) => encodeCursor([createdAt.toISOString(), id]), { after })
}
const keptMs = 30 * 86_400_000

/** Deletes deliveries older than 30 days that are over, of all tenants; returns how many. */
export async function purgeDeliveries(system: Db, now: Date): Promise<number> {
  const createdAt = { lt: new Date(now.getTime() - keptMs) }
  const { count } = await system.webhookDelivery.deleteMany({ where: { nextAttemptAt: null, createdAt } })
  return count
}
