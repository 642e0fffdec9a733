import type { Db } from '../database.ts'
import type { CheckedOrder } from './types.ts'

/**
 * Writes checked orders; `customerIds` are their owners, in the same order. Counts new and changed ones, and names the customers of whom
 * something changed: an order's former owner too.
 */
export async function storeOrders(
  tx: Db,
  tenantId: string,
  orders: readonly CheckedOrder[],
  customerIds: readonly string[],
  now: Date,
): Promise<{ accepted: number; updated: number; changed: string[] }> {
  if (orders.length === 0) return { accepted: 0, updated: 0, changed: [] }
  const written = await upsertOrders(tx, tenantId, orders, customerIds, now)
  const ids = new Set(written.map(({ id }) => id))
  const replaced = written.filter(({ inserted }) => !inserted).map(({ id }) => id)
  if (replaced.length > 0) {
    const where = { tenantId, orderId: { in: replaced } }
    await tx.orderItem.deleteMany({ where })
    await tx.shipment.deleteMany({ where })
  }
  const fresh = orders.filter(({ id }) => ids.has(id))
  await insertItems(tx, tenantId, fresh)
  await insertShipments(tx, tenantId, fresh)
  const changed = written.flatMap(({ owner, formerOwner }) => [owner, ...(formerOwner === null ? [] : [formerOwner])])
  return { accepted: written.length - replaced.length, updated: replaced.length, changed }
}

/** One JSON parameter a statement: an array parameter a column costs the driver more than the rest of the import. */
const json = (rows: readonly object[]): string => JSON.stringify(rows)

/** New and changed orders; those whose fingerprint is known are neither written nor returned. */
function upsertOrders(
  tx: Db,
  tenantId: string,
  orders: readonly CheckedOrder[],
  customerIds: readonly string[],
  now: Date,
) {
  const rows = orders.map(({ items: _items, shipments: _shipments, customer: _customer, ...order }, index) => ({
    ...order,
    customerId: customerIds[index],
  }))
  // The sub-select sees the row as it was before the statement.
  return tx.$queryRaw<{ id: string; inserted: boolean; owner: string; formerOwner: string | null }[]>`
    INSERT INTO customer_order AS o (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code,
      total, discount, refunded, fingerprint, created_at, updated_at)
    SELECT ${tenantId}::uuid, id, "customerId", source, "externalId", "placedAt", status, "currencyCode",
      total, discount, refunded, decode(fingerprint, 'hex'), ${now}::timestamptz, ${now}::timestamptz
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (id uuid, "customerId" uuid, source text, "externalId" text,
      "placedAt" timestamptz, status text, "currencyCode" text, total numeric, discount numeric, refunded numeric, fingerprint text)
    ORDER BY id
    ON CONFLICT (tenant_id, id) DO UPDATE SET customer_id = excluded.customer_id, placed_at = excluded.placed_at,
      status = excluded.status, currency_code = excluded.currency_code, total = excluded.total, discount = excluded.discount,
      refunded = excluded.refunded, fingerprint = excluded.fingerprint, updated_at = excluded.updated_at
    WHERE o.fingerprint <> excluded.fingerprint
    RETURNING id, (xmax = 0) AS inserted, customer_id AS owner, CASE WHEN xmax <> 0 THEN
      (SELECT was.customer_id FROM customer_order was WHERE was.tenant_id = o.tenant_id AND was.id = o.id) END AS "formerOwner"`
}

async function insertItems(tx: Db, tenantId: string, orders: readonly CheckedOrder[]): Promise<void> {
  const rows = orders.flatMap(({ id, items }) => items.map((item, line) => ({ o: id, n: line + 1, ...item })))
  if (rows.length === 0) return
  await tx.$executeRaw`
    INSERT INTO order_item (tenant_id, order_id, line, sku, title, category, quantity, unit_price, discounted)
    SELECT ${tenantId}::uuid, o, n, sku, title, category, quantity, "unitPrice", discounted
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (o uuid, n int, sku text, title text, category text, quantity int,
      "unitPrice" numeric, discounted boolean)`
}

async function insertShipments(tx: Db, tenantId: string, orders: readonly CheckedOrder[]): Promise<void> {
  const rows = orders.flatMap(({ id, shipments }) =>
    shipments.map((shipment, line) => ({ o: id, n: line + 1, ...shipment })),
  )
  if (rows.length === 0) return
  await tx.$executeRaw`
    INSERT INTO shipment (tenant_id, order_id, line, carrier, tracking_number, status, updated_at)
    SELECT ${tenantId}::uuid, o, n, carrier, "trackingNumber", status, "updatedAt"
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r (o uuid, n int, carrier text, "trackingNumber" text, status text,
      "updatedAt" timestamptz)`
}
