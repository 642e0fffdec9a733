import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, revokeApiKey, type Scope } from '../src/keys/service.ts'
import { dayMs, openWorld, startOfTime, type World } from './kit.ts'
import { churn, code, endOfLog, serveLive, subscription, take, tellMoves, type Change } from './live-kit.ts'

let world: World
let served: Awaited<ReturnType<typeof serveLive>>
beforeAll(async () => {
  world = await openWorld()
  served = await serveLive(world)
})
afterAll(async () => {
  await served.close()
  await world.close()
})

const now = new Date(startOfTime)
const key = async (tenantId: string, scopes: readonly Scope[], expiresAt: Date | null = null) =>
  world.database.transact(tenantId, (tx) =>
    createApiKey(tx, { ...manager, tenantId }, { name: 'shop', scopes, expiresAt }, world.clock.now()),
  )
const manager = { kind: 'agent', agentId: newId(), sessionId: newId(), role: 'MANAGER', expiresAt: now } as const

describe('a partner', () => {
  it('listens with a key that may read insight', async () => {
    const [tenantId, id] = [newId(), newId()]
    const after = await endOfLog(world, tenantId)
    const { key: apiKey } = await key(tenantId, ['insight:read'])
    const events = served.connect({ apiKey }).subscribe<{ insightChanged: Change }>(subscription, { after })
    await tellMoves(world, tenantId, id, churn(0.1, 0.9))
    const [first] = await take(events, 1)
    expect(first?.data?.insightChanged).toMatchObject({ customer: { id } })
    await events.return?.()
  })

  it('is refused without the scope, and without a key that holds', async () => {
    const tenantId = newId()
    const { key: apiKey } = await key(tenantId, ['ingest'])
    await expect(served.connect({ apiKey }).subscribe(subscription).next()).rejects.toEqual(code('FORBIDDEN'))
    expect(await served.connect({ apiKey: 'qk_live_no' }).closed).toEqual({ code: 4401, reason: 'KEY_INVALID' })
    expect(await served.connect({}).closed).toEqual({ code: 4401, reason: 'TOKEN_MISSING' })
  })

  it('is cut off when the key is revoked, or ends by itself', async () => {
    const tenantId = newId()
    const [revoked, ending] = [
      await key(tenantId, ['insight:read']),
      await key(tenantId, ['insight:read'], new Date(now.getTime() + 1_000)),
    ]
    const clients = [revoked, ending].map(({ key: apiKey }) => served.connect({ apiKey }))
    await Promise.all(clients.map(({ connected }) => connected))
    await world.database.transact(tenantId, (tx) =>
      revokeApiKey(tx, { ...manager, tenantId }, revoked.id, world.clock.now()),
    )
    const cut = { code: 4401, reason: 'KEY_INVALID' }
    expect(await clients[0]?.closed).toEqual(cut)
    world.clock.advance(1_000)
    expect(await clients[1]?.closed).toEqual(cut)
    world.clock.set(now)
  })
})

describe('an agent who stays connected', () => {
  it('is cut off when the session is revoked', async () => {
    const [tenantId, sessionId] = [newId(), newId()]
    const client = served.connect(await world.agent(tenantId, 'AGENT', sessionId))
    const stays = served.connect(await world.agent(tenantId, 'AGENT'))
    await Promise.all([client.connected, stays.connected])
    const expiresAt = new Date(now.getTime() + dayMs)
    await world.hear({ tenantId, type: 'session.revoked', occurredAt: now, payload: { sessionId, expiresAt } })
    expect(await client.closed).toEqual({ code: 4401, reason: 'SESSION_ENDED' })
    const events = stays.subscribe(subscription)
    const next = events.next()
    await events.return?.()
    expect((await next).done).toBe(true)
  })

  it('is cut off at the instant at which the token ends', async () => {
    const token = await world.agent(newId())
    world.clock.advance(dayMs - 300)
    const client = served.connect(token)
    await client.connected
    expect(await client.closed).toEqual({ code: 4401, reason: 'TOKEN_EXPIRED' })
    world.clock.set(now)
  })
})
