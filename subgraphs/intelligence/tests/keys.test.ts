import { newId } from '@quimbi/database/ids.ts'
import type { UserErrors } from '@quimbi/service/errors.ts'
import type { ServiceName } from '@quimbi/service/viewer.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, maxKeys } from '../src/keys/service.ts'
import { dayMs, openWorld, refusals, startOfTime, type World } from './kit.ts'
import { change, keysOf, listed, partnerOf, type Listed } from './keys-kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const hourMs = 3_600_000
const iso = (ms: number) => new Date(new Date(startOfTime).getTime() + ms).toISOString()
const input = { name: 'Partner', scopes: ['insight:read'] }

/** The partner that a key opens the door for now, or the reason why it does not. */
const opens = (key: string) =>
  partnerOf(world.database.forTenant(''), key, world.clock.now()).catch(
    (error: { extensions: { reason: string } }) => error.extensions.reason,
  )
const codesOf = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error: UserErrors) => refusals(error.errors),
  )

describe('who looks after keys', () => {
  it.each([
    ['AGENT', false],
    ['SENIOR_AGENT', false],
    ['TEAM_LEAD', false],
    ['MANAGER', true],
    ['ADMIN', true],
  ] as const)('%s: %s', async (role, may) => {
    const keys = keysOf(world)
    const { id } = await keys.create()
    const agent = await world.agent(keys.tenantId, role)
    const refused = may ? [] : ['FORBIDDEN']
    expect((await change(world, 'create', input, agent)).refused).toEqual(refused)
    expect(await listed(world, keys.tenantId, role)).toEqual(
      may ? expect.arrayContaining([expect.objectContaining({ id })]) : refused,
    )
    expect((await world.ask(`{ apiKey(id: "${id}") { id } }`, {}, agent)).codes).toEqual(refused)
    expect((await change(world, 'rotate', { id }, agent)).refused).toEqual(refused)
    expect((await change(world, 'revoke', { id }, agent)).refused).toEqual(refused)
  })

  it('is no key, and no service but Intelligence itself', async () => {
    const keys = keysOf(world)
    const partner = await opens((await keys.create()).key)
    if (typeof partner === 'string') throw new Error(partner)
    const by = (viewer: Parameters<typeof createApiKey>[1]) =>
      codesOf(world.database.transact(keys.tenantId, (tx) => createApiKey(tx, viewer, input, world.clock.now())))
    expect(await by(partner)).toEqual(['FORBIDDEN'])
    const of = (service: ServiceName) => ({ kind: 'service', service, tenantId: keys.tenantId }) as const
    expect([await by(of('gateway')), await by(of('support')), await by(of('intelligence'))]).toEqual([
      ['FORBIDDEN'],
      ['FORBIDDEN'],
      [],
    ])
  })

  it('sees the own tenant’s alone', async () => {
    const [ours, theirs] = [keysOf(world), keysOf(world)]
    const { id, key } = await theirs.create()
    const admin = await world.agent(ours.tenantId, 'ADMIN')
    expect(await listed(world, ours.tenantId)).toEqual([])
    expect(await world.ask(`{ apiKey(id: "${id}") { id } }`, {}, admin)).toMatchObject({ data: { apiKey: null } })
    for (const what of ['rotate', 'revoke'] as const)
      expect((await change(world, what, { id }, admin)).refused).toEqual(['NOT_FOUND input id'])
    const forged = { ...admin, tenantId: theirs.tenantId }
    expect((await change(world, 'revoke', { id }, forged)).refused).toEqual(['NOT_FOUND input id'])
    expect(await opens(key)).toMatchObject({ tenantId: theirs.tenantId, keyId: id })
  })
})

describe('the list of keys', () => {
  it('shows newest first what each may do, and why those that ended did, and never the key', async () => {
    const keys = keysOf(world)
    const short = await keys.create({ name: 'Short', expiresAt: new Date(iso(1_000)), requestsPerMinute: 7 })
    world.clock.advance(1)
    const gone = await keys.create({ name: 'Gone', scopes: ['ingest', 'generate', 'ingest'] })
    world.clock.advance(1)
    const old = await keys.create({ name: 'Old' })
    world.clock.advance(1)
    const young = await keys.rotate({ id: old.id, graceHours: 0 })
    await keys.revoke(gone.id)
    world.clock.set(new Date(iso(1_000)))
    const all = (await listed(world, keys.tenantId)) as Listed[]
    expect(all).toMatchObject([
      { id: young.id, name: 'Old', status: 'LIVE', replacedById: null, requestsPerMinute: 1_000 },
      { id: old.id, status: 'REPLACED', replacedById: young.id, expiresAt: iso(3) },
      { id: gone.id, status: 'REVOKED', revokedAt: iso(3), scopes: ['ingest', 'generate'], createdAt: iso(1) },
      { id: short.id, status: 'EXPIRED', expiresAt: iso(1_000), requestsPerMinute: 7, lastUsedAt: null },
    ])
    expect(all[0]?.prefix).toBe(young.key.slice(0, 12))
    expect(JSON.stringify(all)).not.toContain(young.key.slice(12))
    world.clock.set(new Date(startOfTime))
  })

  it('is bounded: all that live, and the newest 100 that ended', async () => {
    const keys = keysOf(world)
    const { id } = await keys.create({ name: 'The oldest' })
    await world.rows(
      `INSERT INTO api_key (tenant_id, id, name, prefix, hash, scopes, created_at, revoked_at)
       SELECT $1, gen_random_uuid(), 'Ended', 'qk_live_', uuid_send(gen_random_uuid()), '{}', now() + n * interval '1 s', now()
       FROM generate_series(1, 101) AS n`,
      keys.tenantId,
    )
    const all = (await listed(world, keys.tenantId)) as Listed[]
    expect(all).toHaveLength(101)
    expect(all.at(-1)?.id).toBe(id)
    expect(all.map(({ createdAt }) => createdAt)).toEqual(
      all
        .map(({ createdAt }) => createdAt)
        .toSorted()
        .reverse(),
    )
  })
})

describe('making a key', () => {
  it.each([[0], [-1], [100_001]])('refuses %s requests a minute', async (requestsPerMinute) => {
    const manager = await world.agent(newId())
    const { refused } = await change(world, 'create', { ...input, requestsPerMinute }, manager)
    expect(refused).toEqual(['INVALID input requestsPerMinute'])
  })

  it('gives the partner what it was made with', async () => {
    const keys = keysOf(world)
    const { id, key } = await keys.create({ scopes: ['generate'], requestsPerMinute: 100_000 })
    const { tenantId } = keys
    expect(await opens(key)).toEqual({
      ...{ kind: 'partner', tenantId, keyId: id, scopes: ['generate'], requestsPerMinute: 100_000 },
    })
  })

  it('stops at 100 keys, however many are made at once; one that ends makes room', async () => {
    const keys = keysOf(world)
    const made = await Promise.allSettled(Array.from({ length: maxKeys + 20 }, () => keys.create()))
    const refused = made.flatMap((one) => (one.status === 'rejected' ? [one.reason as UserErrors] : []))
    expect(refused.map(({ errors }) => refusals(errors))).toEqual(Array.from({ length: 20 }, () => ['LIMIT_EXCEEDED']))
    const live = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []))
    expect(live).toHaveLength(maxKeys)
    await keys.rotate({ id: live[0] ?? '' })
    expect(await codesOf(keys.create())).toEqual(['LIMIT_EXCEEDED'])
    await keys.revoke(live[1] ?? '')
    expect(await codesOf(keys.create())).toEqual([])
    expect(await codesOf(keysOf(world).create())).toEqual([])
  })
})

describe('rotating a key', () => {
  it('makes one like it, and lets the old one go on for the hours that were said', async () => {
    const keys = keysOf(world)
    const old = await keys.create({ name: 'Shop', scopes: ['ingest'], requestsPerMinute: 5 })
    const manager = await world.agent(keys.tenantId)
    const young = await change(world, 'rotate', { id: old.id, graceHours: 2 }, manager)
    expect(young).toMatchObject({ refused: [], key: expect.stringMatching(/^qk_live_[\w-]{32}$/) })
    expect(young.key).not.toBe(old.key)
    expect(await opens(young.key ?? '')).toMatchObject({ keyId: young.id, scopes: ['ingest'], requestsPerMinute: 5 })
    world.clock.advance(2 * hourMs - 1)
    expect(await opens(old.key)).toMatchObject({ keyId: old.id })
    world.clock.advance(1)
    expect(await opens(old.key)).toBe('KEY_INVALID')
    expect(await opens(young.key ?? '')).toMatchObject({ keyId: young.id })
    world.clock.set(new Date(startOfTime))
  })

  it('gives a day unless told otherwise, never more than the old one had, and keeps its end', async () => {
    const keys = keysOf(world)
    const ending = new Date(iso(hourMs))
    const [forever, short] = [await keys.create(), await keys.create({ expiresAt: ending })]
    await keys.rotate({ id: forever.id })
    const young = await keys.rotate({ id: short.id })
    const other = await keys.rotate({ id: young.id, expiresAt: new Date(iso(90 * dayMs)), graceHours: 0 })
    const ends = new Map(((await listed(world, keys.tenantId)) as Listed[]).map((one) => [one.id, one.expiresAt]))
    expect(ends.get(forever.id)).toBe(iso(dayMs))
    expect(ends.get(short.id)).toBe(ending.toISOString())
    expect(ends.get(young.id)).toBe(startOfTime)
    expect(ends.get(other.id)).toBe(iso(90 * dayMs))
  })

  it('happens once, and not to what has ended', async () => {
    const keys = keysOf(world)
    const [one, revoked] = [await keys.create(), await keys.create()]
    await keys.revoke(revoked.id)
    const both = await Promise.allSettled([keys.rotate({ id: one.id }), keys.rotate({ id: one.id })])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await codesOf(keys.rotate({ id: one.id }))).toEqual(['CONFLICT input id'])
    expect(await codesOf(keys.rotate({ id: revoked.id }))).toEqual(['CONFLICT input id'])
    expect(await codesOf(keys.rotate({ id: 'nonsense' }))).toEqual(['NOT_FOUND input id'])
    for (const graceHours of [-1, 169]) {
      expect(await codesOf(keys.rotate({ id: one.id, graceHours }))).toEqual(['INVALID input graceHours'])
    }
    const past = new Date(iso(-1))
    const fresh = await keys.create()
    expect(await codesOf(keys.rotate({ id: fresh.id, expiresAt: past }))).toEqual(['INVALID input expiresAt'])
  })

  it('does not bring back what is revoked: a replaced key can be ended before its time', async () => {
    const keys = keysOf(world)
    const old = await keys.create()
    await keys.rotate({ id: old.id })
    await keys.revoke(old.id)
    expect(await opens(old.key)).toBe('KEY_INVALID')
    expect(await listed(world, keys.tenantId)).toMatchObject([{ status: 'LIVE' }, { id: old.id, status: 'REVOKED' }])
  })
})
