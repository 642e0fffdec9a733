import type { Audience } from '@quimbi/service/audience.ts'
import type { TicketFilter } from '../../generated/resolvers.ts'
import type { TicketEntry } from '../log/entries.ts'
import { viewBefore } from '../log/ticket-events.ts'
import { leftView, passes } from './visibility.ts'

/** What is told of an entry, and to whom. */
export type AddressedEntry = TicketEntry & { audience: Audience }

/**
 * What the gateway is told of an entry, for all of a tenant's agents at once: the entry itself, for those who see the ticket after it, and LEFT_VIEW, for
 * those who saw it only before. Nobody is among both; each is told what `shownTo` would tell them.
 */
export function addressed(filter: TicketFilter | null | undefined, entry: TicketEntry): AddressedEntry[] {
  const { payload } = entry
  if (!payload?.view) return []
  const before = viewBefore(payload)
  const after = payload.view
  const isIn = passes(after, filter)
  const told: AddressedEntry[] = isIn ? [{ ...entry, audience: seenBy(after.assigneeId) }] : []
  if (!passes(before, filter)) return told
  const left = isIn ? leftBehind(before.assigneeId, after.assigneeId) : seenBy(before.assigneeId)
  return isNobody(left) ? told : [...told, { ...leftView(entry), audience: left }]
}

/** Those who see a ticket: whoever oversees, and its agent; of nobody's ticket, everybody. */
export const seenBy = (assigneeId: string | null): Audience => ({
  overseers: true,
  everybody: assigneeId === null,
  agentId: assigneeId,
  exceptAgentId: null,
})

/** Of those who saw the first one's ticket, who do not see the second one's. */
function leftBehind(before: string | null, after: string | null): Audience {
  const nobody = { overseers: false, everybody: false, agentId: null, exceptAgentId: null }
  if (after === null || before === after) return nobody
  return before === null ? { ...nobody, everybody: true, exceptAgentId: after } : { ...nobody, agentId: before }
}

const isNobody = ({ overseers, everybody, agentId }: Audience): boolean => !overseers && !everybody && agentId === null

/** Of an entry that was not told as one of a shared stream: nobody. */
export const audienceOf = (entry: TicketEntry & Partial<AddressedEntry>): Audience =>
  entry.audience ?? { overseers: false, everybody: false, agentId: null, exceptAgentId: null }

type Assigned = { assigneeId: string | null } | null

/** Who may see all of those tickets that are there still; null where none is. */
export function sightOf(tickets: readonly Assigned[]): Audience | null {
  if (tickets.every((ticket) => ticket === null)) return null
  const owners = new Set(tickets.flatMap((ticket) => ticket?.assigneeId ?? []))
  const [owner = null] = owners
  return owners.size > 1 ? { ...seenBy(owner), agentId: null } : seenBy(owner)
}
