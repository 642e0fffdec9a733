import { expect } from 'vitest'
import type { TestAgent } from './kit.ts'

type Ticket = {
  id: string
  createdAt: Date
  firstRepliedAt: Date | null
  closedAt: Date | null
  channel: string
  intent: string | null
  assigneeId: string | null
  isDemo: boolean
  mergedIntoId: string | null
}
type Message = {
  ticketId: string
  fromAgent: boolean
  authorAgentId: string | null
  isAutomatic: boolean
  deliveryStatus: string | null
  createdAt: Date
}
type Answer = { tenantId: string; ticketId: string; score: number; agentId: string | null; answeredAt: Date }
type Draft = { ticketId: string | null; outcome: string; intent: string | null; createdAt: Date }
type Event = {
  type: string
  ticketId: string
  occurredAt: Date
  payload: {
    view: { assigneeId: string | null; isDemo: boolean }
    changes: { field: string; from: unknown }[]
    data?: { metric: string }
  }
}

/** Equal but for the last digits, in which PostgreSQL and this may round differently. */
const close = (value: number | null): number | null => (value === null ? null : (expect.closeTo(value, 4) as number))

/** The rows that a report is about, as they were written. */
export type World = {
  tickets: Ticket[]
  messages: Message[]
  satisfactions: Answer[]
  drafts: Draft[]
  events: Event[]
}

const mean = (values: number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const pair = Number.isInteger(middle)
    ? sorted.slice(middle - 1, middle + 1)
    : sorted.slice(middle - 0.5, middle + 0.5)
  return close(mean(pair))
}

const share = (part: number, all: number): number | null => (all === 0 ? null : close(part / all))

/** The same report, counted row by row. */
export function reportOf(
  world: World,
  agents: readonly TestAgent[],
  range: { from: string; to: string; timeZone: string; withDemo: boolean },
) {
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)]
  const isIn = (at: Date | null): at is Date => at !== null && at.getTime() >= from && at.getTime() < to
  const isReal = (isDemo: boolean): boolean => range.withDemo || !isDemo
  const ticketOf = (id: string | null) => world.tickets.find((ticket) => ticket.id === id)
  const dayOf = (at: Date): string => at.toLocaleDateString('sv-SE', { timeZone: range.timeZone })
  const tickets = world.tickets.filter(({ isDemo }) => isReal(isDemo))
  const opened = tickets.filter(({ createdAt }) => isIn(createdAt))
  const closed = tickets.filter(({ closedAt, mergedIntoId }) => isIn(closedAt) && mergedIntoId === null)
  const waits = (of: readonly Ticket[]) =>
    of.flatMap(({ createdAt, firstRepliedAt }) =>
      firstRepliedAt && firstRepliedAt > createdAt ? (firstRepliedAt.getTime() - createdAt.getTime()) / 1_000 : [],
    )
  const events = world.events.filter(({ occurredAt, payload }) => isIn(occurredAt) && isReal(payload.view.isDemo))
  const ended = (type: string, which: (event: Event) => boolean) =>
    events.filter((event) => event.type === type && which(event)).length
  const answers = world.satisfactions.filter((one) => isIn(one.answeredAt) && isReal(ticketOf(one.ticketId)!.isDemo))
  const replies = world.messages.filter(
    ({ fromAgent, isAutomatic, deliveryStatus, createdAt, ticketId }) =>
      fromAgent &&
      !isAutomatic &&
      deliveryStatus !== 'RECALLED' &&
      isIn(createdAt) &&
      isReal(ticketOf(ticketId)!.isDemo),
  )
  const firsts = replies.filter(({ ticketId, createdAt }) => {
    const ticket = ticketOf(ticketId)!
    return createdAt > ticket.createdAt && createdAt.getTime() === ticket.firstRepliedAt?.getTime()
  })
  const drafts = world.drafts.filter((one) => isIn(one.createdAt) && isReal(ticketOf(one.ticketId)?.isDemo ?? false))
  const intentOf = ({ ticketId, intent }: { ticketId: string | null; intent?: string | null }): string =>
    intent ?? ticketOf(ticketId)?.intent ?? 'unknown'
  const funnel = (intent: string | null) => {
    const own = drafts.filter((one) => intent === null || intentOf(one) === intent)
    const count = (...outcomes: string[]) => own.filter(({ outcome }) => outcomes.includes(outcome)).length
    const resolved = own.filter(({ outcome, ticketId, createdAt }) => {
      const closedAt = ticketOf(ticketId)?.closedAt
      return outcome.startsWith('SENT') && closedAt && closedAt >= createdAt
    })
    return {
      eligible: firsts.filter((one) => intent === null || intentOf(one) === intent).length,
      shown: own.length,
      inserted: count('INSERTED', 'SENT_UNCHANGED', 'SENT_EDITED'),
      sentUnchanged: count('SENT_UNCHANGED'),
      sentEdited: count('SENT_EDITED'),
      resolved: resolved.length,
    }
  }
  const days: string[] = []
  for (let at = from; at < to; at += 900_000) if (days.at(-1) !== dayOf(new Date(at))) days.push(dayOf(new Date(at)))
  const isOf = (agentId: string) => (event: Event) => event.payload.view.assigneeId === agentId
  const scores = answers.map(({ score }) => score)
  return {
    created: opened.length,
    closed: closed.length,
    reopened: new Set(
      events
        .filter(
          ({ type, payload }) => type === 'STATUS_CHANGED' && payload.changes.some((one) => one.from === 'CLOSED'),
        )
        .map(({ ticketId }) => ticketId),
    ).size,
    medianFirstResponseSeconds: median(waits(opened)),
    medianResolutionSeconds: median(
      closed.map(({ createdAt, closedAt }) => (closedAt!.getTime() - createdAt.getTime()) / 1_000),
    ),
    slaAttainment: ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'REQUESTER_WAIT', 'AGENT_WORK', 'RESOLUTION'].map((metric) => {
      const of = (event: Event) => event.payload.data?.metric === metric
      const [achieved, breached] = [ended('SLA_ACHIEVED', of), ended('SLA_BREACHED', of)]
      return { metric, achieved, breached, rate: share(achieved, achieved + breached) }
    }),
    satisfaction: {
      answered: answers.length,
      average: close(mean(scores)),
      positiveShare: share(scores.filter((score) => score >= 4).length, scores.length),
    },
    series: days.map((date) => {
      const own = opened.filter(({ createdAt }) => dayOf(createdAt) === date)
      return {
        date,
        created: own.length,
        closed: closed.filter(({ closedAt }) => dayOf(closedAt!) === date).length,
        medianFirstResponseSeconds: median(waits(own)),
      }
    }),
    byAgent: agents.flatMap(({ id }) => {
      const [achieved, breached] = [ended('SLA_ACHIEVED', isOf(id)), ended('SLA_BREACHED', isOf(id))]
      const row = {
        agent: { id },
        replied: replies.filter(({ authorAgentId }) => authorAgentId === id).length,
        closed: closed.filter(({ assigneeId }) => assigneeId === id).length,
        medianFirstResponseSeconds: median(
          waits(firsts.filter((one) => one.authorAgentId === id).map(({ ticketId }) => ticketOf(ticketId)!)),
        ),
        slaRate: share(achieved, achieved + breached),
        satisfaction: close(mean(answers.filter(({ agentId }) => agentId === id).map(({ score }) => score))),
      }
      const didNothing = row.replied + row.closed + achieved + breached === 0 && row.satisfaction === null
      return didNothing ? [] : [row]
    }),
    byChannel: ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'].flatMap((channel) => {
      const count = opened.filter((one) => one.channel === channel).length
      return count === 0 ? [] : [{ channel, count }]
    }),
    draftFunnel: {
      total: funnel(null),
      byIntent: [...new Set([...firsts.map((one) => intentOf({ ticketId: one.ticketId })), ...drafts.map(intentOf)])]
        .toSorted()
        .map((intent) => ({ intent, counts: funnel(intent) })),
    },
  }
}
