import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { createTimers } from '../src/timers/timers.ts'
import { shiftTimers } from '../src/timers/store.ts'
import { openSupport, start, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
beforeAll(async () => {
  support = await openSupport({ max: 20 })
})
beforeEach(async () => {
  support.clock.set(start)
  // What another test left is nobody's business here.
  await support.asOwner('UPDATE ticket SET next_timer_at = NULL')
  tenant = await support.aTenant()
  await aPolicy(tenant)
})
afterAll(() => support.close())

/** A first response within an hour, warned of a quarter before. */
async function aPolicy({ id: tenantId }: Tenant): Promise<void> {
  const target = {
    metric: 'FIRST_RESPONSE',
    priority: 'NORMAL',
    seconds: 3_600,
    warnBeforeSeconds: 900,
    businessHours: false,
  }
  const data = {
    tenantId,
    id: newId(),
    version: 1,
    name: 'x',
    order: 1,
    conditions: {},
    targets: [target],
    isActive: true,
    createdAt: start,
  }
  await support.database.forTenant(tenantId).slaPolicy.create({ data })
  await support.asOwner('UPDATE tenant SET config_version = config_version + 1')
}

const row = ({ tenantId, id }: Ticket) =>
  support.database.forTenant(tenantId).ticket.findFirstOrThrow({ where: { id } })

/** How often each of these was told of each ticket. */
async function told(types = ['SLA_WARNING', 'SLA_BREACHED']) {
  return support.asOwner<{ ticketId: string; type: string; at: Date; times: number }>(
    `SELECT ticket_id AS "ticketId", type, min(occurred_at) AS at, count(*)::int AS times FROM (
       SELECT ticket_id, type, occurred_at, tenant_id FROM outbox UNION ALL SELECT ticket_id, type, occurred_at, tenant_id FROM event_log) AS e
     WHERE tenant_id = $1 AND type = ANY ($2) GROUP BY 1, 2 ORDER BY at`,
    [tenant.id, types],
  )
}

/** So many tickets whose timers come due together, made of one. */
async function manyDue(count: number): Promise<void> {
  const ticket = await support.aTicket(tenant)
  const columns = await support.asOwner<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'ticket' AND column_name NOT IN ('id', 'number', 'external_id')`,
  )
  const names = columns.map(({ name }) => name).join(', ')
  await support.asOwner(
    `WITH copies AS (INSERT INTO ticket (id, number, ${names}) SELECT gen_random_uuid(), 1000 + n, ${names}
       FROM ticket, generate_series(2, $2::int) AS n WHERE id = $1 RETURNING tenant_id, id)
     INSERT INTO ticket_sla (tenant_id, ticket_id, history, clocks)
     SELECT copies.tenant_id, copies.id, s.history, s.clocks FROM copies, ticket_sla s WHERE s.ticket_id = $1`,
    [ticket.id, count],
  )
}

function anotherInstance(options: Partial<Parameters<typeof createTimers>[0]> = {}) {
  const timers = createTimers({ ...support, pollMs: 20, ...options })
  onTestFinished(() => timers.stop())
  return timers
}

it('fires each once at its exact instant, and sets the next', async () => {
  const ticket = await support.aTicket(tenant)
  expect((await row(ticket)).nextTimerAt?.toISOString()).toBe('2026-11-21T10:45:00.000Z')
  support.clock.advance(2_699_999)
  await support.module.settle()
  expect(await told()).toEqual([])
  support.clock.advance(1)
  await support.module.settle()
  await support.module.settle()
  expect(await told()).toMatchObject([{ type: 'SLA_WARNING', times: 1, at: new Date('2026-11-21T10:45:00Z') }])
  expect(await row(ticket)).toMatchObject({
    slaStatus: 'IMMINENT_BREACH',
    nextTimerAt: new Date('2026-11-21T11:00:00Z'),
  })
  support.clock.advance(3_600_000)
  await support.module.settle()
  expect(await told()).toMatchObject([
    { type: 'SLA_WARNING', times: 1 },
    { type: 'SLA_BREACHED', times: 1, at: new Date('2026-11-21T11:00:00Z') },
  ])
  expect(await row(ticket)).toMatchObject({ slaStatus: 'BREACHING', nextTimerAt: null })
})

it('wakes a snoozed ticket', async () => {
  const ticket = await support.aTicket(tenant)
  const until = new Date(start.getTime() + 60_000)
  await support.asOwner(
    `UPDATE ticket SET status = 'PENDING', waiting_on = 'SNOOZE', snoozed_until = $2, next_timer_at = $2 WHERE id = $1`,
    [ticket.id, until],
  )
  support.clock.advance(61_000)
  await support.module.settle()
  expect(await row(ticket)).toMatchObject({ status: 'OPEN', waitingOn: null, snoozedUntil: null })
  expect(await told(['WOKE'])).toMatchObject([{ at: until, times: 1 }])
})

it('keeps a tenant’s own clock, and moves with it', async () => {
  await support.asOwner(
    'UPDATE tenant SET is_demo = true, clock_offset_seconds = 1800, config_version = config_version + 1 WHERE id = $1',
    [tenant.id],
  )
  const moved = new Date(start.getTime() + 1_800_000)
  support.clock.set(moved) // the kit opens tickets by this clock: as the tenant's own
  const ticket = await support.aTicket(tenant)
  support.clock.set(start)
  expect((await row(ticket)).nextTimerAt?.toISOString()).toBe('2026-11-21T10:45:00.000Z')
  await support.database.transact(tenant.id, async (tx) => {
    await tx.tenant.updateMany({ where: { id: tenant.id }, data: { clockOffsetSeconds: 4_500, configVersion: 77 } })
    await shiftTimers(tx, tenant.id, 2_700)
  })
  expect((await row(ticket)).nextTimerAt?.toISOString()).toBe('2026-11-21T10:00:00.000Z')
  await support.module.settle()
  expect(await told()).toMatchObject([{ type: 'SLA_WARNING', times: 1, at: new Date('2026-11-21T11:15:00Z') }])
})

it('fires each once with several instances at work on the same tickets', async () => {
  await manyDue(300)
  support.clock.advance(3_600_000)
  await Promise.all([1, 2, 3, 4].map((size) => anotherInstance({ batchSize: 20 + size }).drain()))
  await anotherInstance().drain()
  const events = await told()
  expect(events).toHaveLength(600)
  expect(new Set(events.map(({ times }) => times))).toEqual(new Set([1]))
})

it('is led by one of them, and by another when that one stops', async () => {
  const [first, second] = [anotherInstance(), anotherInstance()]
  const leaders = () => support.logLines.filter((line) => line.includes('now minds the timers')).length
  const before = leaders()
  await first.start()
  await vi.waitFor(() => expect(leaders()).toBe(before + 1))
  await second.start()
  await manyDue(3)
  support.clock.advance(2_700_000)
  await vi.waitFor(async () => expect(await told()).toHaveLength(3))
  expect(leaders()).toBe(before + 1)
  await first.stop()
  await vi.waitFor(() => expect(leaders()).toBe(before + 2))
})

it('is woken by a commit, in its own process and in another, and by the clock', async () => {
  const hour = 3_600_000
  const real = { now: () => new Date() }
  const [leader, other] = [
    anotherInstance({ clock: real, pollMs: hour }),
    anotherInstance({ clock: real, pollMs: hour }),
  ]
  const leads = () => support.logLines.some((line) => line.includes('now minds the timers'))
  support.logLines.length = 0
  await leader.start()
  await vi.waitFor(() => expect(leads()).toBe(true))
  await other.start()
  support.clock.set(new Date())
  const ticket = await support.aTicket(tenant)
  // Nobody is told of this: the commit of the next ticket wakes whoever leads, and the clock does the rest.
  await support.asOwner(
    `UPDATE ticket SET snoozed_until = now() + interval '0.3 s', next_timer_at = now() + interval '0.3 s',
    status = 'PENDING', waiting_on = 'SNOOZE' WHERE id = $1`,
    [ticket.id],
  )
  await support.aTicket(tenant)
  await vi.waitFor(async () => expect((await row(ticket)).status).toBe('OPEN'), { timeout: 10_000 })
  expect(await told(['WOKE'])).toMatchObject([{ times: 1 }])
})

it('does not keep the others waiting for a ticket that fails', async () => {
  await manyDue(5)
  const [bad] = await support.asOwner<{ id: string }>(
    'SELECT id FROM ticket WHERE tenant_id = $1 AND number > 1000 LIMIT 1',
    [tenant.id],
  )
  await support.asOwner(`UPDATE ticket_sla SET history = '5' WHERE ticket_id = $1`, [bad?.id])
  support.clock.advance(2_700_000)
  const timers = anotherInstance()
  await timers.drain()
  expect(await told()).toHaveLength(4)
  const failures = () => support.logLines.filter((line) => line.includes('timer of a ticket failed')).length
  const before = failures()
  expect(before).toBeGreaterThan(0)
  await timers.drain()
  expect(failures()).toBe(before)
  support.clock.advance(1_001)
  await timers.drain()
  expect(failures()).toBe(before + 1)
})

it('loses nothing and repeats nothing when the process that leads is killed in the midst of it', async () => {
  await manyDue(400)
  const moduleAt = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const program = `
    const { openSupportDatabase } = await import(${moduleAt('../src/database.ts')})
    const { createTimers } = await import(${moduleAt('../src/timers/timers.ts')})
    const database = await openSupportDatabase({ url: process.argv[1] })
    const now = new Date(process.argv[2])
    const bus = { publish: async () => {}, subscribe: () => () => {}, close: async () => {} }
    const log = { info() {}, warn() {}, error() {} }
    createTimers({ database, bus, log, clock: { now: () => now }, batchSize: 3 }).start()
    setInterval(() => {}, 1000)`
  support.clock.advance(3_600_000)
  const argv = ['--input-type=module', '-e', program, support.url, support.clock.now().toISOString()]
  const child = spawn(process.execPath, argv, { cwd: fileURLToPath(new URL('.', import.meta.url)), stdio: 'ignore' })
  const ended = once(child, 'exit')
  await vi.waitFor(async () => expect((await told()).length).toBeGreaterThan(20), { timeout: 20_000, interval: 5 })
  child.kill('SIGKILL')
  await ended
  const before = (await told()).length
  expect(before).toBeLessThan(800)
  const next = anotherInstance()
  await next.start()
  await vi.waitFor(async () => expect(await told()).toHaveLength(800), { timeout: 20_000, interval: 100 })
  expect(new Set((await told()).map(({ times }) => times))).toEqual(new Set([1]))
})
