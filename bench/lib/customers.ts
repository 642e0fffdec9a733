import pg from 'pg'

/** Each customer bought 1 to 15 times in two years, of two lines, with some messages and visits. */
export async function buildCustomers(url: string, tenantId: string, customers: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('SET session_replication_role = replica')
    await client.query(`SELECT setseed(0.5)`)
    const fill = (sql: string, ...more: unknown[]) => client.query(sql, [tenantId, ...more])
    await fill(`INSERT INTO tenant_profile (tenant_id, currency_code, announced) VALUES ($1, 'USD', true)`)
    await fill(
      `INSERT INTO customer (tenant_id, id, created_at) SELECT $1::uuid, md5('c' || n)::uuid, now() FROM generate_series(1, $2::int) n`,
      customers,
    )
    await fill(`INSERT INTO customer_order (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code, total, fingerprint,
        created_at, updated_at)
      SELECT $1::uuid, gen_random_uuid(), c.id, 'bench', c.id || ':' || n, now() - random() * interval '700 days', 'PAID', 'USD',
        round((10 + 150 * random() ^ 3)::numeric, 2), '', now(), now()
      FROM (SELECT id, 1 + floor(15 * random() ^ 3)::int AS orders FROM customer WHERE tenant_id = $1::uuid) c, generate_series(1, c.orders) n`)
    await fill(`INSERT INTO order_item (tenant_id, order_id, line, sku, title, category, quantity, unit_price, discounted)
      SELECT $1::uuid, id, n, 'S' || floor(200 * random()), 'Thing', 'K' || floor(8 * random()), 1, total / 2, random() < 0.2
      FROM customer_order, generate_series(1, 2) n WHERE tenant_id = $1::uuid`)
    await fill(`INSERT INTO interaction (tenant_id, id, customer_id, source, external_id, channel, kind, at, sentiment, created_at)
      SELECT $1::uuid, gen_random_uuid(), c.id, 'bench', c.id || ':' || n, 'EMAIL', (ARRAY['MESSAGE', 'EMAIL_OPEN', 'SUPPORT_TICKET'])[n],
        now() - random() * interval '300 days', random(), now()
      FROM customer c, generate_series(1, 3) n WHERE c.tenant_id = $1::uuid AND random() < 0.5`)
    await fill(`INSERT INTO customer_event (tenant_id, id, customer_id, source, external_id, at, name, created_at)
      SELECT $1::uuid, gen_random_uuid(), c.id, 'bench', c.id || ':' || n, now() - random() * interval '300 days', 'visit', now()
      FROM customer c, generate_series(1, 5) n WHERE c.tenant_id = $1::uuid AND random() < 0.5`)
    // Not the rest: of a table that was found empty a kept plan is to read it whole, once it is full.
    await client.query(
      'VACUUM ANALYZE tenant_profile, customer, customer_order, order_item, interaction, customer_event',
    )
  } finally {
    await client.end()
  }
}
