import type { Viewer } from '@quimbi/service/viewer.ts'
import type { TicketFilter } from '../../generated/resolvers.ts'
import { maySee } from '../agents/permissions.ts'
import type { TicketEntry } from '../log/entries.ts'
import { viewBefore, type TicketView } from '../log/ticket-events.ts'

type Filter = TicketFilter | null | undefined

/** Whether a ticket as an entry shows it passes a filter of the inbox. */
export function passes(view: TicketView, filter: Filter): boolean {
  if (!filter) return true
  const { status, channel, priority, slaStatus, assigneeId, unassigned, tag, createdAfter, createdBefore } = filter
  const { queueId, teamId, customerId, category } = filter
  const opened = new Date(view.createdAt)
  return (
    isAmong(view.status, status) &&
    isAmong(view.channel, channel) &&
    isAmong(view.priority, priority) &&
    isAmong(view.slaStatus, slaStatus) &&
    isThe(view.assigneeId, assigneeId) &&
    isThe(view.queueId, queueId) &&
    isThe(view.teamId, teamId) &&
    isThe(view.customerId, customerId) &&
    isThe(view.category, category) &&
    (!tag || view.tags.includes(tag)) &&
    (typeof unassigned !== 'boolean' || (view.assigneeId === null) === unassigned) &&
    (!createdAfter || opened >= createdAfter) &&
    (!createdBefore || opened < createdBefore)
  )
}

const isAmong = (value: string | null, wanted: readonly string[] | null | undefined): boolean =>
  !wanted || (value !== null && wanted.includes(value))

const isThe = (value: string | null, wanted: string | null | undefined): boolean => !wanted || value === wanted

/**
 * What a viewer is told of an entry: itself while they see the ticket after it; LEFT_VIEW, which tells nothing else, where they saw it
 * before; else nothing. Both follow from the entry alone, so a replay and the live stream say the same.
 */
export function shownTo(viewer: Viewer, filter: Filter, entry: TicketEntry): TicketEntry | null {
  const { payload } = entry
  // One without a view, by whatever wrote it, must not stop everybody's stream.
  if (!payload?.view) return null
  const isSeen = (view: TicketView): boolean => maySee(viewer, view) && passes(view, filter)
  if (isSeen(payload.view)) return entry
  return isSeen(viewBefore(payload)) ? leftView(entry) : null
}

/** That the ticket is out of sight, and nothing else. */
export function leftView(entry: TicketEntry): TicketEntry {
  const { actor, causedBy, view } = entry.payload
  return { ...entry, type: 'LEFT_VIEW', payload: { actor, ...(causedBy && { causedBy }), changes: [], view } }
}
