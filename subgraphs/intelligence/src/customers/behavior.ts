import { Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { money } from '../orders/money.ts'

/** Sums over one customer's orders, as the database gives them. */
export type OrderSums = {
  customerId: string
  orders: number
  gross: string
  refunded: string
  firstOrderAt: Date | null
  lastOrderAt: Date | null
}

const dayMs = 86_400_000
const wholeDays = (from: Date, to: Date): number => Math.max(0, Math.floor((to.getTime() - from.getTime()) / dayMs))

/** What a customer did, in figures; of a customer without orders too. Pure. */
export function behaviorOf(sums: Omit<OrderSums, 'customerId'> | null, currencyCode: string, now: Date) {
  const { orders = 0, gross = '0', refunded = '0', firstOrderAt = null, lastOrderAt = null } = sums ?? {}
  const spent = new Prisma.Decimal(gross)
  const back = new Prisma.Decimal(refunded)
  return {
    lifetimeValue: money(spent.minus(back), currencyCode),
    totalOrders: orders,
    averageOrderValue: money(orders === 0 ? spent.times(0) : spent.dividedBy(orders).toDecimalPlaces(2), currencyCode),
    daysSinceLastPurchase: lastOrderAt && wholeDays(lastOrderAt, now),
    tenureDays: firstOrderAt ? wholeDays(firstOrderAt, now) : 0,
    returnRate: spent.isZero() ? (back.isZero() ? 0 : 1) : Math.min(1, back.dividedBy(spent).toNumber()),
    firstOrderAt,
    lastOrderAt,
  }
}

/** The sums of many customers' orders in one statement. Cancelled orders count for nothing, credit notes only for what they refund. */
export function orderSums(db: Db, tenantId: string, customerIds: readonly string[]): Promise<OrderSums[]> {
  return db.$queryRaw<OrderSums[]>`
    SELECT customer_id AS "customerId", count(*) FILTER (WHERE counts)::int AS orders,
      sum(total)::text AS gross, sum(coalesce(refunded, 0))::text AS refunded,
      min(placed_at) FILTER (WHERE counts) AS "firstOrderAt", max(placed_at) FILTER (WHERE counts) AS "lastOrderAt"
    FROM (
      SELECT *, NOT (status = 'RETURNED' AND total = 0) AS counts FROM customer_order
      WHERE tenant_id = ${tenantId}::uuid AND customer_id = ANY ((SELECT ${[...customerIds]}::uuid[])::uuid[]) AND status <> 'CANCELLED'
    ) AS o
    GROUP BY customer_id`
}
