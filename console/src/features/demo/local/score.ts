import type { ScoreComponentName } from '../../../graph/generated/schema.ts'
import type { CustomerRecord, TicketRecord } from './records.ts'
import { nextBreachOf, waitingSince } from './sla.ts'
import { iso } from './world.ts'

const weights: Record<ScoreComponentName, number> = {
  CHURN_RISK: 3,
  CUSTOMER_VALUE: 2,
  URGENCY: 1.5,
  AGE: 1.5,
  DIFFICULTY: -0.5,
  SENTIMENT: 1,
  SLA_PRESSURE: 2.5,
  TOPIC_ALERT: 5,
}
const urgency = { URGENT: 1, HIGH: 0.6, NORMAL: 0.25, LOW: 0 }
const hourMs = 3_600_000

export type Scored = { ticket: TicketRecord; customer: CustomerRecord; alerts: readonly string[]; now: number }

export const matchesAlert = (ticket: TicketRecord, words: readonly string[]): boolean => {
  const text = [ticket.subject, ...ticket.messages.map(({ content }) => content)].join(' ').toLowerCase()
  return words.some((word) => word.trim() !== '' && text.includes(word.trim().toLowerCase()))
}

/** What each component sees, 0 to 1, and what it says. */
function inputs({ ticket, customer, alerts, now }: Scored): Record<ScoreComponentName, readonly [number, string]> {
  const hours = (now - (waitingSince(ticket) ?? now)) / hourMs
  const breach = nextBreachOf(ticket)
  const left = breach === null ? Infinity : (breach - now) / hourMs
  const isAlert = matchesAlert(ticket, alerts)
  return {
    CHURN_RISK: [customer.churn, `${Math.round(customer.churn * 100)} % likely to leave`],
    CUSTOMER_VALUE: [Math.min(1, customer.ltv / 1_500), `worth ${customer.ltv} USD over the next year`],
    URGENCY: [urgency[ticket.priority], `${ticket.priority.toLowerCase()} priority`],
    AGE: [Math.min(1, hours / 24), hours < 1 ? 'waits for less than an hour' : `waits for ${Math.round(hours)} h`],
    DIFFICULTY: [ticket.topic.difficulty, ticket.topic.difficulty < 0.3 ? 'quickly done' : 'takes some work'],
    SENTIMENT: [
      Math.max(0, -ticket.topic.sentiment),
      ticket.topic.sentiment < -0.5 ? 'the customer is upset' : 'a calm tone',
    ],
    SLA_PRESSURE: [
      left <= 0 ? 1 : Math.max(0, 1 - left / 8),
      left <= 0 ? 'its promise is broken' : 'its promise is near',
    ],
    TOPIC_ALERT: [isAlert ? 1 : 0, isAlert ? 'fits a topic alert' : 'fits no topic alert'],
  }
}

export function scoreOf(scored: Scored): number {
  const seen = inputs(scored)
  return (Object.keys(weights) as ScoreComponentName[]).reduce((sum, name) => sum + weights[name] * seen[name][0], 0)
}

export function viewScore(scored: Scored) {
  const seen = inputs(scored)
  const components = (Object.keys(weights) as ScoreComponentName[]).map((name) => {
    const [input, explanation] = seen[name]
    return { name, input, weight: weights[name], points: round(weights[name] * input), explanation }
  })
  const leading = components.toSorted((a, b) => b.points - a.points).slice(0, 2)
  return {
    total: round(components.reduce((sum, { points }) => sum + points, 0)),
    components,
    explanation: leading.map(({ explanation }) => explanation).join(', '),
    insightAsOf: iso(scored.now - hourMs),
    formula: { version: 'demo-1', ageCurve: 'INVERSE_HOURS', weights },
  }
}

const round = (value: number) => Math.round(value * 100) / 100
