import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { isStorable } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import { visibleTickets } from './visibility.ts'

type Optional<T> = T | null | undefined

/** Which tickets; conditions all hold, values of one list are alternatives. */
export type TicketFilter = {
  status?: Optional<readonly string[]>
  channel?: Optional<readonly string[]>
  priority?: Optional<readonly string[]>
  assigneeId?: Optional<string>
  unassigned?: Optional<boolean>
  queueId?: Optional<string>
  teamId?: Optional<string>
  customerId?: Optional<string>
  tag?: Optional<string>
  category?: Optional<string>
  slaStatus?: Optional<readonly string[]>
  createdAfter?: Optional<Date>
  createdBefore?: Optional<Date>
}

/** The tickets of a filter that the viewer may see. BAD_USER_INPUT for an id that is none. */
export function ticketsMatching(viewer: Viewer, filter: Optional<TicketFilter>): Prisma.TicketWhereInput {
  return {
    tenantId: viewer.tenantId,
    // Not said twice: "theirs or nobody's" beside either would be gathered and sorted, not read from the index in order.
    AND: [isWithinView(viewer, filter) ? {} : visibleTickets(viewer), ...conditionsOf(filter ?? {})],
  }
}

/** The filter's conditions alone, whoever looks. */
export function conditionsOf(filter: TicketFilter): Prisma.TicketWhereInput[] {
  const { status, channel, priority, assigneeId, unassigned, queueId, teamId, customerId } = filter
  const { tag, category, slaStatus, createdAfter, createdBefore } = filter
  return [
    status ? { status: { in: [...status] } } : {},
    channel ? { channel: { in: [...channel] } } : {},
    priority ? { priority: { in: [...priority] } } : {},
    isGiven(assigneeId) ? { assigneeId: known(assigneeId, 'assigneeId') } : {},
    typeof unassigned === 'boolean' ? { assigneeId: unassigned ? null : { not: null } } : {},
    isGiven(queueId) ? { queueId: known(queueId, 'queueId') } : {},
    isGiven(teamId) ? { teamId: known(teamId, 'teamId') } : {},
    isGiven(customerId) ? { customerId: known(customerId, 'customerId') } : {},
    isGiven(tag) ? { tags: { has: storable(tag, 'tag') } } : {},
    isGiven(category) ? { category: storable(category, 'category') } : {},
    slaStatus ? { slaStatus: { in: [...slaStatus] } } : {},
    createdAfter ? { createdAt: { gte: createdAfter } } : {},
    createdBefore ? { createdAt: { lt: createdBefore } } : {},
  ].filter((condition) => Object.keys(condition).length > 0)
}

/** Whether the filter alone keeps to what the role AGENT may see: the viewer's own tickets, or nobody's. */
const isWithinView = (viewer: Viewer, filter: Optional<TicketFilter>): boolean =>
  viewer.kind === 'agent' && (filter?.assigneeId === viewer.agentId || filter?.unassigned === true)

const isGiven = (value: Optional<string>): value is string => value !== null && value !== undefined

function known(id: string, field: string): string {
  if (isUuid(id)) return id
  throw codedError('BAD_USER_INPUT', `${field} is no id.`)
}

function storable(value: string, field: string): string {
  if (isStorable(value)) return value
  throw codedError('BAD_USER_INPUT', `${field} contains U+0000.`)
}
