import type { TicketEventType, TicketPriority, TicketStatus, WaitingOn } from '../../../graph/generated/schema.ts'
import type { EventRecord, TicketRecord } from './records.ts'
import { refusal } from './refusal.ts'
import { talk } from './talk.ts'
import { viewAlert } from './queries.ts'
import { viewAgent, viewTicket } from './view.ts'
import { byId, meId, type World } from './world.ts'

type Of<Input> = { input: Input }
type Identified = Of<{ id: string }>
const most = 50

/** A change of one ticket: what it does, and what it is called in the log. Refused where the ticket is not there. */
export function changing(world: World, id: string, change: (ticket: TicketRecord) => Change | object) {
  const ticket = byId(world.tickets, id)
  if (!ticket) return refusal('NOT_FOUND', 'There is no such ticket.', ['input', 'id'])
  const made = change(ticket)
  if (!('type' in made)) return made
  const { type, ...more } = made as Change
  const { cursor } = world.happen(ticket, type, more)
  return { ticket: viewTicket(world, ticket), asOf: cursor, userErrors: [] }
}
export type Change = { type: TicketEventType } & Partial<EventRecord>

const changed = (type: TicketEventType, field: string, from: unknown, to: unknown): Change => ({
  type,
  changes: [{ field, from, to }],
})

export const mutations = (world: World) => ({
  ...talk(world),
  login: refusal('FORBIDDEN', 'The local demo has no login.'),
  logout: { userErrors: [] },
  setTicketStatus: ({ input }: Of<{ id: string; status: TicketStatus; waitingOn?: WaitingOn | null }>) =>
    changing(world, input.id, (ticket) => setStatus(world, ticket, input.status, input.waitingOn)),
  assignTicket: ({ input }: Of<{ id: string; agentId?: string | null }>) =>
    changing(world, input.id, (ticket) => {
      const agentId = input.agentId ?? null
      if (agentId !== null && !byId(world.agents, agentId)) return refusal('NOT_FOUND', 'There is no such agent.')
      return assign(ticket, agentId)
    }),
  autoAssignTicket: ({ input }: Identified) => ({
    ...changing(world, input.id, (ticket) => assign(ticket, 'demo-agent-2')),
    agent: viewAgent(world, 'demo-agent-2'),
    explanation: 'Sam has the most room.',
  }),
  snoozeTicket: ({ input }: Of<{ id: string; until: string }>) =>
    changing(world, input.id, (ticket) => {
      const until = Date.parse(input.until)
      if (!(until > world.now())) return refusal('INVALID', 'That time is over.', ['input', 'until'])
      ticket.snoozedUntil = until
      ticket.waitingOn = 'SNOOZE'
      return changed('SNOOZED', 'snoozedUntil', null, input.until)
    }),
  updateTicket: ({ input }: Of<Edited>) => changing(world, input.id, (ticket) => edit(ticket, input)),
  tagTicket: ({ input }: Of<{ id: string; tags: string[] }>) =>
    changing(world, input.id, (ticket) => {
      const fresh = input.tags.filter((name) => ticket.tags.every((tag) => tag.name !== name))
      if (ticket.tags.length + fresh.length > most) return refusal('LIMIT_EXCEEDED', `At most ${most} labels.`)
      ticket.tags.push(...fresh.map((name) => ({ name, byModel: false, confidence: null })))
      return changed('TAGGED', 'tags', null, fresh)
    }),
  untagTicket: ({ input }: Of<{ id: string; tags: string[] }>) =>
    changing(world, input.id, (ticket) => {
      ticket.tags = ticket.tags.filter(({ name }) => !input.tags.includes(name))
      return changed('UNTAGGED', 'tags', input.tags, null)
    }),
  escalateTicket: ({ input }: Of<{ id: string; reason: string }>) =>
    changing(world, input.id, (ticket) => {
      ticket.escalation = { at: world.now(), reason: input.reason }
      ticket.priority = 'URGENT'
      return changed('ESCALATED', 'escalation', null, input.reason)
    }),
  transferTicket: ({ input }: Of<{ id: string; toAgentId?: string | null; toQueueId?: string | null }>) =>
    changing(world, input.id, (ticket) => {
      if (input.toAgentId) ticket.assigneeId = input.toAgentId
      if (input.toQueueId) ticket.queueId = input.toQueueId
      return changed('TRANSFERRED', 'assignee', null, input.toAgentId ?? input.toQueueId)
    }),
  scheduleFollowUp: ({ input }: Of<{ id: string; at: string }>) =>
    changing(world, input.id, (ticket) => {
      ticket.followUpAt = Date.parse(input.at)
      return changed('TICKET_UPDATED', 'followUpAt', null, input.at)
    }),
  cancelFollowUp: ({ input }: Identified) =>
    changing(world, input.id, (ticket) => {
      const { followUpAt } = ticket
      ticket.followUpAt = null
      return changed('TICKET_UPDATED', 'followUpAt', followUpAt && new Date(followUpAt).toISOString(), null)
    }),
  completeAction: ({ input }: Of<{ ticketId: string; actionId: string; outcome?: string | null }>) =>
    changing(world, input.ticketId, (ticket) => {
      const { actionId: id, outcome = null } = input
      ticket.actions.push({ id, action: id, completedAt: world.now(), outcome })
      return { type: 'ACTION_COMPLETED' }
    }),
  undoDecision: ({ input }: Of<{ decisionId: string }>) => {
    const ticket = world.tickets.find(({ decisions }) => decisions.some(({ id }) => id === input.decisionId))
    return changing(world, ticket?.id ?? '', (one) => undo(world, one, input.decisionId))
  },
  saveTopicAlert: ({ input }: Of<{ id?: string | null; keywords: string[]; scope?: 'MINE' | 'TEAM' | 'TENANT' }>) => {
    const keywords = input.keywords.map((word) => word.trim()).filter(Boolean)
    if (keywords.length === 0) return refusal('REQUIRED', 'At least one word.', ['input', 'keywords'])
    const alert = { id: input.id ?? world.newId('alert'), keywords, scope: input.scope ?? ('MINE' as const) }
    world.topicAlerts = [...world.topicAlerts.filter(({ id }) => id !== alert.id), alert]
    return { topicAlert: viewAlert(world, alert), userErrors: [] }
  },
  deleteTopicAlert: ({ input }: Identified) => {
    world.topicAlerts = world.topicAlerts.filter(({ id }) => id !== input.id)
    return { deletedId: input.id, userErrors: [] }
  },
  setAgentStatus: ({ input }: Of<{ id?: string | null; status: 'ONLINE'; acceptsNewTickets?: boolean | null }>) => {
    const agent = byId(world.agents, input.id ?? meId)
    if (!agent) return refusal('NOT_FOUND', 'There is no such agent.')
    agent.status = input.status
    agent.acceptsNewTickets = input.acceptsNewTickets ?? agent.acceptsNewTickets
    return { agent: viewAgent(world, agent.id), userErrors: [] }
  },
  markNotificationsRead: ({ input }: Of<{ ids: string[] }>) => {
    for (const one of world.notifications) if (input.ids.includes(one.id)) one.readAt ??= world.now()
    return { deletedId: null, userErrors: [] }
  },
  setPresence: { viewers: [], userErrors: [] },
  recordDraftUse: { deletedId: null, userErrors: [] },
  recordOutcome: { accepted: 1, updated: 0, duplicates: 0, userErrors: [] },
})

function setStatus(world: World, ticket: TicketRecord, status: TicketStatus, waitingOn?: WaitingOn | null): Change {
  const from = ticket.status
  ticket.status = status
  ticket.waitingOn = status === 'PENDING' ? (waitingOn ?? 'CUSTOMER') : null
  ticket.closedAt = status === 'CLOSED' ? world.now() : null
  ticket.snoozedUntil = null
  return changed('STATUS_CHANGED', 'status', from, status)
}

function assign(ticket: TicketRecord, agentId: string | null): Change {
  const from = ticket.assigneeId
  ticket.assigneeId = agentId
  return changed(agentId === null ? 'UNASSIGNED' : 'ASSIGNED', 'assignee', from, agentId)
}

type Edited = {
  id: string
  subject?: string | null
  priority?: TicketPriority | null
  queueId?: string | null
  category?: string | null
}

function edit(ticket: TicketRecord, { subject, priority, queueId, category }: Edited): Change {
  const from = ticket.priority
  ticket.subject = subject ?? ticket.subject
  ticket.priority = priority ?? ticket.priority
  ticket.queueId = queueId === undefined ? ticket.queueId : queueId
  ticket.category = category ?? ticket.category
  return priority ? changed('PRIORITY_CHANGED', 'priority', from, priority) : { type: 'TICKET_UPDATED' }
}

function undo(world: World, ticket: TicketRecord, decisionId: string): Change | object {
  const decision = byId(ticket.decisions, decisionId)
  if (!decision || decision.undoneAt !== null)
    return refusal('CONFLICT', 'It is undone already.', ['input', 'decisionId'])
  decision.undoneAt = world.now()
  if (decision.field === 'TAG') ticket.tags = ticket.tags.filter(({ name }) => name !== decision.to)
  if (decision.field === 'PRIORITY') ticket.priority = (decision.from as TicketPriority | null) ?? 'NORMAL'
  return changed('DECISION_UNDONE', decision.field.toLowerCase(), decision.to, decision.from)
}
