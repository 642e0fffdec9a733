import { encodeCursor, decodeCursor } from '@quimbi/service/cursors.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import type { InsightWebhook, InsightWebhookDelivery } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** Gives up what is on its way to a webhook. */
export async function dropPending(tx: Db, of: { tenantId: string; webhookId: string }): Promise<void> {
  const { tenantId, webhookId } = of
  await tx.insightWebhookDelivery.updateMany({
    where: { ...of, nextAttemptAt: { not: null } },
    data: { nextAttemptAt: null },
  })
  await tx.insightWebhook.updateMany({ where: { tenantId, id: webhookId }, data: { dueAt: null } })
}

/** What was sent to a webhook, the last change first. */
export async function listDeliveries(
  db: Db,
  { tenantId, id: webhookId }: Pick<InsightWebhook, 'tenantId' | 'id'>,
  { first, after }: PageRequest,
): Promise<Connection<InsightWebhookDelivery>> {
  const size = pageSize(first, { default: 20 })
  const before = placeIn(after)
  const rows = await db.insightWebhookDelivery.findMany({
    where: {
      tenantId,
      webhookId,
      AND: before
        ? [{ place: { lte: before.place } }, { OR: [{ place: { lt: before.place } }, { id: { gt: before.id } }] }]
        : [],
    },
    orderBy: [{ place: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  return connection(rows, size, ({ place, id }) => encodeCursor([String(place), id]), { after })
}

function placeIn(after: string | null | undefined): { place: bigint; id: string } | null {
  if (after === null || after === undefined) return null
  const [place, id] = decodeCursor(after, ['string', 'string'])
  if (!/^\d{1,18}$/.test(place) || !isUuid(id)) throw codedError('BAD_USER_INPUT', 'The cursor is not one of this list')
  return { place: BigInt(place), id }
}

const keptMs = 30 * 86_400_000

/** Deletes deliveries older than 30 days that are over, and webhooks whose key has ended, of all tenants; how many deliveries. */
export async function purgeWebhooks(system: Db, now: Date): Promise<number> {
  const ended = { OR: [{ revokedAt: { not: null } }, { expiresAt: { lte: now } }] }
  await system.insightWebhook.deleteMany({ where: { key: ended } })
  const createdAt = { lt: new Date(now.getTime() - keptMs) }
  const { count } = await system.insightWebhookDelivery.deleteMany({ where: { nextAttemptAt: null, createdAt } })
  return count
}
