import { amountUnits, dayMs, dayOf, isPurchase, returnedUnits, toUnits } from './facts.ts'
import type { OrderFact } from './history.ts'
import type { Ledger } from './ledger.ts'

// The ledger's columns.
export const amountColumn = 0
export const ordersColumn = 1
export const purchaseColumns = 2

/** What one customer bought so far, in sums that the next order adds to. Money and units are ten-thousandths. */
export type Purchases = {
  days: Ledger
  orders: number
  amount: number
  items: number
  lines: number
  discount: number
  discountedOrders: number
  discountedLines: number
  returned: number
  returns: number
  hours: number
  months: number
  month: number
  weekendDays: number
  quarterDays: [number, number, number, number]
  gapSquares: number
  longestGap: number
  lastGap: number
  /** lines by category */
  categories: Map<string, number>
  /** the last day on which each product was bought */
  products: Map<string, number>
  /** products bought, counted once a day */
  productDays: number
}

/** A customer of whom nothing is known yet; what the ledger held is gone. */
export function createPurchases(days: Ledger): Purchases {
  days.clear()
  return {
    days,
    orders: 0,
    amount: 0,
    items: 0,
    lines: 0,
    discount: 0,
    discountedOrders: 0,
    discountedLines: 0,
    returned: 0,
    returns: 0,
    hours: 0,
    months: 0,
    month: Number.NaN,
    weekendDays: 0,
    quarterDays: [0, 0, 0, 0],
    gapSquares: 0,
    longestGap: 0,
    lastGap: 0,
    categories: new Map(),
    products: new Map(),
    productDays: 0,
  }
}

/** Adds an order; orders come oldest first. */
export function addOrder(state: Purchases, order: OrderFact): void {
  const returned = returnedUnits(order)
  state.returned += returned
  if (!isPurchase(order)) {
    state.returns += 1
    return
  }
  if (returned > 0) state.returns += 1
  const day = dayOf(order.at)
  const amount = amountUnits(order)
  const entry = entryOf(state, day)
  state.days.add(entry, amountColumn, amount)
  state.days.add(entry, ordersColumn, 1)
  state.orders += 1
  state.amount += amount
  state.items += toUnits(order.items)
  state.lines += toUnits(order.lines)
  state.hours += Math.floor((order.at - day * dayMs) / 3_600_000)
  const discount = toUnits(order.discount)
  const discountedLines = toUnits(order.discountedLines)
  state.discount += discount
  state.discountedLines += discountedLines
  if (discount > 0 || discountedLines > 0) state.discountedOrders += 1
  addBasket(state, order, day)
}

/** The ledger's entry of a day; the first purchase of a day also moves all that is counted by day. */
function entryOf(state: Purchases, day: number): number {
  const { days } = state
  const before = days.size
  const last = before > 0 ? days.day(before - 1) : day
  const entry = days.open(day)
  if (days.size === before) return entry
  if (before > 0) {
    const gap = day - last
    state.gapSquares += gap * gap
    state.longestGap = Math.max(state.longestGap, gap)
    state.lastGap = gap
  }
  const date = new Date(day * dayMs)
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth()
  if (month !== state.month) state.months += 1
  state.month = month
  state.quarterDays[Math.floor(date.getUTCMonth() / 3) as 0 | 1 | 2 | 3] += 1
  const weekday = date.getUTCDay()
  if (weekday === 0 || weekday === 6) state.weekendDays += 1
  return entry
}

function addBasket(state: Purchases, { skus, categories }: OrderFact, day: number): void {
  for (const category of categories) state.categories.set(category, (state.categories.get(category) ?? 0) + 1)
  for (const sku of skus) {
    if (state.products.get(sku) === day) continue
    state.products.set(sku, day)
    state.productDays += 1
  }
}
