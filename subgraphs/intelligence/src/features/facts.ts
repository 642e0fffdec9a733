import type { CustomerHistory, OrderFact } from './history.ts'

export const dayMs = 86_400_000

/** Days since 1970, UTC. */
export const dayOf = (at: number): number => Math.floor(at / dayMs)

const latest = 8_640_000_000_000_000
/** Of an amount or a quantity: more is absurd. */
export const largest = 1e11

/** Money and units are summed as whole ten-thousandths: exact, so that the order of equal instants cannot matter. */
const perUnit = 10_000
export const fromUnits = (units: number): number => units / perUnit

/** Ten-thousandths of a quantity; what is no number, or negative, is 0, and what is absurd is 10¹¹. */
export const toUnits = (value: number): number => (value > 0 ? Math.round(Math.min(value, largest) * perUnit) : 0)

/** A negative amount is money that went back, whatever the source calls it. */
export const isPurchase = (order: OrderFact): boolean => !order.isReturn && !(order.amount < 0)

/** What was charged or, of a return, went back; in ten-thousandths. */
export const amountUnits = (order: OrderFact): number => toUnits(Math.abs(order.amount))

/** What went back by this order: all of a return, of a purchase what was refunded. */
export const returnedUnits = (order: OrderFact): number =>
  isPurchase(order) ? toUnits(order.refunded) : amountUnits(order)

export const isInstant = (at: number): boolean => Math.abs(at) <= latest

/** The facts oldest first: as they are where they lie so already, else a sorted copy. Facts without a real instant are left out. */
export function ascending<T extends { at: number }>(facts: readonly T[]): readonly T[] {
  let last = -latest
  for (const { at } of facts) {
    if (!(at >= last && at <= latest)) return facts.filter((fact) => isInstant(fact.at)).sort((a, b) => a.at - b.at)
    last = at
  }
  return facts
}

/** A history whose lists are all oldest first. */
export function inOrder(history: CustomerHistory): CustomerHistory {
  const orders = ascending(history.orders)
  const interactions = ascending(history.interactions)
  const events = ascending(history.events)
  const isSame = orders === history.orders && interactions === history.interactions && events === history.events
  return isSame ? history : { ...history, orders, interactions, events }
}

/** Index of the first fact at or after an instant. */
export function firstFrom(facts: readonly { at: number }[], at: number): number {
  let low = 0
  let high = facts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((facts[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  return low
}
