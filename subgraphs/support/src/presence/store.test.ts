import { fixedClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis, redisReady } from '@quimbi/service/redis.ts'
import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryPresence, presenceTtlMs, redisPresence, type PresenceStore } from './store.ts'

const start = new Date('2026-11-21T10:00:00.000Z')
const clock = fixedClock(start)
const log = createLogger({ service: 'support', level: 'silent' })

async function redis() {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const connect = async () => {
    const client = connectRedis(server.url, log)
    onTestFinished(() => closeRedis(client))
    await redisReady(client, 5_000)
    return redisPresence({ redis: client, clock })
  }
  return { server, connect }
}

const mia = { agentId: 'mia', activity: 'VIEWING', since: start } as const
const leo = { agentId: 'leo', activity: 'TYPING', since: new Date(start.getTime() + 1_000) } as const
const who = async (store: PresenceStore, tenant: string, ticket: string) =>
  (await store.list(tenant, ticket)).map(({ agentId, activity, since }) => ({ agentId, activity, since }))

/** What every store does; `other` is the same as another process sees it. */
async function behaves(store: PresenceStore, other: PresenceStore): Promise<void> {
  clock.set(start)
  expect(await store.set('t', '1', leo)).toBe(true)
  expect(await store.set('t', '1', mia)).toBe(true)
  expect(await who(other, 't', '1')).toEqual([mia, leo])
  expect([await who(other, 't', '2'), await who(other, 'u', '1')]).toEqual([[], []])

  // Renewed: nothing changes, and it began when it began. Idle is still there.
  clock.advance(presenceTtlMs - 1)
  expect(await store.set('t', '1', { ...mia, since: clock.now() })).toBe(false)
  expect(await store.set('t', '1', { ...mia, activity: 'IDLE', since: clock.now() })).toBe(true)
  clock.advance(1)
  expect(await who(other, 't', '1')).toEqual([{ ...mia, activity: 'IDLE' }])

  clock.advance(presenceTtlMs)
  expect(await who(other, 't', '1')).toEqual([])
  const again = { ...mia, since: clock.now() }
  expect(await store.set('t', '1', again)).toBe(true)
  await store.set('t', '2', again)
  await store.set('u', '3', again)
  expect(await who(other, 't', '1')).toEqual([again])

  expect((await other.leave('t', 'mia')).toSorted()).toEqual(['1', '2'])
  expect([await who(store, 't', '1'), await who(store, 't', '2')]).toEqual([[], []])
  expect(await who(store, 'u', '3')).toEqual([again])
  expect(await other.leave('t', 'mia')).toEqual([])
}

describe('presence', () => {
  it('lapses unless it is renewed, in one process', async () => {
    const store = memoryPresence({ clock })
    await behaves(store, store)
  })

  it.skipIf(!redisAvailable())('lapses unless it is renewed, in several', async () => {
    const { connect } = await redis()
    await behaves(await connect(), await connect())
  })

  it.skipIf(!redisAvailable())('is that of this process while Redis is away', async () => {
    clock.set(start)
    const { server, connect } = await redis()
    const [store, other] = [await connect(), await connect()]
    await store.set('t', '1', mia)
    await other.set('t', '1', leo)
    await server.stop()
    expect(await who(store, 't', '1')).toEqual([mia])
    expect(await store.set('t', '1', { ...mia, activity: 'TYPING' })).toBe(true)
    expect(await store.leave('t', 'mia')).toEqual(['1'])
    expect(await who(store, 't', '1')).toEqual([])
  })
})
