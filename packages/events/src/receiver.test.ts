import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createMemoryBus, type Bus } from './bus.ts'
import { directSource, type FeedSource } from './feed.ts'
import { publish, type NewEvent } from './outbox.ts'
import { createReceiver, type Handlers, type ReceiverOptions } from './receiver.ts'
import { createSequencer } from './sequencer.ts'
import {
  eventually,
  asOwner,
  numberOf,
  openTestDatabase,
  recordedLog,
  revoked,
  seen,
  tenantA,
  until,
} from './test-kit.ts'
import type { Transaction } from './transaction.ts'

/** Support's log and Intelligence's database, where the effect of an event is a row in `applied`. */
async function twoServices({ bus = createMemoryBus() }: { bus?: Bus } = {}) {
  const sender = await openTestDatabase('support')
  const { url, system, database } = await openTestDatabase('intelligence')
  await asOwner(
    url,
    `CREATE TABLE applied (number int, topic text, at serial); GRANT ALL ON applied, applied_at_seq TO quimbi_system`,
  )
  const { log, lines } = recordedLog()
  const sequencer = createSequencer({ pool: sender.system, bus, log, name: 'support' })
  const record = async (tx: Transaction, number: number, topic: string) => {
    await tx.$executeRawUnsafe('INSERT INTO applied (number, topic) VALUES ($1, $2)', number, topic)
  }
  const handlers: Handlers<Transaction> = {
    'customer.seen': async (tx, events) => {
      for (const event of events) await record(tx, numberOf(event), event.type)
    },
    'session.revoked': (tx) => record(tx, -1, 'session.revoked'),
  }
  return {
    lines,
    handlers,
    sender,
    system,
    source: directSource(sender.system),
    async send(...events: NewEvent[]) {
      await publish(sender.database, events)
      await sequencer.drain()
    },
    receiver(options: Partial<ReceiverOptions<Transaction>> = {}) {
      const source = directSource(sender.system)
      const receiver = createReceiver({ source, sourceName: 'support', database, handlers, bus, log, ...options })
      onTestFinished(() => receiver.stop())
      return receiver
    },
    async applied(): Promise<number[]> {
      return (await system.query<{ number: number }>('SELECT number FROM applied ORDER BY at')).rows.map(
        (row) => row.number,
      )
    },
    async cursor(): Promise<number> {
      return Number((await system.query<{ position: string }>('SELECT position FROM feed_cursor')).rows[0]?.position)
    },
  }
}

describe('the receiver', () => {
  it('applies in order, hands over runs of one topic, and keeps its place', async () => {
    const services = await twoServices()
    const batches: string[] = []
    const handlers: Handlers<Transaction> = {
      'customer.seen': async (_, events) => void batches.push(events.map(numberOf).join()),
      'session.revoked': async (_, events) =>
        void batches.push(`revoked until ${events[0]?.payload.expiresAt.getUTCDate()}`),
    }
    await services.send(seen(1), seen(2), revoked(), seen(3))
    expect(await services.receiver({ handlers }).drain()).toBe(4)
    expect(batches).toEqual(['1,2', 'revoked until 22', '3'])
    await services.send(seen(4))
    expect(await services.receiver({ handlers }).drain()).toBe(1)
    expect(batches.at(-1)).toBe('4')
  })

  it('applies once what two instances pull at once', async () => {
    const services = await twoServices()
    const numbers = Array.from({ length: 2_500 }, (_, number) => number)
    await services.send(...numbers.map((number) => seen(number)))
    // Both hold the same page before either may apply it.
    const arrivals = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const gated = (own: number): FeedSource => ({
      async pull(request) {
        const page = await services.source.pull(request)
        arrivals[own]?.resolve()
        await Promise.all(arrivals.map(({ promise }) => promise))
        return page
      },
    })
    const counts = await Promise.all([0, 1].map((own) => services.receiver({ source: gated(own) }).drain()))
    expect(await services.applied()).toEqual(numbers)
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_500)
    expect(await services.cursor()).toBe(2_500)
  })

  it('leaves no effect of a page that crashed before its cursor was committed, and applies it once after', async () => {
    const services = await twoServices()
    await services.send(seen(1), seen(2))
    let crashes = 1
    const handlers: Handlers<Transaction> = {
      'customer.seen': async (tx, events) => {
        await services.handlers['customer.seen']?.(tx, events)
        if (crashes-- > 0) throw new Error('crash')
      },
    }
    await expect(services.receiver({ handlers }).drain()).rejects.toThrow('crash')
    expect(await services.applied()).toEqual([])
    expect(await services.cursor()).toBe(0)
    expect(await services.receiver({ handlers }).drain()).toBe(2)
    expect(await services.applied()).toEqual([1, 2])
  })

  it('applies once when its connection is cut in the middle of the transaction', async () => {
    const services = await twoServices()
    await services.send(seen(1))
    let cuts = 1
    const handlers: Handlers<Transaction> = {
      'customer.seen': async (tx, events) => {
        await services.handlers['customer.seen']?.(tx, events)
        if (cuts-- > 0) await tx.$queryRawUnsafe('SELECT pg_terminate_backend(pg_backend_pid())')
      },
    }
    const receiver = services.receiver({ handlers })
    await expect(receiver.drain()).rejects.toThrow()
    expect(await receiver.drain()).toBe(1)
    expect(await services.applied()).toEqual([1])
  })

  it('lands what precedes a bad event, retries it for ever, skips nothing, and says which one', async () => {
    const services = await twoServices()
    let isBroken = true
    const failures = vi.fn()
    const handlers: Handlers<Transaction> = {
      'customer.seen': async (tx, events) => {
        await services.handlers['customer.seen']?.(tx, events)
        if (isBroken && events.some((event) => numberOf(event) === 3)) throw new Error('refused mia@example.com')
      },
    }
    await services.send(...[1, 2, 3, 4].map((number) => seen(number)))
    const metrics = { failures: { inc: failures }, applied: { inc: vi.fn() }, lag: { set: vi.fn() } }
    const receiver = services.receiver({ handlers, metrics, pollMs: 5 })
    receiver.start()
    await until(() => failures.mock.calls.length >= 4)
    expect(await services.applied()).toEqual([1, 2])
    expect(await services.cursor()).toBe(2)
    const errors = services.lines.filter(({ level }) => level === 'error')
    expect(errors[0]).toMatchObject({ topic: 'customer.seen', position: '3', tenantId: tenantA })
    expect(JSON.stringify(services.lines)).not.toMatch(/mia|externalId/)
    isBroken = false
    await eventually(async () => expect(await services.applied()).toEqual([1, 2, 3, 4]))
  })

  it('treats an event that is not valid like one that cannot be applied', async () => {
    const services = await twoServices()
    await services.send(seen(1), seen(2))
    await services.sender.system.query(`UPDATE event_log SET payload = '{}' WHERE position = 2`)
    const receiver = services.receiver()
    await expect(receiver.drain()).rejects.toThrow('is not valid')
    await expect(receiver.drain()).rejects.toThrow('is not valid')
    expect(await services.applied()).toEqual([1])
  })

  it('is woken by the bus', async () => {
    const services = await twoServices()
    const pulled = Promise.withResolvers<void>()
    const source: FeedSource = {
      pull: (request) => services.source.pull(request).finally(() => pulled.resolve()),
    }
    services.receiver({ source, pollMs: 3_600_000 }).start()
    await pulled.promise
    await services.send(seen(1))
    await eventually(async () => expect(await services.applied()).toEqual([1]))
  })

  it('finds by itself what a lost message did not announce', async () => {
    const deaf: Bus = { publish: async () => true, subscribe: () => () => {}, close: async () => {} }
    const services = await twoServices({ bus: deaf })
    services.receiver({ pollMs: 10 }).start()
    await services.send(seen(1))
    await eventually(async () => expect(await services.applied()).toEqual([1]))
  })

  it('says once that the sender is away, and goes on when it is back', async () => {
    const services = await twoServices()
    let pulls = 0
    const source: FeedSource = {
      pull: (request) => ((pulls += 1) <= 3 ? Promise.reject(new Error('away')) : services.source.pull(request)),
    }
    await services.send(seen(1))
    services.receiver({ source, pollMs: 2 }).start()
    await eventually(async () => expect(await services.applied()).toEqual([1]))
    expect(services.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(services.lines.filter(({ level }) => level === 'error')).toHaveLength(0)
  })

  it('stops between two pages, not within one', async () => {
    const services = await twoServices()
    await services.send(...Array.from({ length: 1_500 }, (_, number) => seen(number)))
    const entered = Promise.withResolvers<void>()
    const handlers: Handlers<Transaction> = {
      'customer.seen': async (tx, events) => {
        entered.resolve()
        await delay(20)
        await services.handlers['customer.seen']?.(tx, events)
      },
    }
    const receiver = services.receiver({ handlers })
    receiver.start()
    await entered.promise
    await receiver.stop()
    expect(await services.cursor()).toBe(1_000)
    expect(await services.applied()).toHaveLength(1_000)
  })
})
