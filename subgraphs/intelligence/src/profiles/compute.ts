import { setImmediate } from 'node:timers/promises'
import { profileOf } from '../analysis/analyse.ts'
import type { CustomerHistory } from '../features/history.ts'
import type { Insight } from './insight.ts'
import type { Lens } from './lens.ts'

/** How long others wait while one computes. */
const sliceMs = 8

/** Maps many, giving way to other requests every few milliseconds. */
export async function inSlices<T, U>(items: readonly T[], map: (item: T) => U): Promise<U[]> {
  const mapped: U[] = []
  let until = performance.now() + sliceMs
  for (const item of items) {
    mapped.push(map(item))
    if (performance.now() < until) continue
    await setImmediate()
    until = performance.now() + sliceMs
  }
  return mapped
}

/** What is thought of a customer with this history, stored or passed in. */
export function insightOf(lens: Lens, history: CustomerHistory, asOf: number): Insight {
  const bundle = lens.bundleFor(history.customerId)
  const { horizonDays } = lens
  const profile = profileOf(bundle, history, asOf, horizonDays)
  const status = profile.isReady ? 'READY' : 'INSUFFICIENT_DATA'
  return { status, profile, bundle, horizonDays, currencyCode: lens.currencyCode }
}

const nothing = { country: null, orders: [], interactions: [], events: [] }

/** Of one whom Intelligence has never heard of. */
export const unknownInsight = (lens: Lens, customerId: string, asOf: number): Insight => ({
  ...insightOf(lens, { customerId, ...nothing }, asOf),
  status: 'UNKNOWN_CUSTOMER',
})
