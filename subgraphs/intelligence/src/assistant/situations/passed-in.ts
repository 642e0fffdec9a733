import { subjectOf, type Asking } from '../../advice/subject.ts'
import { behaviorOf } from '../../customers/behavior.ts'
import { money } from '../../orders/money.ts'
import type { CustomerOrder } from '../../orders/types.ts'
import type { PassedIn } from '../../profiles/passed-in.ts'
import type {
  Channel,
  CustomerFacts,
  MessageGoal,
  OrderFact,
  Policy,
  PolicyKind,
  Priority,
  Said,
  Situation,
} from '../situation.ts'
import { checkSituation } from './checks.ts'
import { customerFacts, knownCustomer } from './customer.ts'
import { highValueIn } from './high-value.ts'
import { ordersFor } from './older-orders.ts'
import { orderFacts, relevantAmong } from './orders.ts'
import { triageOf } from './situation.ts'
import type { ToldConversation } from './told.ts'

type Optional<T> = T | null | undefined

/** What GenerateMessageInput and SuggestActionsInput have in common. */
export type PassedInSituation = {
  customerId?: Optional<string>
  profile?: Optional<PassedIn>
  subject?: Optional<string>
  turns?: Optional<readonly { fromAgent: boolean; content: string; createdAt?: Optional<Date> }[]>
  channel?: Optional<Channel>
  priority?: Optional<Priority>
  sentiment?: Optional<number>
  goal?: Optional<MessageGoal>
  customerName?: Optional<string>
  agentName?: Optional<string>
  brand?: Optional<string>
  signature?: Optional<string>
  policies?: Optional<
    readonly {
      kind: PolicyKind
      text: string
      maxCompensation?: Optional<string>
      maxDiscountPercent?: Optional<number>
    }[]
  >
}

/**
 * A situation out of what a caller passes in; nothing of it is stored.
 * @throws UserErrors for what is too long or impossible, NOT_FOUND for an unknown customer, FORBIDDEN for a key without the scope
 */
export async function passedInSituation(asking: Asking, input: PassedInSituation): Promise<Situation> {
  checkSituation(input)
  const { now } = asking
  const conversation: ToldConversation = {
    subject: input.subject ?? '',
    channel: input.channel ?? 'EMAIL',
    turns: (input.turns ?? []).map((turn) => ({ ...turn, createdAt: turn.createdAt ?? now })),
  }
  const triage = await triageOf(conversation, now)
  const { customer, orders, isNamed } = await whoOf(asking, input, {
    conversation,
    pick: (placed) => relevantAmong(placed, { conversation, triage, now }),
  })
  return {
    ...{ triage, customer, orders, now },
    isOrderNamed: isNamed,
    goal: input.goal ?? 'RESOLVE_SUPPORT_ISSUE',
    subject: conversation.subject,
    channel: conversation.channel,
    priority: input.priority ?? 'NORMAL',
    sentiment: input.sentiment ?? triage?.sentiment.score ?? null,
    customerName: input.customerName?.trim() || null,
    isVip: false,
    locale: null,
    agentName: input.agentName?.trim() || null,
    brand: input.brand?.trim() ?? '',
    signature: input.signature?.trim() || null,
    turns: conversation.turns.map((turn, index): Said => ({ ...turn, id: `turn-${index + 1}` })),
    pastTickets: [],
    policies: (input.policies ?? []).map(policyOf),
  }
}

const policyOf = (policy: NonNullable<PassedInSituation['policies']>[number], index: number): Policy => ({
  ...{ id: `policy-${index + 1}`, kind: policy.kind, text: policy.text },
  maxCompensation: policy.maxCompensation ?? null,
  maxDiscountPercent: policy.maxDiscountPercent ?? null,
})

type Placed = { externalId: string; placedAt: Date; status: string }
type Pick = <T extends Placed>(orders: readonly T[]) => { orders: T[]; isNamed: boolean }
type Who = { customer: CustomerFacts | null; orders: readonly OrderFact[]; isNamed: boolean }

async function whoOf(
  asking: Asking,
  { customerId, profile }: PassedInSituation,
  { conversation, pick }: { conversation: ToldConversation; pick: Pick },
): Promise<Who> {
  const { db, viewer, loaders, now } = asking
  if (!customerId && !profile) return { customer: null, orders: [], isNamed: false }
  const { insight } = await subjectOf(asking, { customerId: customerId || null, profile })
  if (!profile) {
    const id = (customerId ?? '').toLowerCase()
    const [customer, orders] = await Promise.all([
      knownCustomer(asking, id, false),
      ordersFor(asking, id, conversation),
    ])
    const relevant = pick(orders)
    return { customer, orders: await orderFacts(loaders, relevant.orders), isNamed: relevant.isNamed }
  }
  const asOf = profile.asOf ?? now
  const placed = profile.orders.filter(({ placedAt }) => placedAt < asOf).map(factOf)
  const behavior = insight.currencyCode === null ? null : behaviorOf(sumsOf(placed), insight.currencyCode, asOf)
  const bounds = await highValueIn(db, viewer.tenantId, now)
  const relevant = pick(placed)
  const facts = customerFacts(profile.customerId, { insight, behavior, bounds, isVip: false })
  return { customer: facts, orders: relevant.orders, isNamed: relevant.isNamed }
}

/** By its own number: it has no other id here. */
function factOf(order: CustomerOrder['order']): OrderFact {
  const { externalId, placedAt, currencyCode, status, total, refunded } = order
  const amount = (value: string) => money(value.includes('.') ? value : `${value}.00`, currencyCode)
  return {
    ...{ id: externalId, externalId, placedAt, status: status ?? 'PAID' },
    total: amount(total),
    refunded: refunded ? amount(refunded) : null,
    items: (order.items ?? []).map(({ sku, title, quantity, unitPrice }) => ({
      ...{ sku, title, quantity },
      unitPrice: amount(unitPrice),
    })),
    shipments: (order.shipments ?? []).map(({ carrier, trackingNumber, status, updatedAt }, index) => ({
      ...{ id: `${externalId}:${index + 1}`, status, updatedAt },
      carrier: carrier ?? null,
      trackingNumber: trackingNumber ?? null,
    })),
  }
}

/** By the rules of the sums over stored orders. */
function sumsOf(orders: readonly OrderFact[]) {
  const kept = orders.filter(({ status }) => status !== 'CANCELLED')
  const counting = kept.filter(({ status, total }) => !(status === 'RETURNED' && Number(total.amount) === 0))
  const sum = (amounts: readonly (string | undefined)[]) =>
    amounts.reduce((whole, amount) => whole + Number(amount ?? 0), 0).toFixed(4)
  const times = counting.map(({ placedAt }) => placedAt.getTime())
  return {
    orders: counting.length,
    gross: sum(kept.map(({ total }) => total.amount)),
    refunded: sum(kept.map(({ refunded }) => refunded?.amount)),
    firstOrderAt: times.length > 0 ? new Date(Math.min(...times)) : null,
    lastOrderAt: times.length > 0 ? new Date(Math.max(...times)) : null,
  }
}
