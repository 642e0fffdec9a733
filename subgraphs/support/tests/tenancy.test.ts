import { assertRowSecurity, createPool } from '@quimbi/database/connect.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { completeAction } from '../src/tickets/actions.ts'
import { recordAudit } from '../src/audit/record.ts'
import { systemActor } from '../src/log/actors.ts'
import { openSupport, ownerOf, serviceOf, type TestSupport } from './kit.ts'

let support: TestSupport
let mine: Tenant
let theirs: Tenant
let tables: Table[]

/** What the catalogue says of a table. */
type Table = {
  name: string
  tenantColumn: string
  isProtected: boolean
  policies: string[]
  primaryKey: string[]
}

// Everything that keeps rows, whoever adds it later; the migrations' own list is the one exception.
const catalogue = `
  SELECT c.relname AS name, CASE c.relname WHEN 'tenant' THEN 'id' ELSE 'tenant_id' END AS "tenantColumn",
    c.relrowsecurity AS "isProtected",
    (SELECT coalesce(array_agg(p.policyname || ' to ' || array_to_string(p.roles, ',') ORDER BY p.policyname), '{}')
      FROM pg_policies p WHERE p.schemaname = n.nspname AND p.tablename = c.relname)::text[] AS policies,
    (SELECT array_agg(a.attname ORDER BY k.place) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute a ON a.attnum = k.number WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid)::text[] AS "primaryKey"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'graphile_worker')
    AND c.relname <> '_prisma_migrations'
  ORDER BY c.relname`

beforeAll(async () => {
  support = await openSupport()
  ;[mine, theirs] = [await support.aTenant(), await support.aTenant()]
  for (const tenant of [mine, theirs]) await fill(tenant)
  await support.module.sequence()
  for (const tenant of [mine, theirs]) await support.aCustomer(tenant)
  tables = (await support.database.systemPool.query<Table>(catalogue)).rows
})
afterAll(() => support.close())

/** A row in every table: of the log's once it is sequenced. */
async function fill(tenant: Tenant): Promise<void> {
  const agent = await support.anAgent(tenant)
  await support.asAgent(agent)
  const customer = await support.aCustomer(tenant, { externalRefs: [{ source: 'shop', id: '1' }] })
  const ticket = await support.aTicket(tenant, { customerId: customer.id, idempotencyKey: 'first' })
  await support.database.transact(tenant.id, (tx) =>
    completeAction(tx, serviceOf(tenant.id), { ticketId: ticket.id, actionId: 'call' }, support.clock.now()),
  )
  const alert = { tenantId: tenant.id, id: crypto.randomUUID(), keywords: ['x'], scope: 'MINE', createdBy: ticket.id }
  const db = support.database.forTenant(tenant.id)
  await db.topicAlert.create({ data: { ...alert, createdAt: support.clock.now() } })
  await db.topicAlertMatch.create({ data: { tenantId: tenant.id, alertId: alert.id, ticketId: ticket.id, rank: 1 } })
  const [own, createdAt] = [{ tenantId: tenant.id, id: crypto.randomUUID() }, support.clock.now()]
  await db.team.create({ data: { ...own, name: 'x', createdAt } })
  await db.teamMember.create({ data: { tenantId: tenant.id, teamId: own.id, agentId: agent.id } })
  await db.policy.create({
    data: { ...own, kind: 'TONE', name: 'x', text: 'x', isActive: true, createdAt, updatedAt: createdAt },
  })
  await db.customerAlias.create({ data: { ...own, customerId: customer.id, createdAt } })
  const reason = { strategy: 'MANUAL', explanation: 'x', assignedAt: createdAt }
  await db.assignment.create({ data: { ...own, ticketId: ticket.id, agentId: agent.id, ...reason } })
  const said = await db.message.findFirstOrThrow({ where: { tenantId: tenant.id, ticketId: ticket.id } })
  const file = { fileName: 'x.txt', contentType: 'text/plain', byteSize: 1, sha256: 'x', createdAt }
  await db.attachment.create({ data: { ...own, ...file } })
  await db.messageAttachment.create({ data: { tenantId: tenant.id, messageId: said.id, attachmentId: own.id } })
  await db.note.create({ data: { ...own, ticketId: ticket.id, author: {}, content: 'x', createdAt } })
  const told = { customerId: customer.id, requestedBy: agent.id, createdAt, expiresAt: createdAt }
  await db.satisfaction.create({ data: { tenantId: tenant.id, ticketId: ticket.id, score: 5, answeredAt: createdAt } })
  await db.dataExport.create({ data: { ...own, ...told } })
  await db.draftUse.create({
    data: { tenantId: tenant.id, draftId: 'x', outcome: 'SHOWN', createdAt, updatedAt: createdAt },
  })
  const ruled = { name: 'x', order: 1, isActive: false, trigger: 'TICKET_CREATED', conditions: {}, actions: [] }
  await db.automationRule.create({ data: { ...own, ...ruled, createdAt, updatedAt: createdAt } })
  await db.ruleFiring.create({
    data: { tenantId: tenant.id, ruleId: own.id, ticketId: ticket.id, causeId: own.id, firedAt: createdAt },
  })
  const decided = {
    field: 'TAG',
    to: 'x',
    confidence: 1,
    evidence: [],
    explanation: 'x',
    madeBy: {},
    madeAt: createdAt,
  }
  await db.decision.create({ data: { ...own, ticketId: ticket.id, ...decided } })
  await db.recipientFuse.create({ data: { tenantId: tenant.id, recipient: 'x', windowStart: createdAt, sent: 1 } })
  const hours = { version: 1, name: 'x', timeZone: 'UTC', weekly: [], holidays: [], createdAt }
  await db.businessCalendar.create({ data: { ...own, ...hours } })
  const promise = { version: 1, name: 'x', order: 1, conditions: {}, targets: [], isActive: false, createdAt }
  await db.slaPolicy.create({ data: { ...own, ...promise } })
  const who = { actor: systemActor('TIMER', 'test') }
  const entry = { tenantId: tenant.id, who, now: support.clock.now(), action: 'x', subjectType: 'X', subjectId: 'x' }
  await support.database.transact(tenant.id, (tx) => recordAudit(tx, entry))
  const hook = { url: 'https://x.example', eventTypes: [], isActive: false, secret: 'x', createdAt }
  await db.webhookEndpoint.create({ data: { ...own, ...hook } })
  await db.webhookDelivery.create({ data: { ...own, endpointId: own.id, eventId: own.id, body: '{}', createdAt } })
  const notice = { agentId: agent.id, kind: 'RULE', text: 'x', eventId: own.id, createdAt }
  await db.notification.create({ data: { ...own, ...notice } })
  const checkpoint = `INSERT INTO log_checkpoint VALUES ($1, -1, '', now(), '', '')`
  await support.database.systemPool.query(checkpoint, [tenant.id])
  const cursor = `INSERT INTO feed_cursor (tenant_id, source, position) VALUES ($1, 'test', 1)`
  await support.database.systemPool.query(cursor, [tenant.id])
}

const asMe = () => support.database.forTenant(mine.id)

/** How many rows a statement touched; nothing where the role may not even try. */
const touched = async (attempt: Promise<number>): Promise<number> =>
  attempt.catch((error: { code?: unknown }) => {
    if (error.code === '42501') return 0
    throw error
  })

const rowOf = async ({ name, tenantColumn }: Table, tenantId: string): Promise<string> => {
  const { rows } = await support.database.systemPool.query<{ row: object }>(
    `SELECT to_jsonb(t) AS row FROM ${name} t WHERE ${tenantColumn} = $1 LIMIT 1`,
    [tenantId],
  )
  if (!rows[0]) throw new Error(`fill() writes nothing into ${name}: this test would prove nothing.`)
  return JSON.stringify(rows[0].row)
}

/** Runs a check on each table and names those that fail it. */
async function failing(check: (table: Table) => Promise<boolean> | boolean): Promise<string[]> {
  const names: string[] = []
  for (const table of tables) if (!(await check(table))) names.push(table.name)
  return names
}

describe('every table', () => {
  it('is under row-level security with one policy for the application and one for the system', async () => {
    const policies = ['all_tenants to quimbi_system', 'tenant_isolation to quimbi_app']
    expect(await failing((table) => table.isProtected && table.policies.join() === policies.join())).toEqual([])
    expect(tables.length).toBeGreaterThanOrEqual(13)
  })

  it('has a primary key that begins with the tenant', async () => {
    expect(await failing(({ primaryKey, tenantColumn }) => primaryKey?.[0] === tenantColumn)).toEqual([])
  })

  it('has a tenant in its unique keys, but for what is unique in the database', async () => {
    const { rows } = await support.database.systemPool.query<{ index: string }>(`
      SELECT i.indexrelid::regclass::text AS index FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations' AND a.attname <> 'tenant_id'
      ORDER BY 1`)
    expect(rows.map(({ index }) => index)).toEqual(['event_log_position_key', 'tenant_pkey', 'tenant_slug_key'])
  })

  it('shows another tenant nothing, whatever is asked', async () => {
    const others = async ({ name, tenantColumn }: Table) => {
      const rows = await asMe().$queryRawUnsafe<unknown[]>(
        `SELECT 1 FROM ${name} WHERE ${tenantColumn} <> $1::uuid`,
        mine.id,
      )
      return rows.length === 0
    }
    expect(await failing(others)).toEqual([])
  })

  it('shows its own rows to each tenant, and all to the system', async () => {
    const own = async ({ name, tenantColumn }: Table) => {
      const rows = await asMe().$queryRawUnsafe<unknown[]>(`SELECT 1 FROM ${name}`)
      const all = await support.database.system.$queryRawUnsafe<unknown[]>(
        `SELECT DISTINCT ${tenantColumn} FROM ${name} WHERE ${tenantColumn} IN ($1::uuid, $2::uuid)`,
        mine.id,
        theirs.id,
      )
      return rows.length > 0 && all.length === 2
    }
    expect(await failing(own)).toEqual([])
  })

  it('takes no row of another tenant', async () => {
    const refuses = async (table: Table) => {
      const row = await rowOf(table, theirs.id)
      const insert = `INSERT INTO ${table.name} SELECT * FROM jsonb_populate_record(null::${table.name}, $1::jsonb)`
      for (const end of ['', ' ON CONFLICT DO NOTHING']) {
        const attempt = support.database.transact(mine.id, (tx) => tx.$executeRawUnsafe(insert + end, row))
        await expect(attempt, table.name).rejects.toMatchObject({ code: '42501' })
      }
      return true
    }
    expect(await failing(refuses)).toEqual([])
  })

  it('lets no tenant change, take, give away or delete another’s rows', async () => {
    const holds = async (table: Table) => {
      const { name, tenantColumn: tenant } = table
      const before = await rowOf(table, theirs.id)
      const run = (sql: string, ...values: string[]) =>
        touched(support.database.transact(mine.id, (tx) => tx.$executeRawUnsafe(sql, ...values)))
      const counts = [
        await run(`UPDATE ${name} SET ${tenant} = ${tenant} WHERE ${tenant} = $1::uuid`, theirs.id),
        await run(`UPDATE ${name} SET ${tenant} = $2::uuid WHERE ${tenant} = $1::uuid`, theirs.id, mine.id),
        await run(`UPDATE ${name} SET ${tenant} = $2::uuid WHERE ${tenant} = $1::uuid`, mine.id, theirs.id),
        await run(`DELETE FROM ${name} WHERE ${tenant} = $1::uuid`, theirs.id),
      ]
      return counts.every((count) => count === 0) && (await rowOf(table, theirs.id)) === before
    }
    expect(await failing(holds)).toEqual([])
  })

  it('shows nothing and takes nothing while no tenant is bound', async () => {
    const nobody = support.database.forTenant('')
    const closed = async (table: Table) => {
      const seen = await nobody.$queryRawUnsafe<unknown[]>(`SELECT 1 FROM ${table.name}`)
      const outside = await support.database.appPool.query(`SELECT 1 FROM ${table.name}`)
      const insert = `INSERT INTO ${table.name} SELECT * FROM jsonb_populate_record(null::${table.name}, $1::jsonb)`
      await expect(nobody.$executeRawUnsafe(insert, await rowOf(table, mine.id)), table.name).rejects.toMatchObject({
        code: '42501',
      })
      const deleted = await touched(nobody.$executeRawUnsafe(`DELETE FROM ${table.name}`))
      return seen.length === 0 && outside.rowCount === 0 && deleted === 0
    }
    expect(await failing(closed)).toEqual([])
  })

  it('cannot be truncated by the application', async () => {
    for (const { name } of tables) {
      await expect(asMe().$executeRawUnsafe(`TRUNCATE ${name} CASCADE`), name).rejects.toMatchObject({ code: '42501' })
    }
  })
})

describe('the roles', () => {
  it('own nothing and cannot bypass row-level security', async () => {
    const { rows } = await support.database.systemPool.query(`
      SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, (SELECT count(*)::int FROM pg_class WHERE relowner = pg_roles.oid) AS owned
      FROM pg_roles WHERE rolname IN ('quimbi_app', 'quimbi_system') ORDER BY 1`)
    const bound = { rolsuper: false, rolbypassrls: false, rolcanlogin: false, owned: 0 }
    expect(rows).toEqual([
      { rolname: 'quimbi_app', ...bound },
      { rolname: 'quimbi_system', ...bound },
    ])
  })

  it('are the only ones that serve: a role that can bypass is refused', async () => {
    const pool = createPool({ url: support.url, role: ownerOf(support.url) })
    await expect(assertRowSecurity(pool)).rejects.toThrow('can bypass row-level security')
    await pool.end()
    await expect(assertRowSecurity(support.database.appPool)).resolves.toBeUndefined()
  })

  it('leave the application no look at the job library’s tables or the migrations', async () => {
    await expect(asMe().$queryRawUnsafe('SELECT * FROM _prisma_migrations')).rejects.toMatchObject({ code: '42501' })
    const { rows } = await support.database.systemPool.query<{ name: string }>(`
      SELECT p.oid::regprocedure::text AS name FROM pg_proc p WHERE p.prosecdef AND has_function_privilege('quimbi_app', p.oid, 'EXECUTE')
        AND p.pronamespace NOT IN ('pg_catalog'::regnamespace) ORDER BY 1`)
    expect(rows.map(({ name }) => name)).toEqual([
      'app.alert_matches(uuid[],timestamp with time zone,uuid)',
      'app.customers_meant(text,integer)',
      'app.enqueue_job(text,jsonb,text,timestamp with time zone)',
      'app.erase_audit(text[])',
      'app.erase_entries(uuid[],uuid[])',
      'app.find_login(text,text)',
      'app.first_statistics()',
      'app.open_tickets_about(text[])',
      'app.search_tickets(text,integer)',
      'app.tickets_about(text[],uuid[])',
    ])
  })
})
