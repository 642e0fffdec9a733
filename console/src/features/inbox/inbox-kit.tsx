import { act } from '@testing-library/react'
import { vi } from 'vitest'
import { show, type Setting } from '../../../tests/kit.tsx'
import type { InboxRowFragment } from './generated/Inbox.ts'
import { InboxPage } from './page.tsx'
import { keepRows } from './pages.ts'

/** A ticket of a test's inbox: what waits longest stands first, so `daysAgo` is its place. */
export type Told = { number: number; daysAgo: number; subject?: string } & Record<string, unknown>

const start = Date.parse('2026-11-01T00:00:00Z')

export function aTicket({ number, daysAgo, ...given }: Told) {
  const component = (name: string, points: number, input: number | null, weight = 1) => ({
    ...{ name, points, input, weight, explanation: `${name} explained.` },
  })
  return {
    __typename: 'Ticket',
    id: idOf(number),
    number,
    subject: `Subject ${number}`,
    channel: 'EMAIL',
    status: 'OPEN',
    priority: 'URGENT',
    createdAt: new Date(start - daysAgo * 86_400_000).toISOString(),
    nextBreachAt: null,
    matchesTopicAlert: false,
    lastMessage: {
      ...{ id: `message-${number}`, content: `Words ${number}`, fromAgent: false },
      createdAt: '2026-10-01T00:00:00.000Z',
    },
    customer: { id: `customer-${number}`, name: `Customer ${number}`, isVip: false },
    assignee: null,
    queue: null,
    smartScore: {
      total: 6 + daysAgo,
      explanation: 'Some points.',
      insightAsOf: null,
      formula: { version: 'default', ageCurve: 'LINEAR_DAYS', weights: {} },
      components: [
        component('URGENCY', 6, 4),
        component('CHURN_RISK', 0.33, 0.7),
        component('AGE', daysAgo, daysAgo),
        component('TOPIC_ALERT', 0, 0, 5),
      ],
    },
    ...given,
  }
}

export const idOf = (number: number): string => `ticket-${String(number).padStart(3, '0')}`

/** An event of the inbox, with the ticket as it is now. */
export const anEvent = (ticket: Told | null, type = 'RERANKED', ticketId = ticket ? idOf(ticket.number) : '') => ({
  __typename: 'TicketEvent',
  ...{ id: `event-${type}-${ticketId}`, cursor: `cursor-${ticketId}`, type, ticketId },
  ticket: ticket && withTypes(aTicket(ticket)),
})

/** As the server tells entities on a subscription: with the names of their types. */
function withTypes(ticket: ReturnType<typeof aTicket>) {
  const { smartScore, lastMessage, customer } = ticket
  return {
    ...ticket,
    lastMessage: { __typename: 'Message', ...lastMessage },
    customer: { __typename: 'Customer', ...customer },
    smartScore: {
      __typename: 'SmartScore',
      ...smartScore,
      formula: { __typename: 'ScoringFormula', ...smartScore.formula },
      components: smartScore.components.map((one) => ({ __typename: 'ScoreComponent', ...one })),
    },
  }
}

/** An inbox that gives pages of what `tickets` holds then. */
export function anInbox(given: readonly Told[], size = 50) {
  const tickets = [...given]
  const asked: { filter?: Record<string, unknown>; after?: string | null }[] = []
  const inbox = vi.fn((asking: { filter?: Record<string, unknown>; after?: string | null; first: number }) => {
    asked.push(asking)
    const from = asking.after ? Number(asking.after) : 0
    const page = tickets.toSorted((a, b) => b.daysAgo - a.daysAgo).slice(from, from + size)
    const hasNextPage = from + size < tickets.length
    return {
      asOf: 'as-of',
      totalCount: tickets.length,
      edges: page.map((one) => ({ cursor: String(one.number), node: aTicket(one) })),
      pageInfo: { hasNextPage, endCursor: hasNextPage ? String(from + size) : null },
    }
  })
  return { tickets, asked, inbox }
}

export function showInbox(tickets: readonly Told[], { answers, ...setting }: Setting = {}, size?: number) {
  // jsdom has no layout; rows are made for a window of this height.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(900)
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(900)
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 400, 900))
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(400)
  const server = anInbox(tickets, size)
  const shown = show(<InboxPage />, {
    at: '/inbox',
    ...setting,
    answers: {
      inbox: server.inbox,
      queues: [{ id: 'queue-1', name: 'returns', openCount: 4 }],
      topicAlerts: [],
      suggestedTopicAlerts: [],
      ticketByNumber: null,
      ...answers,
    },
  })
  /** As it comes over the wire: its entities are in the cache first. */
  const tell = (event: ReturnType<typeof anEvent>) => {
    const { ticket } = event
    if (ticket) act(() => keepRows(shown.graph.apollo, [ticket as unknown as InboxRowFragment]))
    shown.live.emit('inboxUpdated', event)
  }
  return { ...shown, server, tell }
}
