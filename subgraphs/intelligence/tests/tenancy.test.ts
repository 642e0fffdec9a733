import { newId } from '@quimbi/database/ids.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from './kit.ts'

const [ours, theirs] = [newId(), newId()]
/** Prisma's list of migrations; the job library has a schema of its own. */
const exempt = ['_prisma_migrations']

type Table = { name: string; secured: boolean; policies: string[]; key: string[]; foreignKeys: string[] }
type Column = { table: string; column: string; type: string }

let world: World
let tables: Table[]
let columns: Column[]

beforeAll(async () => {
  world = await openWorld()
  tables = await world.rows<Table>(
    `SELECT c.relname AS name, c.relrowsecurity AS secured,
       ARRAY(SELECT p.polname || ' to ' || array_to_string(p.polroles::regrole[], ',') || ' for ' || p.polcmd::text
         FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1) AS policies,
       ARRAY(SELECT a.attname::text FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (number, place)
         JOIN pg_attribute a ON a.attnum = k.number
         WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid ORDER BY k.place) AS key,
       ARRAY(SELECT a.attname::text FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
         WHERE f.conrelid = c.oid AND f.contype = 'f') AS "foreignKeys"
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($1)
     ORDER BY 1`,
    exempt,
  )
  columns = await world.rows<Column>(
    `SELECT table_name AS "table", column_name AS "column", udt_name AS type FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY ordinal_position`,
  )
  const owner = new pg.Client(world.url)
  await owner.connect()
  // Without foreign keys for once, so that a table needs no place in an order.
  await owner.query('SET session_replication_role = replica')
  for (const { name } of tables) for (const id of [ours, theirs]) await owner.query(insertInto(name, id))
  await owner.end()
})

afterAll(() => world.close())

/** What a check allows, where the samples by type are something else. */
const allowed: Readonly<Record<string, string>> = {
  'api_key_read.outcome': `'OK'`,
  'draft.channel': `'EMAIL'`,
  'draft.key': `'${'k'.repeat(32)}'`,
  'draft.length': `'SHORT'`,
  'draft.tone': `'CONCISE'`,
  'interaction.channel': `'EMAIL'`,
  'interaction.kind': `'SURVEY'`,
  'customer_insight.status': `'READY'`,
  'customer_insight.lifecycle': `'NEW'`,
  'insight_webhook_sum.metric': `'ENGAGEMENT'`,
  'insight_webhook.metrics': `'{CHURN_RISK}'`,
  'insight_point.metric': `'ENGAGEMENT'`,
  'model.kind': `'CHURN'`,
  'model.role': `'CHAMPION'`,
  'job.status': `'QUEUED'`,
  'tenant_profile.churn_horizon_days': '90',
  'tenant_profile.measured_horizon_days': '90',
}

/** A row for any table: every id is `id`, every word passes the checks on statuses. */
function insertInto(table: string, id: string, tenantId = id): string {
  const samples: Record<string, string> = {
    uuid: `'${id}'`,
    text: `'PAID'`,
    bpchar: `'USD'`,
    int4: '1',
    int8: String(Number.parseInt(id.slice(-6), 16)),
    numeric: '1',
    bool: 'true',
    bytea: `'${id}'`,
    jsonb: `'{}'`,
    timestamptz: `'2026-11-21T12:00:00Z'`,
    _text: `'{}'`,
    _uuid: `'{}'`,
    float8: '1',
    _float8: `'{}'`,
    date: `'2026-11-21'`,
  }
  const own = columns.filter((column) => column.table === table)
  const values = own.map(({ column, type }) =>
    column === 'tenant_id' ? `'${tenantId}'` : (allowed[`${table}.${column}`] ?? samples[type] ?? type),
  )
  return `INSERT INTO ${table} (${own.map(({ column }) => column).join(', ')}) VALUES (${values.join(', ')})`
}

/** How many rows a statement touched, or that it was refused for lack of a right. */
async function attempt(tenantId: string, sql: string): Promise<number | 'refused'> {
  try {
    return await world.database.transact(tenantId, (tx) => tx.$executeRawUnsafe(sql))
  } catch (error) {
    if ((error as { code?: unknown }).code === '42501') return 'refused'
    throw error
  }
}

const nothing = (outcome: number | 'refused') => expect(outcome === 0 || outcome === 'refused').toBe(true)

const countIn = (tenantId: string, table: string, where = 'true') =>
  world.database.transact(tenantId, async (tx) => {
    const [row] = await tx.$queryRawUnsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`)
    return row?.n
  })

const kept = (table: string) => world.rows(`SELECT t::text FROM ${table} t WHERE tenant_id = $1`, theirs)

describe('every table', () => {
  it('is in the schema that the tests look at', async () => {
    const elsewhere = await world.rows(
      `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace <> ALL
         (ARRAY(SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'pg_catalog', 'information_schema', 'graphile_worker')))`,
    )
    expect(elsewhere).toEqual([])
    expect(tables.map(({ name }) => name)).toContain('customer_order')
  })

  it('is under row-level security with the policies of both roles', () => {
    const policies = ['all_tenants to quimbi_system for *', 'tenant_isolation to quimbi_app for *']
    expect(tables.filter(({ secured }) => !secured)).toEqual([])
    for (const table of tables) expect(table).toMatchObject({ name: table.name, policies })
  })

  it('has keys that begin with the tenant', () => {
    expect(tables.filter(({ key }) => key[0] !== 'tenant_id')).toEqual([])
    expect(tables.filter(({ foreignKeys }) => foreignKeys.some((first) => first !== 'tenant_id'))).toEqual([])
  })

  it('shows a tenant its own rows and nobody else’s', async () => {
    for (const { name } of tables) {
      expect([name, await countIn(ours, name)]).toEqual([name, 1])
      expect([name, await countIn(ours, name, `tenant_id = '${theirs}'`)]).toEqual([name, 0])
    }
  })

  it('takes no row for another tenant and gives none away', async () => {
    for (const { name } of tables) {
      const before = await kept(name)
      expect([name, await attempt(ours, insertInto(name, newId(), theirs))]).toEqual([name, 'refused'])
      const gift = `UPDATE ${name} SET tenant_id = '${theirs}' WHERE tenant_id = '${ours}'`
      expect([name, await attempt(ours, gift)]).toEqual([name, 'refused'])
      expect(await kept(name)).toEqual(before)
    }
  })

  it('keeps another tenant’s rows from being changed, deleted, emptied or locked', async () => {
    for (const { name } of tables) {
      const before = await kept(name)
      nothing(await attempt(ours, `UPDATE ${name} SET tenant_id = tenant_id WHERE tenant_id = '${theirs}'`))
      nothing(await attempt(ours, `DELETE FROM ${name} WHERE tenant_id = '${theirs}'`))
      nothing(await attempt(ours, `SELECT 1 FROM ${name} WHERE tenant_id = '${theirs}' FOR UPDATE`))
      expect([name, await attempt(ours, `TRUNCATE ${name} CASCADE`)]).toEqual([name, 'refused'])
      expect(await kept(name)).toEqual(before)
    }
  })

  it('shows and gives nothing to a caller without a tenant', async () => {
    for (const { name } of tables) {
      expect([name, await countIn('', name)]).toEqual([name, 0])
      expect([name, await attempt('', insertInto(name, newId()))]).toEqual([name, 'refused'])
      nothing(await attempt('', `UPDATE ${name} SET tenant_id = tenant_id`))
      nothing(await attempt('', `DELETE FROM ${name}`))
      expect(await kept(name)).toHaveLength(1)
    }
  })

  it('keeps its protection whatever the application tries', async () => {
    expect(await attempt(ours, 'ALTER TABLE customer DISABLE ROW LEVEL SECURITY')).toBe('refused')
    expect(await attempt(ours, 'DROP POLICY tenant_isolation ON customer')).toBe('refused')
  })
})

describe('functions that see past row-level security', () => {
  it('have a fixed search_path and are nobody’s by default', async () => {
    const functions = await world.rows<{ name: string; fixed: boolean; everyone: boolean }>(
      `SELECT proname AS name, coalesce(proconfig::text LIKE '%search_path=%', false) AS fixed,
         proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0) AS everyone
       FROM pg_proc WHERE prosecdef AND pronamespace IN ('app'::regnamespace, 'public'::regnamespace)`,
    )
    expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['find_api_key', 'enqueue_job']))
    expect(functions.filter(({ fixed, everyone }) => !fixed || everyone)).toEqual([])
  })
})
