import type { Amount, OrderFact, Policy, PolicyKind, ShipmentFact, Situation } from '../situation.ts'

const dayMs = 86_400_000

export const daysBetween = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / dayMs)

/** What the customer wants, by the triage's labels. */
export const intentOf = ({ triage }: Situation): string | null => triage?.intent?.label ?? null

export const isUnanswered = ({ turns }: Situation): boolean => turns.at(-1)?.fromAgent === false

/** 0 negative … 1 positive. */
export const moodOf = ({ sentiment, triage }: Situation): number | null => sentiment ?? triage?.sentiment.score ?? null
export const isUnhappy = (situation: Situation): boolean => (moodOf(situation) ?? 0.5) < 0.3

export const isLikelyToLeave = ({ customer }: Situation): boolean => (customer?.churn?.score ?? 0) >= 0.6

/** The order that it is about, as far as that is sure: the one that is named, or the only one there is. */
export const orderMeant = ({ orders, isOrderNamed }: Situation): OrderFact | null =>
  isOrderNamed || orders.length === 1 ? (orders[0] ?? null) : null

const over = /deliver|return|cancel|lost|fail/i

/** Parcels that are still under way, of orders that are not over. */
export const openParcels = ({ orders }: Situation): { order: OrderFact; shipment: ShipmentFact }[] =>
  orders
    .filter(({ status }) => status === 'PAID' || status === 'PLACED' || status === 'FULFILLED')
    .flatMap((order) => order.shipments.map((shipment) => ({ order, shipment })))
    .filter(({ shipment }) => !over.test(shipment.status))

export const policiesOf = ({ policies }: Situation, ...kinds: PolicyKind[]): Policy[] =>
  policies.filter(({ kind }) => kinds.includes(kind))

/** The least that any of them allows; null where none of them sets a limit. */
export function tightest(policies: readonly Policy[], limit: 'maxCompensation' | 'maxDiscountPercent'): number | null {
  const limits = policies.flatMap((policy) => policy[limit] ?? []).map(Number)
  return limits.length === 0 ? null : Math.min(...limits)
}

/** The smaller of an amount and a limit in the same currency. */
export const atMost = ({ amount, currencyCode }: Amount, limit: number | null): Amount =>
  limit === null || Number(amount) <= limit ? { amount, currencyCode } : { amount: limit.toFixed(2), currencyCode }

/** Promises of ours that are overdue, and those that are still to be kept. */
export function promisesOf({ triage, now }: Situation) {
  const dated = (triage?.promises ?? []).flatMap(({ text, dueAt }) => (dueAt ? [{ text, dueAt }] : []))
  return {
    overdue: dated.filter(({ dueAt }) => dueAt < now),
    coming: dated.filter(({ dueAt }) => dueAt >= now).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()),
  }
}

/** How often this customer wrote about such a matter lately, this time included. */
export function timesAsked({ pastTickets, triage, now }: Situation): number {
  const matter = triage?.category?.label
  if (!matter) return 1
  const isLately = (closedAt: Date | null) => closedAt === null || daysBetween(closedAt, now) <= recentDays
  return 1 + pastTickets.filter((one) => one.category?.toLowerCase() === matter && isLately(one.closedAt)).length
}

/** Back to here a ticket belongs to the same story. */
const recentDays = 90
