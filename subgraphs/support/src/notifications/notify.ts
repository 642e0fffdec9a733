import { newId } from '@quimbi/database/ids.ts'
import type { Notification } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { NotificationKind } from './whom.ts'

export type NewNotification = {
  tenantId: string
  agentId: string
  kind: NotificationKind
  /** The event that it tells of. */
  eventId: string
  ticketId: string | null
  text: string
  now: Date
}

/** Leaves notifications: once for each agent, event and kind. Returns those that were not there yet, to be told live after commit. */
export async function notify(tx: Db, notifications: readonly NewNotification[]): Promise<Notification[]> {
  if (notifications.length === 0) return []
  return tx.notification.createManyAndReturn({
    data: notifications.map(({ now, ...notification }) => ({ ...notification, id: newId(), createdAt: now })),
    skipDuplicates: true,
  })
}
