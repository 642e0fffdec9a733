import type { Bus } from '@quimbi/events/bus.ts'
import { createChannel, leavable } from '@quimbi/service/channel.ts'
import { codedError, refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { PresenceActivity } from '../../generated/resolvers.ts'
import { maySee } from '../agents/permissions.ts'
import type { Loaders } from '../loaders.ts'
import type { Hub } from '../stream/hub.ts'
import { shownTo } from '../stream/visibility.ts'
import type { Present, PresenceStore } from './store.ts'

/** Who is at which ticket: ephemeral, in no log. Only who may see a ticket is let near its presence. */
export type Presence = { store: PresenceStore; bus: Bus; hub: Hub }

type Asking = { viewer: Viewer; loaders: Loaders }

const channelOf = (tenantId: string, ticketId: string): string => `presence:{${tenantId}}:${ticketId}`

/** Says that the viewer is at a ticket, for 30 seconds; returns who is. */
export async function setPresence(
  { store, bus }: Presence,
  { viewer, loaders }: Asking,
  { ticketId, activity }: { ticketId: string; activity: PresenceActivity },
  now: Date,
): Promise<{ viewers: Present[] }> {
  if (viewer.kind !== 'agent') refuse('FORBIDDEN', 'Only an agent can be at a ticket.')
  const { tenantId, agentId } = viewer
  const ticket = await loaders.ticketById.load(ticketId)
  if (!ticket) refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'ticketId'])
  const hasChanged = await store.set(tenantId, ticket.id, { agentId, activity, since: now })
  if (hasChanged) await bus.publish(channelOf(tenantId, ticket.id))
  return { viewers: await store.list(tenantId, ticket.id) }
}

/** Who is at a ticket. */
export const viewersOf = async ({ store }: Presence, viewer: Viewer, ticket: Ticket): Promise<Present[]> =>
  maySee(viewer, ticket) ? store.list(ticket.tenantId, ticket.id) : []

/** Takes an agent away from every ticket: its last connection is gone. */
export async function leaveAll(
  { store, bus }: Omit<Presence, 'hub'>,
  tenantId: string,
  agentId: string,
): Promise<void> {
  const left = await store.leave(tenantId, agentId)
  await Promise.all(left.map((ticketId) => bus.publish(channelOf(tenantId, ticketId))))
}

/** Who is at a ticket now, then each time that changes, lapses included; ends when the viewer may no longer see the ticket. */
export function presenceChanges(
  { store, bus, hub }: Presence,
  { viewer, loaders }: Asking,
  ticketId: string,
): AsyncGenerator<Present[], undefined> {
  const { tenantId } = viewer
  const looks = createChannel<true>({ capacity: 1 })
  let timer: NodeJS.Timeout | undefined
  const look = () => void looks.push(true)
  const unsubscribe = bus.subscribe(channelOf(tenantId, ticketId), look)
  const { leave } = hub.join(tenantId, {
    hear(entry) {
      if (entry.ticketId !== ticketId) return
      if (entry.type === 'TICKET_DELETED' || shownTo(viewer, null, entry)?.type === 'LEFT_VIEW') looks.end()
    },
    lose: look,
  })
  const stop = () => {
    clearTimeout(timer)
    unsubscribe()
    leave()
    looks.end()
  }

  async function* changes(): AsyncGenerator<Present[], undefined> {
    try {
      if (!(await loaders.ticketById.load(ticketId))) throw codedError('NOT_FOUND', 'There is no such ticket.')
      let last: string | undefined
      look()
      for await (const _ of looks) {
        clearTimeout(timer)
        const present = await store.list(tenantId, ticketId)
        const soonest = Math.min(...present.map(({ until }) => until))
        // Somewhat after the lapse: the clocks of processes differ.
        if (present.length > 0) timer = setTimeout(look, Math.max(soonest - Date.now(), 0) + 100).unref()
        const seen = JSON.stringify(present.map(({ agentId, activity }) => [agentId, activity]))
        if (seen !== last) yield present
        last = seen
      }
      return undefined
    } finally {
      stop()
    }
  }
  return leavable(changes(), stop)
}
