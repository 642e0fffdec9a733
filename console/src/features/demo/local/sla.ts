import type { SlaMetric, SlaStatus, TicketPriority } from '../../../graph/generated/schema.ts'
import type { TicketRecord } from './records.ts'
import { iso } from './world.ts'

const hour = 3_600
/** Seconds to the first or next reply, and to the end. */
const targets: Record<TicketPriority, { reply: number; resolution: number }> = {
  URGENT: { reply: hour, resolution: 8 * hour },
  HIGH: { reply: 4 * hour, resolution: 24 * hour },
  NORMAL: { reply: 8 * hour, resolution: 48 * hour },
  LOW: { reply: 24 * hour, resolution: 120 * hour },
}
const warnSeconds = 1_800

export type Clock = { metric: SlaMetric; startedAt: number; satisfiedAt: number | null; breachAt: number | null }

const saidOf = ({ messages }: TicketRecord) => messages.filter(({ isRecalled }) => !isRecalled)

/** The clocks of a ticket: the first answer, the next one, the end. */
export function clocksOf(ticket: TicketRecord): Clock[] {
  const { reply, resolution } = targets[ticket.priority]
  const said = saidOf(ticket)
  const answer = said.find(({ fromAgent }) => fromAgent)
  const clocks: Clock[] = [clock('FIRST_RESPONSE', ticket.createdAt, answer?.createdAt ?? null, reply)]
  const asked = waitingSince(ticket)
  if (answer && asked !== null) clocks.push(clock('NEXT_RESPONSE', asked, null, reply))
  return [...clocks, clock('RESOLUTION', ticket.createdAt, ticket.closedAt, resolution)]
}

const clock = (metric: SlaMetric, startedAt: number, satisfiedAt: number | null, seconds: number): Clock => ({
  metric,
  startedAt,
  satisfiedAt,
  breachAt: startedAt + seconds * 1_000,
})

/** Since when the customer has waited for an answer; null where nobody waits. */
export function waitingSince(ticket: TicketRecord): number | null {
  const said = saidOf(ticket)
  const answeredAt = said.findLastIndex(({ fromAgent }) => fromAgent)
  return said[answeredAt + 1]?.createdAt ?? null
}

function statusOf({ satisfiedAt, breachAt }: Clock, ticket: TicketRecord, now: number): SlaStatus {
  if (satisfiedAt !== null) return satisfiedAt <= (breachAt ?? Infinity) ? 'ACHIEVED' : 'BREACHED'
  if (ticket.status === 'PENDING') return 'PAUSED'
  if (breachAt !== null && breachAt <= now) return 'BREACHED'
  return breachAt !== null && breachAt - now <= warnSeconds * 1_000 ? 'IMMINENT_BREACH' : 'PENDING'
}

/** The next instant at which a clock that runs is over. */
export function nextBreachOf(ticket: TicketRecord): number | null {
  if (ticket.status !== 'OPEN') return null
  const running = clocksOf(ticket).flatMap(({ satisfiedAt, breachAt }) =>
    satisfiedAt === null ? (breachAt ?? []) : [],
  )
  return running.length === 0 ? null : Math.min(...running)
}

export function viewClocks(ticket: TicketRecord, now: number) {
  return clocksOf(ticket).map((one) => {
    const { metric, startedAt, satisfiedAt, breachAt } = one
    const status = statusOf(one, ticket, now)
    const until = satisfiedAt ?? now
    const isRunning = satisfiedAt === null && status !== 'PAUSED'
    return {
      metric,
      status,
      startedAt: iso(startedAt),
      satisfiedAt: iso(satisfiedAt),
      breachAt: status === 'PAUSED' ? null : iso(breachAt),
      elapsedSeconds: Math.max(0, Math.round((until - startedAt) / 1_000)),
      explanation: `${ticket.priority.toLowerCase()} priority, around the clock; ${isRunning ? 'it runs' : satisfiedAt === null ? 'it stands while the customer is waited for' : 'it is over'}.`,
      intervals: [
        { from: iso(startedAt), to: satisfiedAt === null ? null : iso(satisfiedAt), counted: true, reason: 'Open' },
      ],
      policy: slaPolicy(),
    }
  })
}

export const slaPolicy = () => ({
  id: 'demo-sla-1',
  name: 'Standard',
  order: 1,
  version: 1,
  isActive: true,
  conditions: {},
  calendar: null,
  targets: (Object.keys(targets) as TicketPriority[]).flatMap((priority) => [
    {
      priority,
      metric: 'FIRST_RESPONSE',
      seconds: targets[priority].reply,
      warnBeforeSeconds: warnSeconds,
      businessHours: false,
    },
    {
      priority,
      metric: 'NEXT_RESPONSE',
      seconds: targets[priority].reply,
      warnBeforeSeconds: warnSeconds,
      businessHours: false,
    },
    {
      priority,
      metric: 'RESOLUTION',
      seconds: targets[priority].resolution,
      warnBeforeSeconds: warnSeconds,
      businessHours: false,
    },
  ]),
})
