import { codedError } from '@quimbi/service/errors.ts'
import { featureIndex, features } from './catalogue.ts'
import { createAccumulator } from './extract.ts'
import { amountUnits, dayMs, firstFrom, fromUnits, inOrder, isInstant, isPurchase, returnedUnits } from './facts.ts'
import type { CustomerHistory, OrderFact } from './history.ts'
import { countryShare, createReference, noReference, pricePercentile, type Reference } from './reference.ts'
import { createColumn, createRows } from './rows.ts'

export type TrainingOptions = {
  /** Instants in ms, each once, in any order: features lie strictly before, labels from it on. */
  origins: readonly number[]
  horizonDays: number
  /** To score one part of a tenant's customers as the model saw all of them; else each origin's own rows decide. */
  reference?: Reference
}

/** Rows of `d` features, row-major: every customer with a purchase before an origin, customer by customer, origins ascending. */
export type TrainingSet = {
  x: Float64Array
  n: number
  d: number
  /** Index into the origins given. */
  origin: Uint8Array
  customerIds: string[]
  /** 1 = no purchase within [origin, origin + horizon). */
  churned: Uint8Array
  /** Charged less what went back within the horizon, 0 at least. */
  spend: Float64Array
  btyd: Btyd
  /** Of the newest origin: what scoring hands to `extractFeatures`. */
  reference: Reference
}

/** What buy-till-you-die models read. Several orders on one day are one occasion. */
export type Btyd = {
  /** Repeat occasions. */
  frequency: Float64Array
  /** Weeks from the first occasion to the last. */
  recency: Float64Array
  /** Weeks from the first occasion to the origin. */
  age: Float64Array
  /** Mean charged on a repeat occasion; 0 without one, and where all were free. */
  meanValue: Float64Array
}

/** Takes histories one at a time; what they hold need not stay in memory. */
export type TrainingSetBuilder = { add(history: CustomerHistory): void; finish(): TrainingSet }

/**
 * Features and labels at several origins, each history read once.
 * @throws GraphQLError BAD_USER_INPUT for no origin, one twice, more than 256, or a horizon that is no positive number
 */
export function buildTrainingSet(histories: Iterable<CustomerHistory>, options: TrainingOptions): TrainingSet {
  const builder = createTrainingSet(options)
  for (const history of histories) builder.add(history)
  return builder.finish()
}

/** The same for histories that arrive one by one. Call `finish` once. @throws as `buildTrainingSet` */
export function createTrainingSet({ origins, horizonDays, reference }: TrainingOptions): TrainingSetBuilder {
  checkOptions(origins, horizonDays)
  const ascending = [...origins.entries()].sort(([, a], [, b]) => a - b)
  const accumulator = createAccumulator()
  const rows = createRows(features.length)
  const origin = createColumn()
  const churned = createColumn()
  const spend = createColumn()
  const customerIds: string[] = []
  const countries: (string | null)[] = []
  return {
    add(given) {
      const history = inOrder(given)
      accumulator.start(history)
      for (const [index, asOf] of ascending) {
        const { cells, offset } = rows.next()
        if (!accumulator.emit(asOf, cells, offset)) continue
        rows.keep()
        const label = outcome(history.orders, asOf, asOf + horizonDays * dayMs)
        origin.push(index)
        churned.push(label.purchases === 0 ? 1 : 0)
        spend.push(fromUnits(Math.max(0, label.units)))
        customerIds.push(history.customerId)
        countries.push(history.country)
      }
    },
    finish() {
      const matrix = { x: rows.finish(), n: customerIds.length, d: features.length }
      const indexes = Uint8Array.from(origin.finish())
      const references = ascending.map(([index]) => {
        const own = reference ?? referenceOf(matrix.x, countries, indexes, index)
        writeReference(own, matrix.x, countries, indexes, index)
        return own
      })
      return {
        ...matrix,
        origin: indexes,
        customerIds,
        churned: Uint8Array.from(churned.finish()),
        spend: spend.finish(),
        btyd: btydOf(matrix.x, matrix.n),
        reference: references.at(-1) ?? noReference,
      }
    },
  }
}

function checkOptions(origins: readonly number[], horizonDays: number): void {
  if (
    origins.length === 0 ||
    origins.length > 256 ||
    new Set(origins).size < origins.length ||
    !origins.every(isInstant)
  )
    throw codedError('BAD_USER_INPUT', 'Give 1 to 256 different origins.', { reason: 'ORIGINS' })
  if (!(horizonDays > 0 && Number.isFinite(horizonDays)))
    throw codedError('BAD_USER_INPUT', 'The horizon is a positive number of days.', { reason: 'HORIZON' })
}

/** Purchases, and ten-thousandths charged less those that went back, within [from, to). */
function outcome(orders: readonly OrderFact[], from: number, to: number): { purchases: number; units: number } {
  let purchases = 0
  let units = 0
  for (let next = firstFrom(orders, from); next < orders.length; next += 1) {
    const order = orders[next] as OrderFact
    if (order.at >= to) break
    units -= returnedUnits(order)
    if (!isPurchase(order)) continue
    purchases += 1
    units += amountUnits(order)
  }
  return { purchases, units }
}

const d = features.length

/** The other customers as they were at one origin. */
function referenceOf(
  x: Float64Array,
  countries: readonly (string | null)[],
  origin: Uint8Array,
  index: number,
): Reference {
  const prices: number[] = []
  for (let row = 0; row < origin.length; row += 1)
    if (origin[row] === index) prices.push(x[row * d + featureIndex.averageUnitPrice] ?? 0)
  return createReference(
    Float64Array.from(prices),
    countries.filter((_, row) => origin[row] === index),
  )
}

function writeReference(
  reference: Reference,
  x: Float64Array,
  countries: readonly (string | null)[],
  origin: Uint8Array,
  index: number,
): void {
  for (let row = 0; row < origin.length; row += 1) {
    if (origin[row] !== index) continue
    const at = row * d
    x[at + featureIndex.pricePercentile] = pricePercentile(reference, x[at + featureIndex.averageUnitPrice] ?? 0)
    x[at + featureIndex.countryShare] = countryShare(reference, countries[row] ?? null)
  }
}

function btydOf(x: Float64Array, n: number): Btyd {
  const column = (value: (at: number) => number) => Float64Array.from({ length: n }, (_, row) => value(row * d))
  const feature = (at: number, name: keyof typeof featureIndex) => x[at + featureIndex[name]] ?? 0
  const repeats = (at: number) => feature(at, 'purchaseDays') - 1
  return {
    frequency: column(repeats),
    recency: column((at) => feature(at, 'activeSpanDays') / 7),
    age: column((at) => feature(at, 'tenureDays') / 7),
    meanValue: column((at) =>
      repeats(at) === 0 ? 0 : Math.max(0, feature(at, 'spend') - feature(at, 'firstValue')) / repeats(at),
    ),
  }
}
