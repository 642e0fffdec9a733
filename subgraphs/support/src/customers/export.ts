/** A customer as it is exported and may be imported again; `name` is null for one only seen by a reference so far. */
export type ExportedCustomer = {
  id: string
  name: string | null
  email: string | null
  phone: string | null
  locale: string | null
  timeZone: string | null
  tags: string[]
  isVip: boolean
  createdAt: string
  lastContactAt: string | null
  externalRefs: { source: string; id: string }[]
}

/** A row of `customersQuery`. */
export type ExportedCustomerRow = Omit<ExportedCustomer, 'createdAt' | 'lastContactAt'> & {
  createdAt: Date
  lastContactAt: Date | null
}

/** All customers of the tenant that the connection is bound to, by id, for a cursor. */
export const customersQuery = `
  SELECT c.id, c.name, c.email, c.phone, c.locale, c.time_zone AS "timeZone", c.tags, c.is_vip AS "isVip",
    c.created_at AS "createdAt", c.last_contact_at AS "lastContactAt",
    coalesce((SELECT json_agg(json_build_object('source', r.source, 'id', r.external_id)
        ORDER BY r.source COLLATE "C", r.external_id COLLATE "C")
      FROM customer_ref r WHERE r.tenant_id = c.tenant_id AND r.customer_id = c.id), '[]') AS "externalRefs"
  FROM (SELECT * FROM customer WHERE tenant_id = app.current_tenant() ORDER BY id OFFSET 0) AS c`

export const customerRecord = (row: ExportedCustomerRow): ExportedCustomer => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  lastContactAt: row.lastContactAt?.toISOString() ?? null,
})
