import type { Ticket, TopicAlert } from '../../generated/prisma/client.ts'
import { keywordsToLookFor } from '../alerts/keywords.ts'
import type { Loaders } from '../loaders.ts'
import { explain, explainTotal } from './explain.ts'
import { components, totalOf, type Component, type Formula } from './score.ts'

type Optional<T> = T | null | undefined

export type SmartScore = {
  total: number
  components: (Component & { explanation: string })[]
  formula: Formula
  explanation: string
  insightAsOf: Date | null
}

/** A ticket's score now, with all that it is made of. */
export async function smartScore(
  loaders: Loaders,
  ticket: Ticket,
  topicAlerts: Optional<readonly string[]>,
  now: Date,
): Promise<SmartScore> {
  const { formula, tenant } = await loaders.tenantConfig()
  const customer = await loaders.customerById.load(ticket.customerId)
  const facts = {
    ...ticket,
    churnRisk: customer.churnRisk,
    lifetimeValue: customer.lifetimeValue === null ? null : Number(customer.lifetimeValue),
  }
  const parts = components(facts, formula, now, await matchesTopicAlert(loaders, ticket, topicAlerts, now))
  const total = totalOf(parts)
  const circumstances = { facts, now, currencyCode: tenant.currencyCode }
  return {
    total,
    components: parts.map((part) => ({ ...part, explanation: explain(part, circumstances) })),
    formula,
    explanation: explainTotal(total, parts),
    insightAsOf: customer.insightAt,
  }
}

/** Whether one of the keywords occurs in subject or messages: those given, or those of the viewer's alerts. */
export async function matchesTopicAlert(
  loaders: Loaders,
  ticket: Ticket,
  topicAlerts: Optional<readonly string[]>,
  now: Date,
): Promise<boolean> {
  const keywords = topicAlerts ? keywordsToLookFor(topicAlerts) : await keywordsInForce(loaders, now)
  return loaders.ticketsAbout(keywords).load(ticket.id)
}

export const topicAlertsOf = (loaders: Loaders, now: Date): Promise<TopicAlert[]> => loaders.alertsInForce(now)

export async function keywordsInForce(loaders: Loaders, now: Date): Promise<string[]> {
  const alerts = await topicAlertsOf(loaders, now)
  return [...new Set(alerts.flatMap(({ keywords }) => keywords))]
}
