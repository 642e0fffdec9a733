import { featureIndex, features } from './catalogue.ts'
import { addEvent, addInteraction, contactColumns, createContacts, writeContactFeatures } from './contacts.ts'
import { dayOf, inOrder, isInstant } from './facts.ts'
import type { CustomerHistory } from './history.ts'
import { createLedger } from './ledger.ts'
import { recentPurchases, writePurchaseFeatures } from './purchase-features.ts'
import { addOrder, createPurchases, purchaseColumns } from './purchases.ts'
import { countryShare, noReference, pricePercentile, type Reference } from './reference.ts'

const { averageUnitPrice, pricePercentile: percentileAt, countryShare: countryAt, recentActivity } = featureIndex

/** One customer after another, each read once, oldest first. */
export type Accumulator = {
  /** Turns to a customer. Lists that are not oldest first are sorted in a copy. */
  start(history: CustomerHistory): void
  /**
   * Writes the row of the facts strictly before `asOf` (ms) to `into[offset …]`; true if there is a purchase among them.
   * @throws RangeError when `asOf` is before an earlier one of this customer, or the row does not fit
   */
  emit(asOf: number, into: Float64Array, offset: number, reference?: Reference): boolean
}

/** Its memory grows with the days on which a customer did something, and is used again for the next customer. */
export function createAccumulator(): Accumulator {
  const ledgers = [createLedger(purchaseColumns), createLedger(contactColumns), createLedger(1)] as const
  let purchases = createPurchases(ledgers[0])
  let contacts = createContacts(ledgers[1], ledgers[2])
  let history: CustomerHistory = { customerId: '', country: null, orders: [], interactions: [], events: [] }
  let last = -Infinity
  let orders = 0
  let interactions = 0
  let events = 0

  function advance(asOf: number): void {
    orders = feed(history.orders, orders, asOf, (order) => addOrder(purchases, order))
    interactions = feed(history.interactions, interactions, asOf, (fact) => addInteraction(contacts, fact))
    events = feed(history.events, events, asOf, (event) => addEvent(contacts, event))
  }

  return {
    start(next) {
      history = inOrder(next)
      last = -Infinity
      orders = interactions = events = 0
      purchases = createPurchases(ledgers[0])
      contacts = createContacts(ledgers[1], ledgers[2])
    },
    emit(asOf, row, at, reference = noReference) {
      if (!(asOf >= last && isInstant(asOf))) throw new RangeError('Instants are real and ascend.')
      if (!(at >= 0 && at + features.length <= row.length)) throw new RangeError('The row does not fit.')
      last = asOf
      advance(asOf)
      row.fill(0, at, at + features.length)
      writePurchaseFeatures(purchases, dayOf(asOf), row, at)
      writeContactFeatures(contacts, asOf, row, at)
      row[at + recentActivity] = (row[at + recentActivity] ?? 0) + recentPurchases(purchases, dayOf(asOf))
      row[at + percentileAt] = pricePercentile(reference, row[at + averageUnitPrice] ?? 0)
      row[at + countryAt] = countryShare(reference, history.country)
      return purchases.orders > 0
    },
  }
}

/** Adds the facts before `asOf`, from the `next` one on; returns which is next then. */
function feed<T extends { at: number }>(
  facts: readonly T[],
  next: number,
  asOf: number,
  add: (fact: T) => void,
): number {
  for (let fact = facts[next]; fact && fact.at < asOf; fact = facts[(next += 1)]) add(fact)
  return next
}

const shared = createAccumulator()

/**
 * Writes one customer's 66 features, from facts strictly before `asOf` (ms), to `into[offset …]`: finite numbers always.
 * True if there is a purchase among them: without one there is nothing to forecast. `reference` is the training set's.
 * @throws RangeError when the row does not fit
 */
export function extractFeatures(
  history: CustomerHistory,
  asOf: number,
  into: Float64Array,
  offset: number,
  reference?: Reference,
): boolean {
  shared.start(history)
  return shared.emit(asOf, into, offset, reference)
}
