// Imagined shops, whose truth is known, and the sample that the literature fits.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createRandom } from '@quimbi/service/random.ts'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { at, customer, order } from '../features/history.test-kit.ts'
import type { PurchaseRow, PurchaseStats } from './btyd-counts.ts'
import { imagineCustomer } from './simulate.ts'

const shop = {
  pareto: { r: 0.7, alpha: 8, s: 0.6, beta: 12 },
  gammaGamma: { p: 4, q: 4, gamma: 30 },
}

/** Customers who come one after the other in the year from 2024-01-01 and buy until the end of 2025. */
export function imagineShop(customers: number, seed: number, worth = 1): CustomerHistory[] {
  const random = createRandom(seed)
  const start = at('2024-01-01')
  return Array.from({ length: customers }, (_, k) => {
    const first = start + Math.floor(random() * 365) * dayMs
    const purchases = imagineCustomer(shop, 104 - (first - start) / (7 * dayMs), random)
    const orders = purchases.map((purchase) =>
      order('2024-01-01', Math.round(purchase.value * worth * 100) / 100, {
        at: first + Math.floor(purchase.at * 7 * dayMs),
      }),
    )
    return customer(orders, { customerId: `customer-${k}` })
  })
}

export const statsOf = (rows: readonly PurchaseRow[]): PurchaseStats => ({
  frequency: Float64Array.from(rows, (row) => row.frequency),
  recency: Float64Array.from(rows, (row) => row.recency),
  age: Float64Array.from(rows, (row) => row.age),
  meanValue: Float64Array.from(rows, (row) => row.meanValue),
})

/** The tenth of CDNOW that papers use; null where the data is missing. */
export function sampleFile(): string | null {
  const path = fileURLToPath(new URL('../../../../../shared/data/cdnow/CDNOW_sample.txt', import.meta.url))
  return existsSync(path) ? path : null
}

/** What each customer did in the first 39 weeks, and on how many days of the next 39 they bought. */
export function readSample(): { stats: PurchaseStats; later: number[] } {
  const end = at('1997-09-30')
  const customers = new Map<string, Map<number, number>>()
  for (const line of readFileSync(sampleFile() ?? '', 'utf8')
    .trim()
    .split('\n')) {
    const [, id = '', day = '', , value] = line.trim().split(/\s+/)
    const days = customers.get(id) ?? new Map<number, number>()
    const instant = at(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`)
    customers.set(id, days.set(instant, (days.get(instant) ?? 0) + Number(value)))
  }
  const rows = [...customers.values()].map((days): PurchaseRow => {
    const known = [...days.keys()].filter((day) => day <= end).sort((a, b) => a - b)
    const first = known[0] ?? 0
    const repeats = known.slice(1)
    const weeks = (ms: number) => ms / (7 * dayMs)
    return {
      frequency: repeats.length,
      recency: weeks((known.at(-1) ?? 0) - first),
      age: weeks(end - first),
      meanValue: repeats.reduce((sum, day) => sum + (days.get(day) ?? 0), 0) / Math.max(1, repeats.length),
    }
  })
  const later = [...customers.values()].map((days) => [...days.keys()].filter((day) => day > end).length)
  return { stats: statsOf(rows), later }
}
