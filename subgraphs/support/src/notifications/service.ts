import { encodeCursor } from '@quimbi/service/cursors.ts'
import { codedError, refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { placeInTime } from '@quimbi/service/places.ts'
import type { AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import type { Notification } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** The viewer as an agent: only they have notifications. */
export function agentOf(viewer: Viewer): AgentViewer {
  if (viewer.kind === 'agent') return viewer
  throw codedError('FORBIDDEN', 'Notifications are an agent’s.')
}

export type NotificationPage = Connection<Notification> & { countUnread(): Promise<number> }

/** The viewer's own notifications, newest first. */
export async function listNotifications(
  db: Db,
  viewer: Viewer,
  { unreadOnly, first, after }: PageRequest & { unreadOnly?: boolean | null | undefined },
): Promise<NotificationPage> {
  const { tenantId, agentId } = agentOf(viewer)
  const size = pageSize(first, { default: 20 })
  const place = placeInTime(after)
  const unread = { tenantId, agentId, readAt: null }
  const rows = await db.notification.findMany({
    where: {
      ...((unreadOnly ?? true) ? unread : { tenantId, agentId }),
      AND: place
        ? [{ createdAt: { lte: place[0] } }, { OR: [{ createdAt: { lt: place[0] } }, { id: { gt: place[1] } }] }]
        : [],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  const cursorOf = ({ createdAt, id }: Notification) => encodeCursor([createdAt.toISOString(), id])
  return {
    ...connection(rows, size, cursorOf, { after }),
    countUnread: () => db.notification.count({ where: unread }),
  }
}

const mostAtOnce = 100

/** Marks the viewer's own as read. Of others', and of those that are gone, nothing is said. FORBIDDEN, LIMIT_EXCEEDED, INVALID. */
export async function markNotificationsRead(
  tx: Db,
  viewer: Viewer,
  ids: readonly string[],
  now: Date,
): Promise<Record<never, never>> {
  if (viewer.kind !== 'agent') refuse('FORBIDDEN', 'Notifications are an agent’s.')
  const path = ['input', 'ids']
  if (ids.length > mostAtOnce) refuse('LIMIT_EXCEEDED', `At most ${mostAtOnce} at a time.`, path)
  const wrong = ids.findIndex((id) => !isUuid(id))
  if (wrong >= 0) refuse('INVALID', 'This is no id of a notification.', [...path, String(wrong)])
  const { tenantId, agentId } = viewer
  const where = { tenantId, agentId, id: { in: [...ids] }, readAt: null }
  await tx.notification.updateMany({ where, data: { readAt: now } })
  return {}
}

const keptMs = 90 * 86_400_000

/** Deletes those that were read and are older than 90 days, of all tenants; returns how many. */
export async function purgeNotifications(system: Db, now: Date): Promise<number> {
  const createdAt = { lt: new Date(now.getTime() - keptMs) }
  const { count } = await system.notification.deleteMany({ where: { readAt: { not: null }, createdAt } })
  return count
}
