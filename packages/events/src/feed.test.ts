import { describe, expect, it } from 'vitest'
import { createMemoryBus } from './bus.ts'
import { FeedRewound, readFeed } from './feed.ts'
import { publish } from './outbox.ts'
import { createSequencer } from './sequencer.ts'
import { numberOf, openTestDatabase, recordedLog, revoked, seen } from './test-kit.ts'

async function logOf(...events: Parameters<typeof publish>[1]) {
  const { system, database, ...rest } = await openTestDatabase()
  await publish(database, events)
  await createSequencer({ pool: system, bus: createMemoryBus(), log: recordedLog().log, name: 'support' }).drain()
  return { system, database, ...rest }
}

describe('the feed', () => {
  it('of an empty log is at its end', async () => {
    const { system } = await openTestDatabase()
    const page = await readFeed(system, { after: null, topics: ['customer.seen'], limit: 10 })
    expect(page).toEqual({ events: [], position: 0n, head: 0n, atEnd: true })
  })

  it('moves past what its reader did not ask for', async () => {
    const { system } = await logOf(revoked(), seen(1), revoked(), revoked())
    const page = await readFeed(system, { after: '0', topics: ['customer.seen'], limit: 10 })
    expect(page.events.map(numberOf)).toEqual([1])
    expect(page).toMatchObject({ position: 4n, head: 4n, atEnd: true })
    expect(await readFeed(system, { after: 0n, topics: [], limit: 10 })).toMatchObject({ position: 4n, atEnd: true })
  })

  it('stops at a full page and goes on after it', async () => {
    const { system } = await logOf(seen(1), revoked(), seen(2), seen(3))
    const topics = ['customer.seen'] as const
    const first = await readFeed(system, { after: null, topics, limit: 2 })
    expect(first.events.map(numberOf)).toEqual([1, 2])
    expect(first).toMatchObject({ position: 3n, head: 4n, atEnd: false })
    const second = await readFeed(system, { after: first.position, topics, limit: 2 })
    expect(second.events.map(numberOf)).toEqual([3])
    expect(second.atEnd).toBe(true)
  })

  it('looks at a bounded number of positions at once, however few match', async () => {
    const { system } = await logOf(...Array.from({ length: 20_005 }, () => revoked()), seen(1))
    const topics = ['customer.seen'] as const
    const first = await readFeed(system, { after: null, topics, limit: 1 })
    expect(first).toMatchObject({ events: [], position: 20_000n, atEnd: false })
    const second = await readFeed(system, { after: first.position, topics, limit: 1 })
    expect(second.events.map(numberOf)).toEqual([1])
    expect(second.atEnd).toBe(true)
  })

  it('refuses a reader that is ahead of the log, as after a restore', async () => {
    const { system } = await logOf(seen(1))
    await expect(readFeed(system, { after: 2n, topics: [], limit: 1 })).rejects.toThrow(FeedRewound)
  })
})
