import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { trimLog, type TrimOptions } from './retention.ts'
import { openTestDatabase, sequence, tenantA, tenantB, testLinks, writeTicketEvents } from './test-kit.ts'
import { verifyLog } from './verify.ts'

const links = testLinks()
const now = new Date('2026-11-21T12:00:00Z')
const [open, closed] = ['0198a000-0000-7000-8000-100000000001', '0198a000-0000-7000-8000-100000000002']
const day = (n: number) => new Date(Date.UTC(2026, 0, n))

/** A log with an entry a day: of a ticket that is open (o), of one that is closed (c), of none (n). */
async function logOf(tickets: string) {
  const { system } = await openTestDatabase()
  const of = { o: open, c: closed } as Record<string, string>
  const append = async (more: string, from: number) => {
    await writeTicketEvents(
      system,
      [...more].map((letter, index) => ({ ticketId: of[letter] ?? null, occurredAt: day(from + index) })),
    )
    await sequence(system)
  }
  await append(tickets, 1)
  return { system, append }
}

const trim = (pool: pg.Pool, before: Date, more: Partial<TrimOptions> = {}) =>
  trimLog(pool, {
    tenantId: tenantA,
    before,
    keep: { sql: 'entry.ticket_id = $4', values: [open] },
    links,
    now,
    ...more,
  })

const left = async (pool: pg.Pool) => {
  const { rows } = await pool.query<{ sequence: string }>('SELECT sequence FROM event_log ORDER BY sequence')
  return rows.map((row) => Number(row.sequence))
}
const checkpoints = async (pool: pg.Pool) => {
  const { rows } = await pool.query<{ sequence: string }>('SELECT sequence FROM log_checkpoint ORDER BY sequence')
  return rows.map((row) => Number(row.sequence))
}
const verify = (pool: pg.Pool) => verifyLog(pool, { tenantId: tenantA, links, now })

describe('retention', () => {
  it('cuts what is old, keeps what must stay, and leaves a checkpoint for each run', async () => {
    const { system } = await logOf('ccoccoocnc')
    expect(await trim(system, day(9))).toEqual({ cut: 5, flaw: null })
    expect(await left(system)).toEqual([3, 6, 7, 9, 10])
    expect(await checkpoints(system)).toEqual([2, 5, 8])
    expect(await verify(system)).toBeNull()
    expect(await trim(system, day(9))).toEqual({ cut: 0, flaw: null })
    expect(await checkpoints(system)).toEqual([2, 5, 8])
  })

  it('makes one checkpoint of runs that come to touch, whatever the size of its steps', async () => {
    for (const batchSize of [1, 2, 3, 100]) {
      const { system } = await logOf('ccoccoocnc')
      await trim(system, day(6), { batchSize })
      expect(await checkpoints(system)).toEqual([2, 5])
      const all = { keep: { sql: 'false', values: [] }, batchSize }
      expect(await trim(system, day(10), all)).toEqual({ cut: 5, flaw: null })
      expect([await left(system), await checkpoints(system)]).toEqual([[10], [9]])
      expect(await verify(system)).toBeNull()
    }
  })

  it('cuts everything before, and the chain goes on from the checkpoint', async () => {
    const { system, append } = await logOf('ccc')
    await trim(system, day(40))
    expect([await left(system), await checkpoints(system)]).toEqual([[], [3]])
    expect(await verify(system)).toBeNull()
    await append('oc', 50)
    expect(await left(system)).toEqual([4, 5])
    expect(await verify(system)).toBeNull()
    await trim(system, day(90))
    expect([await left(system), await checkpoints(system)]).toEqual([[4], [3, 5]])
    await append('c', 100)
    expect(await verify(system)).toBeNull()
  })

  it('cuts nothing from a stretch that was tampered with, and says where', async () => {
    const { system } = await logOf('cccccc')
    await system.query(`UPDATE event_log SET payload = '{"a":1}' WHERE sequence = 4`)
    const flaw = { sequence: 4n, kind: 'PAYLOAD' }
    expect(await trim(system, day(6), { batchSize: 2 })).toEqual({ cut: 2, flaw })
    expect(await left(system)).toEqual([3, 4, 5, 6])
    expect(await verify(system)).toEqual(flaw)
  })

  it('is one tenant’s own, and waits for another run of it', async () => {
    const { system } = await logOf('ccoc')
    await writeTicketEvents(system, [{ tenantId: tenantB, ticketId: closed, occurredAt: day(1) }])
    await sequence(system)
    const runs = await Promise.all(Array.from({ length: 3 }, () => trim(system, day(30), { batchSize: 1 })))
    expect(runs.reduce((sum, { cut }) => sum + cut, 0)).toBe(3)
    expect((await system.query('SELECT FROM event_log WHERE tenant_id = $1', [tenantB])).rowCount).toBe(1)
    expect(await verify(system)).toBeNull()
    expect(await verifyLog(system, { tenantId: tenantB, links, now })).toBeNull()
  })

  it('signs anew once the key has changed, as long as the old one is known', async () => {
    const { system } = await logOf('ccoc')
    await trim(system, day(30))
    const next = testLinks()
    const both = {
      sign: next.sign,
      read: async (...args: Parameters<typeof next.read>) => (await next.read(...args)) ?? links.read(...args),
    }
    await trim(system, day(30), { links: both })
    expect(await verifyLog(system, { tenantId: tenantA, links: next, now })).toBeNull()
    expect(await verify(system)).toMatchObject({ kind: 'MISSING' })
  })
})
