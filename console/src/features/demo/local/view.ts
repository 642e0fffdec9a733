import { viewDraft, viewPlan } from './draft.ts'
import { money, spentOf, viewInsight } from './insight.ts'
import { page } from './lists.ts'
import { queues, teams } from './office.ts'
import type { CustomerRecord, EventRecord, MessageRecord, TicketRecord } from './records.ts'
import { matchesAlert, viewScore } from './score.ts'
import { nextBreachOf, viewClocks } from './sla.ts'
import { tenant } from './tenant.ts'
import { viewTriage } from './triage.ts'
import { viewOrder } from './view-order.ts'
import { byId, iso, meId, type World } from './world.ts'

type Paged = { first?: number | null; after?: string | null }
const model = { __typename: 'SystemActor', kind: 'MODEL', name: 'Quimbi' }

/** Records as the graph shows them. What is costly, or leads on, is a function: it is asked for only where it is selected. */
export function viewer(world: World) {
  return {
    agent: () => viewAgent(world, meId),
    permissions: [
      ...[
        'ticket:read_own',
        'ticket:update_own',
        'ticket:take',
        'ticket:read_all',
        'ticket:update_all',
        'ticket:assign',
      ],
      ...['ticket:delete', 'customer:write', 'customer:erase', 'agent:own_status', 'agent:update', 'agent:manage'],
      ...['config:read', 'config:write', 'audit:read', 'report:read'],
    ],
    tenant: tenant(),
  }
}

export function viewAgent(world: World, id: string | null): object | null {
  const agent = byId(world.agents, id)
  if (!agent) return null
  const own = world.tickets.filter(({ assigneeId }) => assigneeId === agent.id)
  const open = own.filter(({ status }) => status === 'OPEN').length
  return {
    __typename: 'Agent',
    ...agent,
    isActive: true,
    createdAt: iso(world.now() - 400 * 86_400_000),
    teams: () => teams(world),
    workload: {
      open,
      pending: own.filter(({ status }) => status === 'PENDING').length,
      spare: Math.max(0, agent.capacity - open),
    },
  }
}

export function viewCustomer(world: World, id: string): object | null {
  const customer = byId(world.customers, id)
  if (!customer) return null
  const now = world.now()
  const own = () => world.tickets.filter(({ customerId }) => customerId === id)
  return {
    __typename: 'Customer',
    ...customer,
    orders: (asked: Paged) => page(customer.orders.map(viewOrder), asked),
    createdAt: iso(customer.createdAt),
    externalRefs: [{ source: 'demo-shop', id }],
    sourceRefs: [{ source: 'demo-shop', id }],
    preferredChannel: 'EMAIL',
    lastContactAt: () => iso(Math.max(...own().map(({ updatedAt }) => updatedAt), customer.createdAt)),
    openTicketCount: () => own().filter(({ status }) => status === 'OPEN').length,
    tickets: (asked: Paged) =>
      page(
        own().map((ticket) => viewTicket(world, ticket)),
        asked,
      ),
    summary: {
      text: `${customer.name} has ordered ${customer.orders.length} times for ${spentOf(customer)} USD.`,
      generatedAt: iso(now),
      generator: 'demo',
      citations: [],
    },
    explainBehavior: ({ question }: { question: string }) => ({
      text: `About “${question}”: in this demo the numbers are made up, but steady.`,
      generatedAt: iso(now),
      generator: 'demo',
      citations: [],
    }),
    personalizedOffer: {
      kind: 'PERCENT',
      percent: 10,
      amount: null,
      expectedCost: money(8),
      expectedValue: money(customer.ltv * 0.1),
      explanation: 'Ten per cent on the next order has kept customers like this one.',
    },
    optimalContact: { at: iso(now + 5 * 3_600_000), channel: 'EMAIL', explanation: 'Reads e-mail in the afternoon.' },
    ...viewInsight(customer, now),
  }
}

export function viewMessage(world: World, message: MessageRecord): object {
  const { authorId, fromAgent, undoUntil, createdAt } = message
  const author = fromAgent ? viewAgent(world, authorId) : viewCustomer(world, authorId)
  const named = author as { name: string; email: string } | null
  const isHeld = undoUntil !== null && undoUntil > world.now()
  return {
    ...message,
    createdAt: iso(createdAt),
    editedAt: null,
    contentHtml: null,
    author,
    authorName: named?.name ?? 'Unknown',
    authorEmail: named?.email ?? null,
    attachments: [],
    inReplyTo: null,
    delivery: fromAgent
      ? {
          status: isHeld ? 'HELD' : 'SENT',
          attempts: isHeld ? 0 : 1,
          lastError: null,
          undoUntil: isHeld ? iso(undoUntil) : null,
        }
      : null,
    ticket: () => {
      const ticket = byId(world.tickets, message.ticketId)
      return ticket && viewTicket(world, ticket)
    },
  }
}

export function viewEvent(world: World, event: EventRecord, ticket: TicketRecord): object {
  const message = byId(ticket.messages, event.messageId)
  const note = byId(ticket.notes, event.noteId)
  return {
    ...event,
    occurredAt: iso(event.occurredAt),
    causedBy: null,
    actor:
      event.actorId === null ? model : (viewAgent(world, event.actorId) ?? viewCustomer(world, event.actorId) ?? model),
    ticket: () => viewTicket(world, ticket),
    message: message && viewMessage(world, message),
    note: note && viewNote(world, ticket, note),
  }
}

export const viewNote = (world: World, ticket: TicketRecord, note: TicketRecord['notes'][number]) => ({
  ...note,
  createdAt: iso(note.createdAt),
  author: viewAgent(world, note.authorId),
  mentions: note.mentionIds.map((id) => viewAgent(world, id)).filter(Boolean),
  ticket: () => viewTicket(world, ticket),
})

export function viewTicket(world: World, ticket: TicketRecord): object {
  const now = world.now()
  const customer = byId(world.customers, ticket.customerId) as CustomerRecord
  const said = ticket.messages.filter(({ isRecalled }) => !isRecalled)
  const last = said.at(-1)
  const alerts = (given?: string[] | null) => given ?? world.topicAlerts.flatMap(({ keywords }) => keywords)
  type Alerted = { topicAlerts?: string[] | null }
  return {
    ...ticket,
    isDemo: true,
    mergedInto: null,
    externalRef: null,
    resolution: null,
    satisfaction: null,
    team: null,
    createdAt: iso(ticket.createdAt),
    updatedAt: iso(ticket.updatedAt),
    closedAt: iso(ticket.closedAt),
    snoozedUntil: iso(ticket.snoozedUntil),
    followUpAt: iso(ticket.followUpAt),
    nextBreachAt: iso(nextBreachOf(ticket)),
    conversationRevision: String(ticket.revision),
    customerSentiment: ticket.topic.sentiment,
    estimatedDifficulty: ticket.topic.difficulty,
    customer: () => viewCustomer(world, ticket.customerId),
    assignee: () => viewAgent(world, ticket.assigneeId),
    queue: () => byId(queues(world), ticket.queueId),
    escalation: ticket.escalation && {
      at: iso(ticket.escalation.at),
      level: 1,
      reason: ticket.escalation.reason,
      by: viewAgent(world, meId),
    },
    lastMessage: last ? viewMessage(world, last) : null,
    messages: (asked: Paged) =>
      page(
        said.map((message) => viewMessage(world, message)),
        asked,
      ),
    notes: (asked: Paged) =>
      page(
        ticket.notes.map((note) => viewNote(world, ticket, note)),
        asked,
      ),
    events: (asked: Paged) =>
      page(
        ticket.events.map((event) => viewEvent(world, event, ticket)),
        asked,
      ),
    tags: ticket.tags.map(({ name, byModel, confidence }) => ({
      name,
      confidence,
      addedBy: byModel ? model : viewAgent(world, meId),
    })),
    decisions: ticket.decisions.map((one) => ({
      ...one,
      madeBy: model,
      madeAt: iso(one.madeAt),
      undoneAt: iso(one.undoneAt),
      evidence: [ticket.topic.says.slice(0, 60)],
    })),
    assignments: ticket.assigneeId
      ? [
          {
            agent: viewAgent(world, ticket.assigneeId),
            assignedAt: iso(ticket.createdAt),
            endedAt: null,
            explanation: 'The best fit by skill and load.',
            strategy: 'BEST_FIT',
          },
        ]
      : [],
    actionItems: ticket.actions.map((one) => ({
      ...one,
      completedAt: iso(one.completedAt),
      completedBy: one.completedAt === null ? null : viewAgent(world, meId),
    })),
    sla: () => viewClocks(ticket, now),
    smartScore: ({ topicAlerts }: Alerted) => viewScore({ ticket, customer, alerts: alerts(topicAlerts), now }),
    matchesTopicAlert: ({ topicAlerts }: Alerted) => matchesAlert(ticket, alerts(topicAlerts)),
    draft: (wish: { tone?: string | null; length?: string | null }) => viewDraft(ticket, customer, now, wish),
    nextBestActions: () => viewPlan(ticket, customer, now),
    relevantOrders: () => customer.orders.slice(0, 2).map(viewOrder),
    similarTickets: ({ first }: { first?: number | null }) =>
      world.tickets
        .filter((one) => one.id !== ticket.id && one.topic === ticket.topic)
        .slice(0, first ?? 5)
        .map((one) => viewTicket(world, one)),
    triage: () => viewTriage(ticket, customer),
    viewers: [],
  }
}
