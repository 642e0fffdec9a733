import { leavable } from '@quimbi/service/channel.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Notification } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { AgentChannel } from '../stream/agent-channel.ts'
import { agentOf } from './service.ts'

const prefix = 'notification:'

/** What goes over an agent's wire when there is a notification. */
export const announcement = (id: string): string => `${prefix}${id}`

type Asking = { viewer: Viewer; db: Db; live: { channel: AgentChannel } }

/** The viewer's own notifications as they come. Some may be missed: the list has them all. FORBIDDEN for who is no agent. */
export function receivedNotifications({ viewer, db, live }: Asking): AsyncGenerator<Notification, undefined> {
  const { tenantId, agentId } = agentOf(viewer)
  const messages = live.channel.subscribe(tenantId, agentId)
  const stop = () => messages.end()

  async function* received(): AsyncGenerator<Notification, undefined> {
    try {
      for await (const message of messages) {
        const id = message.startsWith(prefix) ? message.slice(prefix.length) : ''
        const row = isUuid(id) ? await db.notification.findFirst({ where: { tenantId, agentId, id } }) : null
        if (row) yield row
      }
      return undefined
    } finally {
      stop()
    }
  }
  return leavable(received(), stop)
}
