import { dayMs, dayOf, isInstant, isPurchase } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'

/**
 * Instants of the purchases strictly before `asOf`, oldest first, whatever the order of the list. Several orders of one UTC day
 * are one purchase, at the first of them. Returns, and orders without a real instant, are none.
 */
export function purchasesBefore(history: Pick<CustomerHistory, 'orders'>, asOf: number): number[] {
  const instants: number[] = []
  for (const order of history.orders)
    if (order.at < asOf && isInstant(order.at) && isPurchase(order)) instants.push(order.at)
  instants.sort((a, b) => a - b)
  let kept = 0
  for (const at of instants) {
    const last = instants[kept - 1]
    if (last === undefined || dayOf(at) !== dayOf(last)) instants[kept++] = at
  }
  instants.length = kept
  return instants
}

/** Days between one purchase and the next. */
export const gapsOf = (purchases: readonly number[]): number[] =>
  purchases.slice(1).map((at, index) => (at - (purchases[index] ?? at)) / dayMs)
