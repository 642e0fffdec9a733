import { createPool } from '@quimbi/database/connect.ts'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createMemoryBus } from './bus.ts'
import { directSource, type FeedEvent } from './feed.ts'
import { publish } from './outbox.ts'
import { createSequencer, type SequencerOptions } from './sequencer.ts'
import {
  asOwner,
  asTenant,
  eventually,
  numberOf,
  openTestDatabase,
  readAll,
  recordedLog,
  seen,
  tenantA,
  tenantB,
  until,
} from './test-kit.ts'

function startedSequencer(options: Pick<SequencerOptions, 'pool'> & Partial<SequencerOptions>) {
  const sequencer = createSequencer({ name: 'support', bus: createMemoryBus(), log: recordedLog().log, ...options })
  sequencer.start()
  onTestFinished(() => sequencer.stop())
  return sequencer
}

const leaderPid = async (pool: pg.Pool): Promise<number | undefined> => {
  const { rows } = await pool.query<{ pid: number }>(`
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND granted AND datname = current_database()`)
  return rows[0]?.pid
}

const sequencesOf = async (pool: pg.Pool, tenantId: string) => {
  const query = 'SELECT sequence, position, event_id FROM event_log WHERE tenant_id = $1 ORDER BY sequence'
  return (await pool.query<{ sequence: string; position: string; event_id: string }>(query, [tenantId])).rows
}

describe('the sequencer', () => {
  it('gives a late commit a later number, where a reader of outbox ids loses it', async () => {
    const { system, database } = await openTestDatabase()
    const sequencer = createSequencer({ pool: system, bus: createMemoryBus(), log: recordedLog().log, name: 'support' })
    let lastId = 0n
    const naive: number[] = []
    const readNaively = async () => {
      const query = 'SELECT id, payload FROM outbox WHERE id > $1 ORDER BY id'
      const { rows } = await system.query<{ id: string; payload: unknown }>(query, [lastId])
      naive.push(...rows.map(numberOf))
      lastId = BigInt(rows.at(-1)?.id ?? lastId)
    }
    const byPosition: number[] = []
    let position = 0n
    const readByPosition = async () => {
      await sequencer.drain()
      const events = await readAll(directSource(system), position)
      byPosition.push(...events.map(numberOf))
      position = events.at(-1)?.position ?? position
    }

    await database.$transaction(async (late) => {
      await publish(late, [seen(1)])
      await publish(database, [seen(2)])
      await readNaively()
      await readByPosition()
    })
    await readNaively()
    await readByPosition()

    expect(naive).toEqual([2])
    expect(byPosition).toEqual([2, 1])
  })

  it('loses nothing, repeats nothing and keeps the order with eight concurrent writers and a polling reader', async () => {
    const { system, database } = await openTestDatabase()
    const sequencer = startedSequencer({ pool: system, batchSize: 100, pollMs: 5 })
    const [writers, transactions, events] = [8, 250, 8]
    const tenants = [tenantA, tenantB]
    const total = writers * transactions * events

    const received: FeedEvent[] = []
    const reading = (async () => {
      for (let position = 0n; received.length < total;) {
        const page = await directSource(system).pull({ after: position, topics: ['customer.seen'], limit: 500 })
        received.push(...page.events)
        position = page.position
        if (page.atEnd) await delay(2)
      }
    })()

    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let turn = 0; turn < transactions; turn += 1) {
          await database.$transaction(async (tx) => {
            const first = (writer * transactions + turn) * events
            const batch = Array.from({ length: events }, (_, i) => seen(first + i, tenants[(writer + i) % 2]))
            await publish(tx, batch)
            await delay(Math.random() * 10)
          })
          sequencer.wake()
        }
      }),
    )
    await reading

    const numbers = received.map(numberOf)
    expect(new Set(numbers).size).toBe(total)
    expect(numbers).toHaveLength(total)
    expect(received.map(({ position }) => Number(position))).toEqual(numbers.map((_, index) => index + 1))
    for (const tenant of tenants) {
      const rows = await sequencesOf(system, tenant)
      expect(rows.map(({ sequence }) => Number(sequence))).toEqual(rows.map((_, index) => index + 1))
      const byPosition = received.filter(({ tenantId }) => tenantId === tenant).map(({ eventId }) => eventId)
      expect(rows.map((row) => row.event_id)).toEqual(byPosition)
    }
    // A writer commits one transaction after another: what it wrote keeps its order.
    for (let writer = 0; writer < writers; writer += 1) {
      const own = numbers.filter((number) => Math.floor(number / (transactions * events)) === writer)
      expect(own).toEqual(own.toSorted((a, b) => a - b))
    }
    expect((await system.query('SELECT FROM outbox')).rowCount).toBe(0)
  })

  it('neither tears nor lets anybody overtake a transaction that commits behind its walk through a backlog', async () => {
    const { system, database } = await openTestDatabase()
    const [holdsIds, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const late = database.$transaction(async (tx) => {
      await publish(tx, [seen(1)])
      await publish(database, [seen(2), seen(3)])
      await publish(tx, [seen(4)])
      await publish(database, [seen(5), seen(6)])
      holdsIds.resolve()
      await mayCommit.promise
    })
    await holdsIds.promise
    // Between two batches: the late one commits, and only then does its writer begin another.
    const bus = {
      ...createMemoryBus(),
      publish: vi
        .fn(async () => true)
        .mockImplementationOnce(async () => {
          mayCommit.resolve()
          await late
          await publish(database, [seen(7)])
          return true
        }),
    }
    const sequencer = createSequencer({ pool: system, bus, log: recordedLog().log, name: 'support', batchSize: 2 })
    await sequencer.drain()
    await sequencer.drain()
    expect((await readAll(directSource(system))).map(numberOf)).toEqual([2, 3, 5, 6, 1, 4, 7])
  })

  it('keeps the numbers without gap when several drain at once', async () => {
    const { system, database } = await openTestDatabase()
    await publish(
      database,
      Array.from({ length: 400 }, (_, i) => seen(i, i % 3 ? tenantA : tenantB)),
    )
    const options = { pool: system, bus: createMemoryBus(), log: recordedLog().log, name: 'support', batchSize: 7 }
    const drained = await Promise.allSettled(Array.from({ length: 4 }, () => createSequencer(options).drain()))
    expect(drained.map(({ status }) => status)).toContain('fulfilled')
    await createSequencer(options).drain()
    const events = await readAll(directSource(system))
    expect(events.map(numberOf)).toEqual(Array.from({ length: 400 }, (_, i) => i))
    expect(events.map(({ position }) => Number(position))).toEqual(Array.from({ length: 400 }, (_, i) => i + 1))
  })

  it('leads again, or lets another lead, when the leader is killed', async () => {
    const { url, system, database } = await openTestDatabase()
    const pools = [createPool({ url, role: 'quimbi_system' }), createPool({ url, role: 'quimbi_system' })] as const
    onTestFinished(async () => void (await Promise.all(pools.map((pool) => pool.end()))))
    for (const pool of pools) startedSequencer({ pool, pollMs: 20 })
    const first = await until(() => leaderPid(system))
    await asOwner(url, `SELECT pg_terminate_backend(${first})`)
    await publish(database, [seen(1)])
    await eventually(async () => expect((await readAll(directSource(system))).map(numberOf)).toEqual([1]))
    const second = await until(() => leaderPid(system))
    expect(second).not.toBe(first)
  })

  it('takes over from a leader that stopped', async () => {
    const { system, database } = await openTestDatabase()
    const first = startedSequencer({ pool: system, pollMs: 20 })
    const pid = await until(() => leaderPid(system))
    startedSequencer({ pool: system, pollMs: 20 })
    await first.stop()
    const next = await until(async () => {
      const leader = await leaderPid(system)
      return leader !== pid && leader
    })
    expect(next).toBeTypeOf('number')
    await publish(database, [seen(1)])
    await eventually(async () => expect(await readAll(directSource(system))).toHaveLength(1))
  })

  it('is woken by a commit of this process and of another', async () => {
    const { system, database } = await openTestDatabase()
    const bus = createMemoryBus()
    const announced: string[] = []
    bus.subscribe('log:support', () => announced.push('batch'))
    const options = { pool: system, bus, pollMs: 3_600_000 }
    const leader = startedSequencer(options)
    await until(() => leaderPid(system))
    await leader.drain()
    const follower = startedSequencer(options)
    await publish(database, [seen(1)])
    leader.wake()
    await eventually(async () => expect(await readAll(directSource(system))).toHaveLength(1))
    await publish(database, [seen(2)])
    follower.wake()
    await eventually(async () => expect(await readAll(directSource(system))).toHaveLength(2))
    expect(announced.length).toBeGreaterThanOrEqual(2)
  })

  it('says once that the database is away, and rejects a drain', async () => {
    const { lines, log } = recordedLog()
    const pool = createPool({ url: 'postgresql://nobody@127.0.0.1:9/none', role: 'quimbi_system' })
    onTestFinished(() => pool.end())
    const sequencer = startedSequencer({ pool, log, pollMs: 1 })
    await expect(sequencer.drain()).rejects.toThrow()
    await until(() => lines.length > 0)
    await delay(50)
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })
})

describe('row-level security of the log', () => {
  it('refuses an event for another tenant', async () => {
    const { app } = await openTestDatabase()
    await asTenant(app, tenantA, (tx) => publish(tx, [seen(1, tenantA)]))
    await expect(asTenant(app, tenantA, (tx) => publish(tx, [seen(2, tenantB)]))).rejects.toMatchObject({
      code: '42501',
    })
    await expect(asTenant(app, '', (tx) => publish(tx, [seen(3, tenantA)]))).rejects.toMatchObject({ code: '42501' })
  })

  it("hides another tenant's log, and takes no line from the application", async () => {
    const { app, system, database } = await openTestDatabase()
    await publish(database, [seen(1, tenantA), seen(2, tenantB)])
    await createSequencer({ pool: system, bus: createMemoryBus(), log: recordedLog().log, name: 'support' }).drain()
    const read = (tx: Parameters<Parameters<typeof asTenant>[2]>[0]) =>
      tx.$queryRawUnsafe<{ tenant_id: string }[]>('SELECT tenant_id FROM event_log')
    expect(await asTenant(app, tenantA, async (tx) => await read(tx))).toEqual([{ tenant_id: tenantA }])
    for (const sql of [
      `INSERT INTO event_log SELECT tenant_id, 9, 9, gen_random_uuid(), type, occurred_at, payload FROM event_log`,
      `UPDATE event_log SET type = 'x'`,
      `DELETE FROM event_log`,
      `UPDATE event_head SET last = 0`,
      `DELETE FROM outbox`,
    ]) {
      const attempt = asTenant(app, tenantA, async (tx) => await tx.$executeRawUnsafe(sql))
      await expect(attempt).rejects.toMatchObject({ code: '42501' })
    }
  })
})
