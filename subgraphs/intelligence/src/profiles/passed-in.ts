import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { isCurrency } from '@quimbi/service/currency.ts'
import { UserErrors, refuse, type UserError } from '@quimbi/service/errors.ts'
import { word } from '../common/checks.ts'
import { validateEvents, type GivenEvent } from '../events/validate.ts'
import type { CustomerHistory } from '../features/history.ts'
import { validateInteractions, type GivenInteraction } from '../interactions/validate.ts'
import type { CheckedOrder, CustomerOrder } from '../orders/types.ts'
import { validateOrders } from '../orders/validate.ts'
import { counts, orderFact } from './facts.ts'
import { maxFacts } from './histories.ts'

type Optional<T> = T | null | undefined

/** A customer that is passed in. Amounts are decimal strings. */
export type PassedIn = {
  customerId: string
  orders: readonly CustomerOrder['order'][]
  interactions?: Optional<readonly GivenInteraction[]>
  events?: Optional<readonly GivenEvent[]>
  asOf?: Optional<Date>
  ltvMonths?: Optional<number>
}

/** What of it is looked at, and how. */
export type Checked = {
  customerId: string
  history: CustomerHistory
  /** Those that count and lie before `asOf`. */
  orders: CheckedOrder[]
  /** Null where neither the tenant nor an order names one. */
  currencyCode: string | null
  asOf: number
  ltvMonths: number
}

type Rules = { currencyCode: string | null; now: Date; path: readonly string[] }

const mostMonths = 36

/**
 * A passed-in customer as the models see a stored one with the same data: by the rules of what is taken in.
 * @throws UserErrors everything that is wrong with it, at its place under `path`
 */
export function checkPassedIn(input: PassedIn, { currencyCode, now, path }: Rules): Checked {
  const { orders, interactions, events } = input
  const frame = checkFrame(input, now, path)
  const rules = {
    ...{ tenantId: NIL_TENANT, source: 'passed-in', now },
    currencyCode: currencyCode ?? orders.map((order) => order.currencyCode).find(isCurrency) ?? null,
  }
  const checked = {
    orders: validateOrders(orders.map(theirs('order')), rules),
    interactions: validateInteractions((interactions ?? []).map(theirs('interaction')), rules),
    events: validateEvents((events ?? []).map(theirs('event')), rules),
  }
  const errors = Object.values(checked).flatMap((list) => list.errors)
  if (errors.length > 0) throw new UserErrors(errors.map(placedUnder(path)))
  const counting = checked.orders.valid.filter(counts)
  return {
    ...frame,
    currencyCode: rules.currencyCode,
    orders: counting.filter(({ placedAt }) => Date.parse(placedAt) < frame.asOf),
    history: {
      customerId: frame.customerId,
      country: null,
      orders: counting.map(factOf).sort(oldestFirst),
      interactions: checked.interactions.valid
        .map(({ at, kind, channel, sentiment, resolvedHours }) => ({
          ...{ kind, channel, sentiment, resolvedHours },
          at: Date.parse(at),
        }))
        .sort(oldestFirst),
      events: checked.events.valid.map(({ at, name }) => ({ at: Date.parse(at), name })).sort(oldestFirst),
    },
  }
}

function checkFrame(input: PassedIn, now: Date, path: readonly string[]) {
  const at = (name: string) => [...path, name]
  const { asOf = null, ltvMonths = null, orders, interactions, events } = input
  const instant = (asOf ?? now).getTime()
  const months = ltvMonths ?? 12
  if (!(instant <= now.getTime())) refuse('INVALID', 'asOf lies in the future.', at('asOf'))
  if (instant < 0) refuse('INVALID', 'An instant lies after 1970.', at('asOf'))
  if (!(months >= 1 && months <= mostMonths))
    refuse('INVALID', `A forecast is for 1 to ${mostMonths} months.`, at('ltvMonths'))
  for (const [name, facts] of Object.entries({ orders, interactions, events }))
    if ((facts?.length ?? 0) > maxFacts) refuse('LIMIT_EXCEEDED', `At most ${maxFacts} ${name} a customer.`, at(name))
  return { customerId: word(input.customerId, 200, at('customerId')), asOf: instant, ltvMonths: months }
}

/** Each fact in the shape of a batch, in which every one names its customer. */
const theirs =
  <K extends string>(name: K) =>
  <T>(fact: T) =>
    ({ customer: { externalId: 'passed-in' }, [name]: fact }) as { customer: { externalId: string } } & Record<K, T>

/** From a batch's "input, orders, 3, order, total" to "orders, 3, total" under the customer's own place. */
const placedUnder =
  (path: readonly string[]) =>
  ({ path: place, ...error }: UserError): UserError => {
    const [, list = '', index = '', , ...rest] = place ?? []
    return { ...error, path: [...path, list, index, ...rest] }
  }

const factOf = ({ placedAt, status, total, refunded, discount, items }: CheckedOrder) =>
  orderFact({
    at: Date.parse(placedAt),
    status,
    total: Number(total),
    refunded: refunded === null ? null : Number(refunded),
    discount: discount === null ? null : Number(discount),
    items: items.reduce((sum, { quantity }) => sum + quantity, 0),
    lines: items.length,
    discountedLines: items.filter(({ discounted }) => discounted).length,
    skus: items.map(({ sku }) => sku),
    categories: items.flatMap(({ category }) => category ?? []),
  })

const oldestFirst = (a: { at: number }, b: { at: number }): number => a.at - b.at
