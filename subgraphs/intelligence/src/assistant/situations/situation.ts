import type { Asking } from '../../advice/subject.ts'
import { readConversation } from '../../triage/reader.ts'
import type { Triage } from '../../triage/triage.ts'
import type { Order } from '../../../generated/prisma/client.ts'
import type { CustomerFacts, Situation } from '../situation.ts'
import { knownCustomer } from './customer.ts'
import { ordersFor } from './older-orders.ts'
import { orderFacts, relevantAmong, type Relevant } from './orders.ts'
import { hasSaid, type Told, type ToldConversation } from './told.ts'

/** A ticket's conversation as Support tells it, and whose it is. */
export type ToldTicket = { customerId: string; context: Told }

/** What is known besides what was told: enough to see whether a draft is still as it should be. Not yet the orders' items and parcels. */
export type Surroundings = { customer: CustomerFacts | null; orders: readonly Order[] }

/** All that a generator is given of a ticket. Those of many tickets are loaded together. */
export async function situationOf(asking: Asking, told: ToldTicket): Promise<Situation> {
  return situationIn(asking, told, await surroundingsOf(asking, told))
}

export async function surroundingsOf(asking: Asking, { customerId, context }: ToldTicket): Promise<Surroundings> {
  const [customer, orders] = await Promise.all([
    knownCustomer(asking, customerId, context.isVip),
    ordersFor(asking, customerId, context),
  ])
  return { customer, orders }
}

/** The same, out of what was loaded. */
export async function situationIn(
  { loaders, now }: Pick<Asking, 'loaders' | 'now'>,
  { context }: Pick<ToldTicket, 'context'>,
  { customer, orders }: Surroundings,
): Promise<Situation> {
  const triage = await triageOf(context, now)
  const relevant = relevantAmong(orders, { conversation: context, triage, now })
  const { subject, channel, priority, sentiment, customerName, isVip, locale, agentName, brand, signature } = context
  return {
    ...{ subject, channel, priority, customerName, isVip, locale, agentName, brand, signature, triage, customer, now },
    goal: 'RESOLVE_SUPPORT_ISSUE',
    sentiment: sentiment ?? triage?.sentiment.score ?? null,
    turns: context.turns.map(({ messageId: id, fromAgent, content, createdAt }) => ({
      id,
      fromAgent,
      content,
      createdAt,
    })),
    pastTickets: context.pastTickets,
    policies: context.policies,
    orders: await orderFacts(loaders, relevant.orders),
    isOrderNamed: relevant.isNamed,
  }
}

/** What a conversation is about; null where the customer said nothing. */
export const triageOf = async (conversation: ToldConversation, now: Date): Promise<Triage | null> =>
  hasSaid(conversation) ? readConversation({ ...conversation, now }) : null

/** Orders that a conversation is about. */
export async function relevantOrders(
  asking: Asking,
  customerId: string,
  conversation: ToldConversation,
): Promise<Relevant<Order>> {
  const { now } = asking
  const [orders, triage] = await Promise.all([ordersFor(asking, customerId, conversation), triageOf(conversation, now)])
  return relevantAmong(orders, { conversation, triage, now })
}
