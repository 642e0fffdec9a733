/** An order as it is exported and may be imported again. Amounts are decimal strings, instants ISO strings. */
export type OrderRecord = {
  source: string
  externalId: string
  /** by the order's source where that knows the customer, else by our id */
  customer: { id?: string; externalId?: string }
  placedAt: string
  status: string
  currencyCode: string
  total: string
  discount?: string
  refunded?: string
  items: {
    sku: string
    title: string
    category?: string
    quantity: number
    unitPrice: string
    discounted: boolean
  }[]
  shipments: { carrier?: string; trackingNumber?: string; status: string; updatedAt: string }[]
}

/** A row of `ordersQuery`. */
export type ExportedOrder = {
  source: string
  externalId: string
  customerId: string
  customerExternalId: string | null
  placedAt: Date
  status: string
  currencyCode: string
  total: string
  discount: string | null
  refunded: string | null
  items: OrderRecord['items']
  shipments: OrderRecord['shipments']
}

/**
 * All orders of the tenant that the connection is bound to, for a cursor. By source and external id: our ids differ from
 * tenant to tenant, and the order must not. Lines are fetched by key for each order that comes out of the sort.
 */
export const ordersQuery = `
  SELECT o.source, o.external_id AS "externalId", o.customer_id AS "customerId",
    (SELECT min(r.external_id) FROM customer_ref r
      WHERE r.tenant_id = o.tenant_id AND r.customer_id = o.customer_id AND r.source = o.source) AS "customerExternalId",
    o.placed_at AS "placedAt", o.status, o.currency_code AS "currencyCode", trim_scale(o.total)::text AS total,
    trim_scale(o.discount)::text AS discount, trim_scale(o.refunded)::text AS refunded,
    coalesce((SELECT json_agg(json_strip_nulls(json_build_object('sku', i.sku, 'title', i.title, 'category', i.category,
        'quantity', i.quantity, 'unitPrice', trim_scale(i.unit_price)::text, 'discounted', i.discounted)) ORDER BY i.line)
      FROM order_item i WHERE i.tenant_id = o.tenant_id AND i.order_id = o.id), '[]') AS items,
    coalesce((SELECT json_agg(json_strip_nulls(json_build_object('carrier', s.carrier, 'trackingNumber', s.tracking_number,
        'status', s.status, 'updatedAt', to_char(s.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) ORDER BY s.line)
      FROM shipment s WHERE s.tenant_id = o.tenant_id AND s.order_id = o.id), '[]') AS shipments
  FROM (
    SELECT * FROM customer_order WHERE tenant_id = app.current_tenant() ORDER BY source COLLATE "C", external_id COLLATE "C" OFFSET 0
  ) AS o`

export const orderRecord = (row: ExportedOrder): OrderRecord => ({
  source: row.source,
  externalId: row.externalId,
  customer: row.customerExternalId === null ? { id: row.customerId } : { externalId: row.customerExternalId },
  placedAt: row.placedAt.toISOString(),
  status: row.status,
  currencyCode: row.currencyCode,
  total: row.total,
  ...(row.discount !== null && { discount: row.discount }),
  ...(row.refunded !== null && { refunded: row.refunded }),
  items: row.items,
  shipments: row.shipments,
})
