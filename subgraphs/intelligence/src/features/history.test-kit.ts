// Histories for tests: hand-made ones, and arbitrary ones with many facts at equal instants and on equal days.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { featureIndex, features, type FeatureName } from './catalogue.ts'
import { dayMs } from './facts.ts'
import type { CustomerHistory, EventFact, InteractionFact, OrderFact } from './history.ts'

export const at = (day: string, time = '00:00'): number => Date.parse(`${day}T${time}Z`)

export const order = (day: string, amount: number, more: Partial<OrderFact> = {}): OrderFact => ({
  at: at(day),
  amount,
  refunded: 0,
  items: 1,
  lines: 1,
  discount: 0,
  discountedLines: 0,
  isReturn: false,
  skus: [],
  categories: [],
  ...more,
})

export const interaction = (day: string, more: Partial<InteractionFact> = {}): InteractionFact => ({
  at: at(day),
  kind: 'SUPPORT_TICKET',
  channel: 'EMAIL',
  sentiment: null,
  resolvedHours: null,
  ...more,
})

export const customer = (orders: readonly OrderFact[], more: Partial<CustomerHistory> = {}): CustomerHistory => ({
  customerId: 'c',
  country: null,
  orders,
  interactions: [],
  events: [],
  ...more,
})

export const emptyRow = (): Float64Array => new Float64Array(features.length)

export const valuesOf = (row: ArrayLike<number>, offset = 0): Record<FeatureName, number> =>
  Object.fromEntries(features.map(({ name }) => [name, row[offset + featureIndex[name]] ?? NaN])) as Record<
    FeatureName,
    number
  >

/** The instants that arbitrary histories lie in. */
export const start = at('2024-01-01')
export const end = at('2026-01-01')

const instants = fc.oneof(
  fc.integer({ min: 0, max: 730 }).map((day) => start + day * dayMs),
  fc.integer({ min: start, max: end }),
)
const cents = fc.integer({ min: 0, max: 1_000_000 }).map((value) => value / 100)
const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 4 })

const orders = (instant: fc.Arbitrary<number>, amount: fc.Arbitrary<number>): fc.Arbitrary<OrderFact> =>
  fc.record({
    at: instant,
    amount,
    refunded: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, amount),
    items: fc.oneof(fc.integer({ min: 0, max: 9 }), amount),
    lines: fc.integer({ min: 0, max: 9 }),
    discount: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, amount),
    discountedLines: fc.integer({ min: 0, max: 9 }),
    isReturn: fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, fc.boolean()),
    skus: names,
    categories: names,
  })

const interactions = (instant: fc.Arbitrary<number>, number: fc.Arbitrary<number>): fc.Arbitrary<InteractionFact> =>
  fc.record({
    at: instant,
    kind: fc.constantFrom('SUPPORT_TICKET', 'MESSAGE', 'REVIEW', 'SURVEY', 'EMAIL_OPEN', 'EMAIL_CLICK'),
    channel: fc.constantFrom('EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'),
    sentiment: fc.option(number),
    resolvedHours: fc.option(number),
  })

const histories = (
  instant: fc.Arbitrary<number>,
  amount: fc.Arbitrary<number>,
  part: fc.Arbitrary<number>,
): fc.Arbitrary<CustomerHistory> =>
  fc.record({
    customerId: fc.constant('c'),
    country: fc.constantFrom(null, 'DE', 'FR'),
    orders: fc.array(orders(instant, amount), { maxLength: 30 }),
    interactions: fc.array(interactions(instant, part), { maxLength: 20 }),
    events: fc.array(fc.record({ at: instant, name: fc.constant('visit') }) as fc.Arbitrary<EventFact>, {
      maxLength: 20,
    }),
  })

/** Two years of one customer, in no order. */
export const anyHistory = histories(instants, cents, fc.double({ min: 0, max: 1, noNaN: true }))

const absurd = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, Number.MAX_VALUE, -1, 0, -0, 1e-320, 8.64e15, -8.64e15),
)

/** Numbers that no shop ever saw. */
export const absurdHistory = histories(fc.oneof(instants, absurd), fc.oneof(cents, absurd), absurd)

export const anyInstant: fc.Arbitrary<number> = instants

/** A set of real orders beside the repository; null where it is missing. */
export function realOrders(name: 'cdnow' | 'online_retail'): string | null {
  const path = fileURLToPath(new URL(`../../../../../shared/data/${name}/orders.csv.gz`, import.meta.url))
  return existsSync(path) ? path : null
}
