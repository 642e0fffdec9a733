import { afterAll, expect, inject, it } from 'vitest'
import { createPool, tenantClient } from './connect.ts'
import { isPlainRead } from './shared-turn.ts'

const { adminUrl } = inject('postgres')
const pool = createPool({ url: adminUrl, role: 'quimbi_app', max: 10 })
afterAll(() => pool.end())

const tenants = ['0198a000-0000-7000-8000-000000000001', '0198a000-0000-7000-8000-000000000002'] as const

type Told = { pid: number; tenant: string }
type Raw = { $queryRawUnsafe<T>(sql: string, ...values: unknown[]): Promise<T[]> }
const viewOf = (tenantId: string): Raw =>
  tenantClient({ $queryRawUnsafe: () => Promise.reject(new Error('the driver is asked')) } as Raw, pool, tenantId)
const [first, second] = [viewOf(tenants[0]), viewOf(tenants[1])]

async function ask(view: Raw, rest = ''): Promise<Told> {
  const [row] = await view.$queryRawUnsafe<Told>(
    `SELECT pg_backend_pid() AS pid, current_setting('app.tenant_id') AS tenant ${rest}`,
  )
  return row as Told
}

it('reads of a tenant in one turn go over one connection, four at most', async () => {
  const told = await Promise.all([1, 2, 3, 4, 5].map(() => ask(first)))
  const pids = told.map(({ pid }) => pid)
  expect(new Set(pids.slice(0, 4)).size).toBe(1)
  expect(pids[4]).not.toBe(pids[0])
})

it('reads of two tenants in one turn never meet on a connection', async () => {
  const told = await Promise.all([ask(first), ask(second), ask(first), ask(second)])
  expect(told.map(({ tenant }) => tenant)).toEqual([tenants[0], tenants[1], tenants[0], tenants[1]])
  expect(told[0]?.pid).not.toBe(told[1]?.pid)
  expect(told[2]?.pid).toBe(told[0]?.pid)
})

it('one that fails fails alone, and its connection is not used again', async () => {
  const [before, failed, after] = await Promise.allSettled([ask(first), ask(first, 'WHERE 1 / 0 = 1'), ask(first)])
  expect([before, failed, after].map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const { pid } = (before as PromiseFulfilledResult<Told>).value
  expect((await Promise.all(tenants.map((id) => ask(viewOf(id))))).map((told) => told.pid)).not.toContain(pid)
})

it('what waits for a lock, writes or calls a function of ours has a connection of its own', async () => {
  const locking = ask(first, 'FROM (SELECT pg_advisory_xact_lock(1)) AS held')
  const [a, b, c] = await Promise.all([ask(first), locking, ask(first)])
  expect(a?.pid).toBe(c?.pid)
  expect(b?.pid).not.toBe(a?.pid)
})

it.each([
  ['SELECT id FROM ticket WHERE id = ANY ($1)', true],
  ['\n  select count(*) from ticket', true],
  ['SELECT id FROM ticket FOR UPDATE', false],
  ['SELECT id FROM ticket FOR NO KEY UPDATE SKIP LOCKED', false],
  ['SELECT id FROM ticket\nFOR  SHARE', false],
  ['SELECT app.open_tickets_about($1)', false],
  ['SELECT graphile_worker.add_job($1)', false],
  ["SELECT set_config('app.tenant_id', $1, false)", false],
  ['SELECT pg_sleep(1)', false],
  ['SELECT nextval($1)', false],
  ["SELECT pg_notify('a', 'b')", false],
  ['WITH gone AS (DELETE FROM outbox RETURNING id) SELECT id FROM gone', false],
  ['UPDATE ticket SET rank = 1', false],
  ['BEGIN', false],
])('%s shares: %s', (text, isShared) => {
  expect(isPlainRead(text)).toBe(isShared)
})
