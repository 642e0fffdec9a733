// Facts by how long ago they happened.
import { dayMs } from '../features/facts.ts'
import { customer, interaction as interactionOn, order as orderOn } from '../features/history.test-kit.ts'
import type { CustomerHistory, EventFact, InteractionFact, OrderFact } from '../features/history.ts'

/** The instant that the tests call now: a Wednesday. */
export const now = Date.parse('2026-07-01T00:00:00Z')
export const daysAgo = (days: number): number => now - days * dayMs

export const order = (at: number, more: Partial<OrderFact> = {}): OrderFact =>
  orderOn('2026-01-01', 10, { at, ...more })

export const interaction = (at: number, more: Partial<InteractionFact> = {}): InteractionFact =>
  interactionOn('2026-01-01', { at, kind: 'EMAIL_OPEN', ...more })

export const history = (
  orders: readonly OrderFact[],
  interactions: readonly InteractionFact[] = [],
  events: readonly EventFact[] = [],
  customerId = 'c',
): CustomerHistory => customer(orders, { interactions, events, customerId })
