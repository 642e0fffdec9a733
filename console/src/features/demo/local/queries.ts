import { figures } from './figures.ts'
import { page } from './lists.ts'
import { office } from './office.ts'
import type { CustomerRecord, TicketRecord } from './records.ts'
import { matchesAlert, scoreOf } from './score.ts'
import { byId, iso, meId, type World } from './world.ts'
import { viewAgent, viewCustomer, viewer, viewTicket } from './view.ts'

export type Filter = {
  status?: string[] | null
  channel?: string[] | null
  priority?: string[] | null
  assigneeId?: string | null
  queueId?: string | null
  customerId?: string | null
  tag?: string | null
  category?: string | null
  unassigned?: boolean | null
}
type Paged = { first?: number | null; after?: string | null }
type Asked = Paged & { filter?: Filter | null }

/** Whether a ticket fits what was asked for. */
export function fits(ticket: TicketRecord, filter: Filter | null | undefined): boolean {
  if (!filter) return true
  const { status, channel, priority, assigneeId, queueId, customerId, tag, category, unassigned } = filter
  return (
    (!status || status.includes(ticket.status)) &&
    (!channel || channel.includes(ticket.channel)) &&
    (!priority || priority.includes(ticket.priority)) &&
    (!assigneeId || ticket.assigneeId === assigneeId) &&
    (!queueId || ticket.queueId === queueId) &&
    (!customerId || ticket.customerId === customerId) &&
    (!tag || ticket.tags.some(({ name }) => name === tag)) &&
    (!category || ticket.category === category) &&
    (!unassigned || ticket.assigneeId === null)
  )
}

/** Whether a ticket waits for somebody here. */
export const isInInbox = (ticket: TicketRecord): boolean => ticket.status === 'OPEN' && ticket.snoozedUntil === null

function inbox(world: World, { filter, topicAlerts, ...asked }: Asked & { topicAlerts?: string[] | null }) {
  const alerts = topicAlerts ?? world.topicAlerts.flatMap(({ keywords }) => keywords)
  const now = world.now()
  const scored = world.tickets
    .filter((ticket) => (filter?.status ? true : isInInbox(ticket)) && fits(ticket, filter))
    .map((ticket) => ({
      ticket,
      score: scoreOf({ ticket, customer: byId(world.customers, ticket.customerId) as CustomerRecord, alerts, now }),
    }))
    .toSorted((a, b) => b.score - a.score || a.ticket.number - b.ticket.number)
  return {
    ...page(
      scored.map(({ ticket }) => viewTicket(world, ticket)),
      asked,
    ),
    asOf: world.cursor(),
  }
}

/** Words in a ticket, its customer or its number; what was found is marked. */
function search(world: World, { query, filter, ...asked }: Asked & { query: string }) {
  const word = query.trim().toLowerCase()
  const found = world.tickets
    .filter((ticket) => fits(ticket, filter))
    .flatMap((ticket) => {
      const customer = byId(world.customers, ticket.customerId)
      const texts = [
        ticket.subject,
        `${customer?.name} · ${customer?.email}`,
        ...ticket.messages.map(({ content }) => content),
      ]
      const text = texts.find((one) => one.toLowerCase().includes(word))
      return text === undefined || word === '' ? [] : [{ ticket, text }]
    })
  const shown = page(found, asked)
  return {
    pageInfo: shown.pageInfo,
    nodes: shown.nodes.map(({ ticket }) => viewTicket(world, ticket)),
    edges: shown.edges.map(({ node, cursor }) => ({
      cursor,
      rank: 1,
      highlight: marked(node.text, word),
      node: viewTicket(world, node.ticket),
    })),
  }
}

function marked(text: string, word: string): string {
  const at = text.toLowerCase().indexOf(word)
  return `${text.slice(0, at)}<mark>${text.slice(at, at + word.length)}</mark>${text.slice(at + word.length)}`
}

export const viewNotification = (world: World, one: World['notifications'][number]) => {
  const ticket = byId(world.tickets, one.ticketId)
  return { ...one, createdAt: iso(one.createdAt), readAt: iso(one.readAt), ticket: ticket && viewTicket(world, ticket) }
}

export const viewAlert = (world: World, { id, keywords, scope }: World['topicAlerts'][number]) => ({
  id,
  keywords,
  scope,
  expiresAt: null,
  createdBy: viewAgent(world, meId),
  matching: world.tickets.filter((ticket) => isInInbox(ticket) && matchesAlert(ticket, keywords)).length,
})

export const queries = (world: World) => ({
  viewer: () => viewer(world),
  inbox: (asked: Asked) => inbox(world, asked),
  tickets: ({ filter, ...asked }: Asked) =>
    page(
      world.tickets.filter((ticket) => fits(ticket, filter)).map((ticket) => viewTicket(world, ticket)),
      asked,
    ),
  ticket: ({ id }: { id: string }) => shown(world, byId(world.tickets, id)),
  ticketByNumber: ({ number }: { number: number }) =>
    shown(world, world.tickets.find((one) => one.number === number) ?? null),
  searchTickets: (asked: Asked & { query: string }) => search(world, asked),
  customer: ({ id }: { id: string }) => viewCustomer(world, id),
  customerInsight: ({ customerId }: { customerId: string }) => viewCustomer(world, customerId),
  customers: ({ query, ...asked }: Paged & { query?: string | null }) =>
    page(
      world.customers
        .filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes((query ?? '').trim().toLowerCase()))
        .map(({ id }) => viewCustomer(world, id)),
      asked,
    ),
  notifications: ({ unreadOnly, ...asked }: Paged & { unreadOnly?: boolean | null }) => ({
    ...page(
      world.notifications
        .filter(({ readAt }) => !unreadOnly || readAt === null)
        .map((one) => viewNotification(world, one)),
      asked,
    ),
    unreadCount: world.notifications.filter(({ readAt }) => readAt === null).length,
  }),
  topicAlerts: () => world.topicAlerts.map((one) => viewAlert(world, one)),
  suggestedTopicAlerts: [
    { keyword: 'refund', matching: 5, baseline: 1.2, explanation: 'Five open tickets say it; usually it is one.' },
    { keyword: 'broken', matching: 4, baseline: 0.4, explanation: 'Four open tickets say it; usually it is none.' },
  ],
  ...office(world),
  ...figures(world),
})

const shown = (world: World, ticket: TicketRecord | null) => ticket && viewTicket(world, ticket)
