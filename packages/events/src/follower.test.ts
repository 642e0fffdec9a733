import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createMemoryBus } from './bus.ts'
import type { LogEntry } from './feed.ts'
import { createFollower, type FollowerOptions } from './follower.ts'
import {
  asOwner,
  databaseOver,
  eventually,
  openTestDatabase,
  recordedLog,
  sequence,
  tenantA,
  tenantB,
  until,
  writeTicketEvents,
} from './test-kit.ts'
import type { Transaction } from './transaction.ts'

const ticketId = '0198a000-0000-7000-8000-100000000001'
const numberOf = ({ payload }: LogEntry) => (payload as { n: number }).n

/** A log of numbered events, and a follower whose effect is a row in `applied`. */
async function following() {
  const { url, system, database } = await openTestDatabase()
  await asOwner(
    url,
    `CREATE TABLE applied (n int, tenant uuid DEFAULT app.current_tenant(), at serial); GRANT ALL ON applied, applied_at_seq TO quimbi_system`,
  )
  const { log, lines } = recordedLog()
  const bus = createMemoryBus()
  const handle = async (tx: Transaction, events: readonly LogEntry[]) => {
    for (const event of events) await tx.$executeRawUnsafe('INSERT INTO applied (n) VALUES ($1)', numberOf(event))
  }
  return {
    system,
    bus,
    lines,
    handle,
    async write(...numbers: number[]) {
      const tenants = [tenantA, tenantB]
      await writeTicketEvents(
        system,
        numbers.map((n) => ({ ticketId, payload: { n }, tenantId: tenants[n % 2]! })),
      )
      await sequence(system)
      await bus.publish('log:support')
    },
    follower(options: Partial<FollowerOptions<Transaction>> = {}) {
      const all = { name: 'rules', logName: 'support', pool: system, database, types: ['TAGGED'], handle, bus, log }
      const follower = createFollower<Transaction>({ ...all, ...options })
      onTestFinished(() => follower.stop())
      return follower
    },
    applied: async () =>
      (await system.query<{ n: number; tenant: string }>('SELECT n, tenant FROM applied ORDER BY at')).rows,
  }
}

const numbers = (rows: { n: number }[]) => rows.map(({ n }) => n)

describe('a follower', () => {
  it('acts on its own log, tenant by tenant with that tenant bound, and on nothing it did not ask for', async () => {
    const { system, write, follower, applied, handle } = await following()
    await writeTicketEvents(system, [{ ticketId, type: 'ASSIGNED' }])
    await write(1, 2, 3, 4)
    const seen: LogEntry[][] = []
    await follower({ handle: (tx, events) => (seen.push(events), handle(tx, events)) }).drain()
    expect(seen.map((events) => events.map(numberOf))).toEqual([
      [1, 3],
      [2, 4],
    ])
    expect(seen[1]?.[0]).toMatchObject({ tenantId: tenantA, ticketId, type: 'TAGGED', sequence: 2n })
    expect(await applied()).toEqual([1, 3, 2, 4].map((n) => ({ n, tenant: n % 2 === 0 ? tenantA : tenantB })))
  })

  it('has the effects of each event once, whatever crashes and however many instances run', async () => {
    const { write, follower, applied, handle } = await following()
    await write(...Array.from({ length: 40 }, (_, n) => n))
    let crashes = 3
    const crashing = async (tx: Transaction, events: readonly LogEntry[]) => {
      await handle(tx, events)
      if (crashes-- > 0) throw new Error('crash')
    }
    const instances = Array.from({ length: 3 }, () => follower({ handle: crashing, batchSize: 5, maxTries: 10 }))
    for (let turn = 0; turn < 5; turn += 1) await Promise.allSettled(instances.map((one) => one.drain()))
    expect(numbers(await applied()).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n))
  })

  it('sets aside an event that is refused again and again, without effect, keeps a trace, and goes on', async () => {
    const { write, follower, applied, handle, lines } = await following()
    await write(2, 4, 6, 8)
    const poisoned = async (tx: Transaction, events: readonly LogEntry[]) => {
      await handle(tx, events)
      if (events.some((event) => numberOf(event) === 6)) throw new Error('refused mia@example.com')
    }
    const setAside = vi.fn(async (tx: Transaction) => {
      await tx.$executeRawUnsafe('INSERT INTO applied (n) VALUES (-6)')
    })
    const poisonedFollower = follower({ handle: poisoned, setAside, pollMs: 2, maxTries: 3 })
    poisonedFollower.start()
    await eventually(async () => expect(await applied()).toHaveLength(4))
    expect(await applied()).toEqual([2, 4, -6, 8].map((n) => ({ n, tenant: tenantA })))
    const errors = lines.filter(({ level }) => level === 'error')
    expect(errors).toHaveLength(3)
    expect(errors.at(-1)).toMatchObject({ source: 'rules', topic: 'TAGGED', tenantId: tenantA, position: '3' })
    expect(JSON.stringify(lines)).not.toContain('mia')
    expect(setAside).toHaveBeenCalledOnce()
  })

  it('never sets aside what the database, being away, could not apply', async () => {
    const { write, follower, applied, system, handle } = await following()
    await write(2, 4)
    const away = vi.fn(async () => Promise.reject(new Error('away')))
    let failures = 6
    const real = databaseOver(system)
    const database = {
      ...real,
      $transaction: ((run, options) =>
        failures-- > 0 ? away() : real.$transaction(run, options)) as typeof real.$transaction,
    }
    const one = follower({ handle, database, maxTries: 2, pollMs: 1 })
    one.start()
    await eventually(async () => expect(numbers(await applied())).toEqual([2, 4]))
    expect(away).toHaveBeenCalledTimes(6)
  })

  it('is woken by the bus, and wakes the sequencer for what it wrote', async () => {
    const { bus, write, follower, applied } = await following()
    const woken = vi.fn()
    bus.subscribe('outbox:support', woken)
    const one = follower({ pollMs: 3_600_000 })
    await write(2)
    one.start()
    await until(async () => (await applied()).length === 1)
    await write(4)
    await eventually(async () => expect(numbers(await applied())).toEqual([2, 4]))
    expect(woken).toHaveBeenCalled()
  })

  it('passes over what was erased', async () => {
    const { system, write, follower, applied } = await following()
    await write(2, 4, 6)
    await system.query('UPDATE event_log SET payload = NULL, salt = NULL WHERE sequence = 2')
    await follower().drain()
    expect(numbers(await applied())).toEqual([2, 6])
  })
})
