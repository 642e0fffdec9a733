import type { Amount, OrderFact, ShipmentFact } from '../situation.ts'
import type { Cite } from '../written.ts'
import { cleanLabel, cleanNumber, cleanTitle } from './clean.ts'
import { dayOf, daysBetween, isoDay } from './dates.ts'
import type { Fact } from './pen.ts'

/** How far an order has come, by its own status and its parcels'. */
export type Stage = 'WAITING' | 'SENT' | 'MOVING' | 'HELD_UP' | 'DELIVERED' | 'RETURNED' | 'CANCELLED'

/** An order in words, each with the record it is of. Null where the record says nothing that can be said. */
export type OrderWords = {
  stage: Stage
  /** "order #10442", or "order of 12 November" */
  name: Fact
  /** "Opal glass lamp and Wool throw" */
  items: Fact | null
  /** the same in parentheses, with a space before; nothing where few words are wanted */
  holding: Fact
  placed: Fact
  /** " of 12 November", unless it is named by that already */
  dated: Fact
  status: Fact
  total: Fact
  refunded: Fact | null
  parcels: readonly ParcelWords[]
}

export type ParcelWords = {
  isDelivered: boolean
  carrier: Fact | null
  tracking: Fact | null
  status: Fact | null
  day: Fact
  /** nothing new for a week */
  isStale: boolean
}

const nothing: Fact = { text: '', cites: [] }
const statusWords: Record<OrderFact['status'], string> = {
  PLACED: 'placed',
  PAID: 'paid',
  FULFILLED: 'shipped',
  DELIVERED: 'delivered',
  CANCELLED: 'cancelled',
  RETURNED: 'returned',
}
const delivered = /\bdelivered\b|\bpicked up\b|\bcollected\b/i
const notDelivered = /\b(?:not|un|to be|attempt\w*|fail\w*)\b/i
const moving = /transit|out for delivery|on (?:its|the) way|shipped|dispatched|en route|departed|arrived/i
const staleDays = 7

export type Setting = { now: Date; isShort: boolean; isSpoken: boolean }

export function orderWords(order: OrderFact, { now, isShort, isSpoken }: Setting): OrderWords {
  const cite = (quote: string): Cite => ({ source: 'ORDER', id: order.id, quote })
  const fact = (text: string, quote: string): Fact => ({ text, cites: [cite(quote)] })
  const number = cleanNumber(order.externalId)
  const placed = fact(dayOf(order.placedAt, now, isShort), isoDay(order.placedAt))
  const items = itemWords(order, cite)
  const parcels = [...order.shipments]
    .sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
    .map((shipment) => parcelWords(shipment, now, isShort))
  return {
    stage: stageOf(order, parcels),
    name: number ? fact(`order ${number}`, order.externalId) : { ...placed, text: `order of ${placed.text}` },
    items,
    holding: isShort ? nothing : holdingOf(items, isSpoken),
    placed,
    dated: number ? { ...placed, text: ` of ${placed.text}` } : nothing,
    status: fact(statusWords[order.status], order.status),
    total: amountFact(order.total, cite),
    refunded: order.refunded && Number(order.refunded.amount) > 0 ? amountFact(order.refunded, cite) : null,
    parcels,
  }
}

/** "45.00 USD". */
export const amountFact = ({ amount, currencyCode }: Amount, cite: (quote: string) => Cite): Fact => ({
  text: `${amount} ${currencyCode}`,
  cites: [cite(amount)],
})

/** Nobody reads figures of titles aloud. */
function holdingOf(items: Fact | null, isSpoken: boolean): Fact {
  if (!items || (isSpoken && /\d/.test(items.text))) return nothing
  return { ...items, text: isSpoken ? ` with the ${items.text}` : ` (${items.text})` }
}

const mostItems = 3

function itemWords({ items }: OrderFact, cite: (quote: string) => Cite): Fact | null {
  const named = items.flatMap(({ title, quantity }) => {
    const text = cleanTitle(title)
    return text ? [{ text: quantity > 1 ? `${quantity} × ${text}` : text, title: title.trim() }] : []
  })
  const [first, ...others] = named.slice(0, mostItems)
  if (!first) return null
  const last = items.length > named.slice(0, mostItems).length ? ['more'] : []
  const all = [first.text, ...others.map(({ text }) => text), ...last]
  const text = all.length === 1 ? first.text : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
  return { text, cites: [first, ...others].map(({ title }) => cite(title)) }
}

function parcelWords(shipment: ShipmentFact, now: Date, isShort: boolean): ParcelWords {
  const fact = (text: string | null, quote: string | null): Fact | null =>
    text && quote ? { text, cites: [{ source: 'SHIPMENT', id: shipment.id, quote }] } : null
  const { carrier, trackingNumber, status, updatedAt } = shipment
  return {
    isDelivered: isDelivered(status),
    carrier: fact(cleanLabel(carrier ?? ''), carrier),
    tracking: fact(cleanNumber(trackingNumber ?? ''), trackingNumber),
    status: fact(cleanLabel(status)?.toLowerCase() ?? null, status),
    day: fact(dayOf(updatedAt, now, isShort), isoDay(updatedAt))!,
    isStale: !isDelivered(status) && daysBetween(updatedAt, now) > staleDays,
  }
}

const isDelivered = (status: string): boolean => delivered.test(status) && !notDelivered.test(status)

function stageOf({ status }: OrderFact, parcels: readonly ParcelWords[]): Stage {
  if (status === 'CANCELLED' || status === 'RETURNED') return status
  if (parcels.length === 0) return status === 'FULFILLED' ? 'SENT' : status === 'DELIVERED' ? 'DELIVERED' : 'WAITING'
  if (parcels.every(({ isDelivered }) => isDelivered)) return 'DELIVERED'
  const open = parcels.filter(({ isDelivered }) => !isDelivered)
  return open.every(({ status, isStale }) => status && moving.test(status.text) && !isStale) ? 'MOVING' : 'HELD_UP'
}
