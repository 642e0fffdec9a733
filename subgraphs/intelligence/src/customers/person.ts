import type { Db } from '../database.ts'

// Whole rows: a column that comes later is told too. Each list by the index of its customer.
const personSql = `
  SELECT jsonb_build_object(
    'customer', to_jsonb(c) - 'tenant_id',
    'references', (SELECT jsonb_agg(to_jsonb(r) - keys ORDER BY r.source, r.external_id) FROM customer_ref r
      WHERE r.tenant_id = $1::uuid AND r.customer_id = c.id),
    'formerIds', (SELECT jsonb_agg(m.id ORDER BY m.id) FROM customer_merge m WHERE m.tenant_id = $1::uuid AND m.customer_id = c.id),
    'orders', (SELECT jsonb_agg(to_jsonb(o) - keys || jsonb_build_object(
        'items', (SELECT jsonb_agg(to_jsonb(i) - keys ORDER BY i.line) FROM order_item i WHERE i.tenant_id = $1::uuid AND i.order_id = o.id),
        'shipments', (SELECT jsonb_agg(to_jsonb(s) - keys ORDER BY s.line) FROM shipment s WHERE s.tenant_id = $1::uuid AND s.order_id = o.id)
      ) ORDER BY o.placed_at, o.id) FROM customer_order o WHERE o.tenant_id = $1::uuid AND o.customer_id = c.id),
    'interactions', (SELECT jsonb_agg(to_jsonb(i) - keys ORDER BY i.at, i.id) FROM interaction i
      WHERE i.tenant_id = $1::uuid AND i.customer_id = c.id),
    'events', (SELECT jsonb_agg(to_jsonb(e) - keys ORDER BY e.at, e.id) FROM customer_event e
      WHERE e.tenant_id = $1::uuid AND e.customer_id = c.id),
    'insight', (SELECT to_jsonb(i) - keys FROM customer_insight i WHERE i.tenant_id = $1::uuid AND i.customer_id = c.id),
    'history', (SELECT jsonb_agg(to_jsonb(p) - keys ORDER BY p.metric, p.day) FROM insight_point p
      WHERE p.tenant_id = $1::uuid AND p.customer_id = c.id),
    'drafts', (SELECT jsonb_agg(to_jsonb(d) - keys - 'key' ORDER BY d.generated_at, d.id) FROM draft d
      WHERE d.tenant_id = $1::uuid AND d.customer_id = c.id),
    'outcomes', (SELECT jsonb_agg(to_jsonb(a) - keys ORDER BY a.at, a.id) FROM action_outcome a
      WHERE a.tenant_id = $1::uuid AND a.customer_id = c.id),
    'told', (SELECT jsonb_agg(jsonb_build_object('url', w.url, 'created_at', t.created_at, 'body', t.body) ORDER BY t.created_at, t.id)
      FROM insight_webhook_delivery t JOIN insight_webhook w ON w.tenant_id = t.tenant_id AND w.id = t.webhook_id
      WHERE t.tenant_id = $1::uuid AND t.customer_id = c.id)
  ) AS person
  FROM customer c, (VALUES ('{tenant_id,customer_id,order_id}'::text[])) AS left_out (keys)
  WHERE c.tenant_id = $1::uuid AND c.id = $2::uuid`

/** All that is known of a person, for whoever asks for their data; a list is null where it is empty. Null for one who is not known. One statement. */
export async function personOf(db: Db, tenantId: string, customerId: string): Promise<object | null> {
  const [row] = await db.$queryRawUnsafe<{ person: object }[]>(personSql, tenantId, customerId)
  return row?.person ?? null
}
