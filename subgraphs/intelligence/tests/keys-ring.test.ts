import { memoryBudget } from '@quimbi/service/budget.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openIntelligenceDatabase, type IntelligenceDatabase } from '../src/database.ts'
import { guessLimit, guessesPerMinute } from '../src/keys/guessing.ts'
import { createLastUses } from '../src/keys/last-use.ts'
import { createKeyRing, type KeyRing } from '../src/keys/ring.ts'
import { openWorld, startOfTime, type World } from './kit.ts'
import { keysOf, listed, type Listed } from './keys-kit.ts'

let world: World
let database: IntelligenceDatabase
let asked = 0
beforeAll(async () => {
  world = await openWorld()
  const onStatement = (sql: string) => void (sql.includes('find_api_key') && (asked += 1))
  database = await openIntelligenceDatabase({ url: world.url, onStatement })
})
afterAll(async () => {
  await database.close()
  await world.close()
})

const log = createLogger({ service: 'test', level: 'silent' })

/** A ring that is stopped when the test is done with it. */
async function withRing(run: (ring: KeyRing) => Promise<void>): Promise<void> {
  const { clock } = world
  const ring = createKeyRing({ database, log, guesses: guessLimit(memoryBudget({ clock })) })
  await run(ring)
  await ring.stop()
  clock.set(new Date(startOfTime))
}

/** The id of the key that opens the door, or the code of the refusal. */
const ask = (ring: KeyRing, key: string, address?: string) =>
  ring.partnerOf(key, world.clock.now(), address).then(
    ({ keyId }) => keyId,
    ({ extensions }: { extensions: { code: string; reason: string } }) => `${extensions.code} ${extensions.reason}`,
  )
const refused = 'UNAUTHENTICATED KEY_INVALID'

/** How often the database was asked for a key meanwhile. */
async function lookUps(run: () => Promise<unknown>): Promise<number> {
  const before = asked
  await run()
  return asked - before
}

describe('the ring of keys', () => {
  it('asks the database once a second for a key, however many ask at once', () =>
    withRing(async (ring) => {
      const { id, key } = await keysOf(world).create()
      const many = () => Promise.all(Array.from({ length: 50 }, () => ask(ring, key, '192.0.2.1')))
      expect(await lookUps(async () => expect(new Set(await many())).toEqual(new Set([id])))).toBe(1)
      world.clock.advance(999)
      expect(await lookUps(many)).toBe(0)
      world.clock.advance(1)
      expect(await lookUps(many)).toBe(1)
    }))

  it('takes a revoked key for a second at most', () =>
    withRing(async (ring) => {
      const keys = keysOf(world)
      const { id, key } = await keys.create()
      expect(await ask(ring, key)).toBe(id)
      await keys.revoke(id)
      world.clock.advance(1_000)
      expect(await ask(ring, key)).toBe(refused)
    }))

  it('refuses a key at the instant of its end, though it is kept', () =>
    withRing(async (ring) => {
      const { id, key } = await keysOf(world).create({ expiresAt: new Date(Date.parse(startOfTime) + 500) })
      world.clock.advance(499)
      expect(await ask(ring, key)).toBe(id)
      world.clock.advance(1)
      expect(await lookUps(async () => expect(await ask(ring, key)).toBe(refused))).toBe(0)
    }))

  it('does not believe itself when the clock is set back', () =>
    withRing(async (ring) => {
      const keys = keysOf(world)
      const { id, key } = await keys.create()
      expect(await ask(ring, key)).toBe(id)
      await keys.revoke(id)
      world.clock.advance(-1)
      expect(await ask(ring, key)).toBe(refused)
    }))

  it('keeps no key that is none: one that is made a moment later opens at once, and each guess is asked', () =>
    withRing(async (ring) => {
      const { id, key } = await keysOf(world).create()
      await world.rows('UPDATE api_key SET expires_at = created_at WHERE id = $1', id)
      expect(await ask(ring, key)).toBe(refused)
      await world.rows('UPDATE api_key SET expires_at = NULL WHERE id = $1', id)
      expect(await ask(ring, key)).toBe(id)
      const guess = () => ask(ring, 'qk_live_nonsense')
      expect(await lookUps(async () => expect([await guess(), await guess()]).toEqual([refused, refused]))).toBe(2)
    }))

  it('answers alike, and asks alike, for a key that is unknown, ended, revoked or malformed', () =>
    withRing(async (ring) => {
      const keys = keysOf(world)
      const [ended, revoked] = [await keys.create(), await keys.create()]
      await keys.revoke(revoked.id)
      await world.rows('UPDATE api_key SET expires_at = created_at WHERE id = $1', ended.id)
      for (const key of [ended.key, revoked.key, '', 'nonsense', `${ended.key}x`, 'ü\u0000'])
        expect(await lookUps(async () => expect(await ask(ring, key)).toBe(refused))).toBe(1)
    }))

  it('stops an address that guesses, without asking the database, and no other; known keys still open', () =>
    withRing(async (ring) => {
      const [known, other] = [await keysOf(world).create(), await keysOf(world).create()]
      expect(await ask(ring, known.key, '192.0.2.1')).toBe(known.id)
      for (let guess = 0; guess < guessesPerMinute; guess += 1)
        expect(await ask(ring, `qk_live_${guess}`, '192.0.2.1')).toBe(refused)
      const stopped = 'THROTTLED GUESSING'
      expect(await lookUps(async () => expect(await ask(ring, 'qk_live_x', '192.0.2.1')).toBe(stopped))).toBe(0)
      expect(await ask(ring, other.key, '192.0.2.1')).toBe(stopped)
      expect(await ask(ring, other.key, '192.0.2.2')).toBe(other.id)
      // Not a guess, though it has to be looked up again.
      world.clock.advance(1_000)
      expect(await ask(ring, known.key, '192.0.2.1')).toBe(known.id)
    }))
})

describe('the last use of a key', () => {
  const lastUse = async (tenantId: string) => ((await listed(world, tenantId)) as Listed[])[0]?.lastUsedAt

  it('is written by itself, once a minute at most', () =>
    withRing(async (ring) => {
      const keys = keysOf(world)
      const { key } = await keys.create()
      expect(await lastUse(keys.tenantId)).toBeNull()
      const use = async () => {
        await ask(ring, key)
        await ring.drain()
        return lastUse(keys.tenantId)
      }
      expect(await use()).toBe(startOfTime)
      world.clock.advance(59_999)
      expect(await use()).toBe(startOfTime)
      world.clock.advance(1)
      expect(await use()).toBe('2026-11-21T12:01:00.000Z')
    }))

  it('is written by one of two instances', async () => {
    const keys = keysOf(world)
    const { id } = await keys.create()
    const viewer = { kind: 'partner', tenantId: keys.tenantId, keyId: id, scopes: [], requestsPerMinute: 1 } as const
    const version = async () => (await world.rows('SELECT xmin::text FROM api_key WHERE id = $1', id))[0]
    const [one, other] = [0, 1].map(() => createLastUses({ pool: world.database.systemPool, log }))
    one?.note(viewer, world.clock.now())
    await one?.stop()
    const written = await version()
    other?.note(viewer, world.clock.now())
    await other?.stop()
    expect(await version()).toEqual(written)
    expect(await lastUse(keys.tenantId)).toBe(startOfTime)
  })

  it('is not what a request fails by, and is written with the next use', async () => {
    const keys = keysOf(world)
    const { id } = await keys.create()
    const viewer = { kind: 'partner', tenantId: keys.tenantId, keyId: id, scopes: [], requestsPerMinute: 1 } as const
    let isAway = true
    const { systemPool } = world.database
    const query = (...args: [string, unknown[]]) =>
      isAway ? Promise.reject(new Error('the database is away')) : systemPool.query(...args)
    const uses = createLastUses({ pool: { query } as unknown as typeof systemPool, log })
    uses.note(viewer, world.clock.now())
    await uses.drain()
    expect(await lastUse(keys.tenantId)).toBeNull()
    isAway = false
    uses.note(viewer, world.clock.now())
    await uses.stop()
    expect(await lastUse(keys.tenantId)).toBe(startOfTime)
  })
})
