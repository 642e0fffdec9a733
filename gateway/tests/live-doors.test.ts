import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createServiceClient } from '@quimbi/service/client.ts'
import { openLive, openRaw } from '@quimbi/service/websocket-test-kit.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { aTenant } from './kit.ts'
import { anAgent, openDoors, openLiveWorld, type LiveWorld } from './live-kit.ts'

const query = 'subscription { inboxUpdated { cursor } }'
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const dayMs = 24 * 60 * 60 * 1_000

describe('a live socket', () => {
  let kit: LiveWorld
  let tenant: Awaited<ReturnType<typeof aTenant>>
  let doors: Awaited<ReturnType<typeof openDoors>>
  beforeAll(async () => {
    kit = await openLiveWorld('over HTTP', { graceMs: 20 })
    tenant = await aTenant(kit.world, 'acme')
    doors = await openDoors(kit)
  })
  afterAll(async () => {
    await doors.close()
    await kit.close()
  })

  let named = 0
  /** Connected, with a subscription that runs. */
  async function connected() {
    const agent = await anAgent(kit, tenant, 'AGENT', `agent${(named += 1)}`)
    const client = openLive(doors.url, { authorization: `Bearer ${agent.token}` })
    await client.connected
    const next = client.subscribe(query).next()
    next.catch(() => {})
    await expect.poll(() => kit.live.sizes.subscriptions).toBe(1)
    return { agent, client, next }
  }
  const emptied = () => expect.poll(() => kit.live.sizes.subscriptions, { timeout: 5_000 }).toBe(0)

  it('closes with 4401 once its login is ended by a logout', async () => {
    const { agent, client } = await connected()
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${agent.token}`, connection: 'close' }
    const body = JSON.stringify({ query: 'mutation { logout { userErrors { code } } }' })
    const answer = await fetch(doors.url, { method: 'POST', headers, body })
    expect(await answer.json()).toEqual({ data: { logout: { userErrors: [] } } })
    expect(await client.closed).toEqual({ code: 4401, reason: 'SESSION_ENDED' })
    await emptied()
  })

  it('closes with 4401 once its agent is deactivated, and lets nobody in with that login any more', async () => {
    const { agent, client } = await connected()
    await kit.world.support.system.agent.updateMany({ where: { id: agent.id }, data: { isActive: false } })
    expect(await client.closed).toEqual({ code: 4401, reason: 'SESSION_ENDED' })
    const again = openLive(doors.url, { authorization: `Bearer ${agent.token}` })
    expect(await again.closed).toEqual({ code: 4401, reason: 'SESSION_ENDED' })
    await emptied()
  })

  it('stays while Support is away, and closes with 4401 once its token has expired', async () => {
    const { client, next } = await connected()
    await kit.means.takeAway('support')
    kit.world.clock.advance(2 * dayMs)
    onTestFinished(() => kit.world.clock.advance(-2 * dayMs))
    expect(await client.closed).toEqual({ code: 4401, reason: 'TOKEN_EXPIRED' })
    await expect(next).rejects.toMatchObject({ code: 4401 })
    await kit.means.bringBack('support')
    await emptied()
  })

  it.each([
    ['no login', {}, 'TOKEN_MISSING'],
    ['nonsense', { authorization: 'Bearer nonsense' }, 'TOKEN_INVALID'],
  ])('is refused %s with 4401', async (_, login, reason) => {
    expect(await openLive(doors.url, login).closed).toEqual({ code: 4401, reason })
  })

  it('is to come again later while nobody can say whether a login stands', async () => {
    const { token } = await anAgent(kit, tenant, 'AGENT', 'early')
    await kit.means.takeAway('support')
    const client = openLive(doors.url, { authorization: `Bearer ${token}` })
    expect(await client.closed).toEqual({ code: 1013, reason: 'TRY_AGAIN_LATER' })
    await kit.means.bringBack('support')
  })

  const positions = (name: 'support' | 'intelligence') =>
    [name, '/internal/position', { tenantId: randomUUID() }] as const
  it.each([['support', '/internal/sessions', []] as const, positions('support'), positions('intelligence')])(
    'is told of by %s at %s to the gateway alone',
    async (name, path, question) => {
      const { means } = kit
      if (!('servers' in means)) throw new Error('There are no doors.')
      const { url } = means.servers[name]
      const body = JSON.stringify(question)
      for (const authorization of [undefined, `Bearer ${(await anAgent(kit, tenant, 'ADMIN', randomUUID())).token}`]) {
        const headers = {
          'content-type': 'application/json',
          connection: 'close',
          ...(authorization && { authorization }),
        }
        expect([401, 403]).toContain((await fetch(url + path, { method: 'POST', headers, body })).status)
      }
      const asked = async (by: 'gateway' | 'support' | 'intelligence') => {
        const client = createServiceClient({ baseUrl: url, signer: means.signerOf(by), timeoutMs: 5_000 })
        return client.post(path, body, { requestId: 'test' }).finally(() => client.close())
      }
      for (const other of ['support', 'intelligence'] as const) {
        const { status, body: said } = await asked(other)
        expect([status, JSON.parse(said)]).toMatchObject([403, { errors: [{ extensions: { code: 'FORBIDDEN' } }] }])
      }
      expect((await asked('gateway')).status).toBe(200)
    },
  )
})

describe('subscriptions that come and go', () => {
  it('leave nothing behind, however fast, on one socket and on many', { timeout: 120_000 }, async () => {
    const kit = await openLiveWorld('over HTTP', { graceMs: 20 })
    const doors = await openDoors(kit)
    onTestFinished(async () => {
      await doors.close()
      await kit.close()
    })
    const mia = await anAgent(kit, await aTenant(kit.world, 'acme'), 'AGENT', 'mia')
    /** Begins and leaves so many, without ever waiting for one of them. */
    async function churned(count: number): Promise<void> {
      const { socket, messages, closed } = await openRaw(doors.url)
      const send = (message: object) => socket.send(JSON.stringify(message))
      send({ type: 'connection_init', payload: { authorization: `Bearer ${mia.token}` } })
      await expect.poll(() => messages.length).toBe(1)
      for (let n = 0; n < count; n += 1) {
        send({ type: 'subscribe', id: `${n % 40}`, payload: { query } })
        send({ type: 'complete', id: `${n % 40}` })
      }
      send({ type: 'ping' })
      await expect.poll(() => messages, { timeout: 60_000 }).toEqual([expect.anything(), { type: 'pong' }])
      socket.close()
      await closed
    }
    const nothing = { hubs: 0, subscriptions: 0, sessions: 0 }
    const emptied = () => expect.poll(() => kit.live.sizes, { timeout: 5_000 }).toEqual(nothing)
    const retained = () => (collect(), process.memoryUsage().heapUsed / 1024 ** 2)
    await churned(500)
    await emptied()
    const before = retained()
    await churned(3_000)
    await Promise.all(Array.from({ length: 10 }, () => churned(200)))
    await emptied()
    const { values } = (await kit.registry.getSingleMetric('quimbi_subscriptions')?.get()) ?? { values: [] }
    expect(values.map(({ value }) => value)).toEqual([0])
    // As much as a kilobyte of each.
    expect(retained() - before).toBeLessThan(5)
  })
})

describe('subscriptions at once', () => {
  let kit: LiveWorld
  let tenant: Awaited<ReturnType<typeof aTenant>>
  beforeAll(async () => {
    kit = await openLiveWorld('in memory', { graceMs: 20, perAgent: 2, perTenant: 3 })
    tenant = await aTenant(kit.world, 'acme')
  })
  afterAll(() => kit.close())
  afterEach(() => kit.leave())
  const refused = { errors: [{ extensions: { code: 'THROTTLED', reason: 'TOO_MANY_SUBSCRIPTIONS' } }] }

  it('are limited for an agent, and for a tenant; whoever leaves makes room', async () => {
    const [mia, leo] = [await anAgent(kit, tenant, 'AGENT', 'mia'), await anAgent(kit, tenant, 'AGENT', 'leo')]
    const other = await anAgent(kit, await aTenant(kit.world, 'other'), 'AGENT', 'ida')
    const first = await kit.subscribe(mia.token, query)
    await kit.subscribe(mia.token, query)
    expect(await kit.tried(mia.token, query)).toMatchObject(refused)
    await kit.subscribe(leo.token, query)
    // Now the tenant is full, though the agent is not.
    expect(await kit.tried(leo.token, query)).toMatchObject(refused)
    await kit.subscribe(other.token, query)
    await first.return(undefined)
    const freed = await kit.subscribe(leo.token, query)
    expect(await kit.tried(mia.token, query)).toMatchObject(refused)
    await freed.return(undefined)
    await kit.subscribe(mia.token, query)
  })

  it('are not used up by what is refused', async () => {
    const eva = await anAgent(kit, tenant, 'AGENT', 'eva')
    for (let n = 0; n < 5; n += 1) {
      expect(
        await kit.tried(eva.token, 'subscription { ticketUpdated(ticketId: "x", no: 1) { cursor } }'),
      ).toMatchObject({
        errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      })
    }
    await kit.subscribe(eva.token, query)
    await kit.subscribe(eva.token, query)
  })
})
