import type { Asking } from '../../advice/subject.ts'
import type { behaviorOf } from '../../customers/behavior.ts'
import { money } from '../../orders/money.ts'
import { analyzeCustomer } from '../../profiles/analyze.ts'
import type { Insight } from '../../profiles/insight.ts'
import type { PassedIn } from '../../profiles/passed-in.ts'
import { UserErrors } from '@quimbi/service/errors.ts'
import type { Amount } from '../situation.ts'

export type BriefOrder = { id: string; externalId: string; placedAt: Date; total: Amount }

/** What a text about a customer is written from; sums are missing where no order gives a currency. */
export type Known = {
  id: string
  insight: Insight
  behavior: ReturnType<typeof behaviorOf> | null
  lastOrder: BriefOrder | null
}

/** A stored customer; null of one whom Intelligence has never heard of. Many are loaded together. */
export async function knownOf({ loaders }: Asking, id: string): Promise<Known | null> {
  const [insight, behavior, orders] = await Promise.all([
    loaders.insightByCustomer.load(id),
    loaders.behaviorByCustomer.load(id),
    loaders.newestOrders(newest).load(id),
  ])
  if (insight.status === 'UNKNOWN_CUSTOMER') return null
  const [last] = orders.filter(isPurchase)
  return { id, insight, behavior, lastOrder: last ? { ...last, total: money(last.total, last.currencyCode) } : null }
}

/** One that is passed in. @throws UserErrors everything that is wrong with it */
export async function knownFrom({ db, viewer, now }: Asking, input: PassedIn): Promise<Known> {
  const { customerId: id, insight, behavior, userErrors } = await analyzeCustomer(db, viewer, input, now)
  if (!insight) throw new UserErrors(userErrors)
  const asOf = input.asOf ?? now
  const [last] = input.orders
    .filter((order) => order.placedAt < asOf && isPurchase(order))
    .sort((a, b) => b.placedAt.getTime() - a.placedAt.getTime())
  const { externalId = '', placedAt = asOf, total = '0', currencyCode = '' } = last ?? {}
  const lastOrder = last ? { id: externalId, externalId, placedAt, total: money(total, currencyCode) } : null
  return { id, insight, behavior, lastOrder }
}

/** As sums over orders count them. */
const isPurchase = ({
  status,
  total,
}: {
  status?: string | null | undefined
  total: { toString(): string }
}): boolean => status !== 'CANCELLED' && !(status === 'RETURNED' && Number(total) === 0)

/** How many orders are looked through for what somebody buys. */
export const newest = 20
