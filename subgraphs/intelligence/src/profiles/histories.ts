import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Db } from '../database.ts'
import type { CustomerHistory, EventFact, InteractionFact } from '../features/history.ts'
import { orderFact, type OrderTold } from './facts.ts'

/** Of more facts of a kind than these, models see the newest: one customer's history always fits in memory. */
export const maxFacts = 10_000

/** Customers that are read at a time. */
const pageSize = 500

type Of<T> = T & { customerId: string }

// Each customer's facts come by index (measured with 1,000 customers: a plain `= ANY` read the whole tenant under row-level security). Ids out of
// a SELECT: for an array that it can count PostgreSQL plans each time anew, which costs more than to run it.
export const customersQuery = `
  SELECT c.id, c.country FROM unnest((SELECT $2::uuid[])) WITH ORDINALITY AS wanted (id, place)
  CROSS JOIN LATERAL (
    SELECT id, country_code AS country FROM customer WHERE tenant_id = $1::uuid AND id = wanted.id LIMIT 1
  ) AS c ORDER BY wanted.place`

export const ordersQuery = `
  SELECT o.customer_id AS "customerId", (extract(epoch FROM o.placed_at) * 1000)::float8 AS at, o.status, o.total::float8 AS total,
    o.refunded::float8 AS refunded, o.discount::float8 AS discount, coalesce(i.items, 0) AS items, i.lines, i.discounted AS "discountedLines",
    coalesce(i.skus, '{}') AS skus, coalesce(i.categories, '{}') AS categories
  FROM unnest((SELECT $2::uuid[])) AS wanted (id)
  CROSS JOIN LATERAL (
    SELECT * FROM customer_order WHERE tenant_id = $1::uuid AND customer_id = wanted.id AND status <> 'CANCELLED'
    ORDER BY placed_at DESC, id LIMIT ${maxFacts}
  ) AS o
  CROSS JOIN LATERAL (
    SELECT sum(quantity)::float8 AS items, count(*)::int AS lines, (count(*) FILTER (WHERE discounted))::int AS discounted,
      array_agg(sku ORDER BY line) AS skus, array_agg(category ORDER BY line) FILTER (WHERE category IS NOT NULL) AS categories
    FROM order_item WHERE tenant_id = $1::uuid AND order_id = o.id
  ) AS i
  ORDER BY o.placed_at, o.id`

export const interactionsQuery = `
  SELECT i.customer_id AS "customerId", (extract(epoch FROM i.at) * 1000)::float8 AS at, i.kind, i.channel, i.sentiment,
    i.resolved_hours AS "resolvedHours"
  FROM unnest((SELECT $2::uuid[])) AS wanted (id)
  CROSS JOIN LATERAL (
    SELECT * FROM interaction WHERE tenant_id = $1::uuid AND customer_id = wanted.id ORDER BY at DESC, id DESC LIMIT ${maxFacts}
  ) AS i
  ORDER BY i.at, i.id`

export const eventsQuery = `
  SELECT e.customer_id AS "customerId", (extract(epoch FROM e.at) * 1000)::float8 AS at, e.name
  FROM unnest((SELECT $2::uuid[])) AS wanted (id)
  CROSS JOIN LATERAL (
    SELECT * FROM customer_event WHERE tenant_id = $1::uuid AND customer_id = wanted.id ORDER BY at DESC, id DESC LIMIT ${maxFacts}
  ) AS e
  ORDER BY e.at, e.id`

/**
 * What the customers did, in the order of the ids; those that are unknown are left out. Four statements whatever their number. Cancelled
 * orders are left out, and of more than `maxFacts` facts of a kind the oldest.
 */
export async function historiesOf(
  db: Db,
  tenantId: string,
  customerIds: readonly string[],
): Promise<CustomerHistory[]> {
  const ids = [...new Set(customerIds.filter(isUuid).map((id) => id.toLowerCase()))]
  if (ids.length === 0) return []
  const read = <T>(query: string) => db.$queryRawUnsafe<T[]>(query, tenantId, ids)
  const [customers, orders, interactions, events] = await Promise.all([
    read<{ id: string; country: string | null }>(customersQuery),
    read<Of<OrderTold>>(ordersQuery),
    read<Of<InteractionFact>>(interactionsQuery),
    read<Of<EventFact>>(eventsQuery),
  ])
  const ofCustomer = <T>(rows: readonly Of<T>[]) =>
    groupBy(
      customers.map(({ id }) => id),
      rows,
      ({ customerId }) => customerId,
    )
  const [ordersOf, interactionsOf, eventsOf] = [ofCustomer(orders), ofCustomer(interactions), ofCustomer(events)]
  return customers.map(({ id, country }, index) => ({
    customerId: id,
    country,
    orders: (ordersOf[index] ?? []).map(({ customerId: _, ...order }) => orderFact(order)),
    interactions: interactionsOf[index] ?? [],
    events: eventsOf[index] ?? [],
  }))
}

const nextCustomers = `
  SELECT id FROM customer WHERE tenant_id = $1::uuid AND id > $2::uuid ORDER BY id LIMIT ${pageSize}`

/** Every customer of the tenant, in the order of their ids, a page in memory at a time. */
export async function* streamHistories(db: Db, tenantId: string): AsyncGenerator<CustomerHistory> {
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const page = await db.$queryRawUnsafe<{ id: string }[]>(nextCustomers, tenantId, last)
    const end = page.at(-1)
    if (!end) return
    yield* await historiesOf(
      db,
      tenantId,
      page.map(({ id }) => id),
    )
    last = end.id
  }
}
