import type { Order, OrderItem, Shipment } from '../../../generated/prisma/client.ts'
import type { Loaders } from '../../loaders.ts'
import { money } from '../../orders/money.ts'
import type { Triage } from '../../triage/triage.ts'
import type { OrderFact } from '../situation.ts'
import { namedAmong, numbersIn } from './named.ts'
import type { ToldConversation } from './told.ts'

/** So many of a customer's newest orders are looked through. */
export const lookedThrough = 100
const mostRelevant = 5
const recentMs = 90 * 86_400_000

type Placed = { externalId: string; placedAt: Date; status: string }
type About = { conversation: Pick<ToldConversation, 'subject' | 'turns'>; triage: Triage | null; now: Date }
export type Relevant<T> = { orders: T[]; isNamed: boolean }

/**
 * Orders that a conversation is about, at most 5: those it names, in the order of their age, else the likeliest: recent ones (90 days) under way,
 * then delivered, then cancelled; then older ones. Newest first. Pure.
 */
export function relevantAmong<T extends Placed>(
  orders: readonly T[],
  { conversation, triage, now }: About,
): Relevant<T> {
  const said = conversation.turns.map(({ content }) => content)
  const entities = (triage?.entities ?? []).flatMap(({ kind, text }) => (kind === 'ORDER_NUMBER' ? [text] : []))
  const newestFirst = orders.toSorted((a, b) => b.placedAt.getTime() - a.placedAt.getTime())
  const named = namedAmong(newestFirst, numbersIn([conversation.subject, ...said].join('\n'), entities))
  if (named.length > 0) return { orders: named.slice(0, mostRelevant), isNamed: true }
  const rank = (order: T) => likelihood(order, now)
  return { orders: newestFirst.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostRelevant), isNamed: false }
}

/** The lower, the likelier. */
function likelihood({ status, placedAt }: Placed, now: Date): number {
  if (now.getTime() - placedAt.getTime() > recentMs) return 3
  if (status === 'CANCELLED') return 2
  return status === 'DELIVERED' || status === 'RETURNED' ? 1 : 0
}

/** A customer's orders, the newest hundred; many customers' are loaded together. */
export const ordersOf = (loaders: Loaders, customerId: string): Promise<Order[]> =>
  loaders.newestOrders(lookedThrough).load(customerId)

/** Orders as a generator is given them; those of many situations are loaded together. */
export const orderFacts = (loaders: Loaders, orders: readonly Order[]): Promise<OrderFact[]> =>
  Promise.all(
    orders.map(async (order) => {
      const [items, shipments] = await Promise.all([
        loaders.itemsByOrder.load(order.id),
        loaders.shipmentsByOrder.load(order.id),
      ])
      return factOf(order, items, shipments)
    }),
  )

function factOf(order: Order, items: readonly OrderItem[], shipments: readonly Shipment[]): OrderFact {
  const { id, externalId, placedAt, status, total, refunded, currencyCode } = order
  return {
    ...{ id, externalId, placedAt },
    status: status as OrderFact['status'],
    total: money(total, currencyCode),
    refunded: refunded && money(refunded, currencyCode),
    items: items.map(({ sku, title, quantity, unitPrice }) => ({
      ...{ sku, title, quantity },
      unitPrice: money(unitPrice, currencyCode),
    })),
    shipments: shipments.map(({ line, carrier, trackingNumber, status, updatedAt }) => ({
      ...{ carrier, trackingNumber, status, updatedAt },
      id: `${id}:${line}`,
    })),
  }
}
