import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryPresence } from '../src/presence/store.ts'
import { presenceChanges } from '../src/presence/service.ts'
import { createLoaders } from '../src/loaders.ts'
import { createHub } from '../src/stream/hub.ts'
import { codesOf, openSupport, refusal, serviceOf, type Ask, type TestSupport } from './kit.ts'
import { assigned, change, eventually, serveLive, take } from './live-kit.ts'

let support: TestSupport
let served: Awaited<ReturnType<typeof serveLive>>
beforeAll(async () => {
  support = await openSupport()
  served = await serveLive(support)
})
afterAll(async () => {
  await served.close()
  await support.close()
})

const set = `mutation ($input: SetPresenceInput!) {
  setPresence(input: $input) { viewers { agent { id } activity since } userErrors { code path } }
}`
const viewers = 'query ($id: ID!) { ticket(id: $id) { viewers { agent { id } activity } } }'
const changed = 'subscription ($ticketId: ID!) { presenceChanged(ticketId: $ticketId) { agent { id } activity } }'

type Seen = { agent: { id: string }; activity: string }
type Set = { setPresence: { viewers: (Seen & { since: string })[]; userErrors: object[] } }

async function be(ask: Ask, ticketId: string, activity: string) {
  const { data, errors } = await ask<Set>(set, { input: { ticketId, activity } })
  expect(errors).toEqual([])
  return data?.setPresence
}
const at = (agent: { id: string }, activity: string) => ({ agent: { id: agent.id }, activity })

describe('presence at a ticket', () => {
  it('is set, seen and followed', async () => {
    const tenant = await support.aTenant()
    const [mia, leo] = [await support.anAgent(tenant), await support.anAgent(tenant)]
    const [asMia, asLeo] = [await support.asAgent(mia), await support.asAgent(leo)]
    const ticket = await support.aTicket(tenant)
    const events = (await served.connectAs(leo)).subscribe<{ presenceChanged: Seen[] }>(changed, {
      ticketId: ticket.id,
    })
    expect(await take(events, 1)).toEqual([{ data: { presenceChanged: [] } }])

    const since = support.clock.now().toISOString()
    expect(await be(asMia, ticket.id, 'VIEWING')).toEqual({
      viewers: [{ ...at(mia, 'VIEWING'), since }],
      userErrors: [],
    })
    expect(await take(events, 1)).toEqual([{ data: { presenceChanged: [at(mia, 'VIEWING')] } }])
    await be(asMia, ticket.id, 'VIEWING') // nothing new
    await be(asMia, ticket.id, 'TYPING')
    expect(await take(events, 1)).toEqual([{ data: { presenceChanged: [at(mia, 'TYPING')] } }])
    await events.return?.()

    expect((await asLeo(viewers, { id: ticket.id })).data).toEqual({ ticket: { viewers: [at(mia, 'TYPING')] } })
  })

  it('ends with the last connection of the agent', async () => {
    const tenant = await support.aTenant()
    const [mia, leo] = [await support.anAgent(tenant), await support.anAgent(tenant)]
    const ticket = await support.aTicket(tenant)
    const [first, second] = [await served.connectAs(mia), await served.connectAs(mia)]
    await Promise.all([first.connected, second.connected])
    await be(await support.asAgent(mia), ticket.id, 'VIEWING')
    const asLeo = await support.asAgent(leo)
    const seen = async () =>
      (await asLeo<{ ticket: { viewers: Seen[] } }>(viewers, { id: ticket.id })).data?.ticket.viewers
    await first.dispose()
    expect(await seen()).toEqual([at(mia, 'VIEWING')])
    await second.dispose()
    await eventually(async () => expect(await seen()).toEqual([]))
  })

  it('is for those who may see the ticket', async () => {
    const [tenant, elsewhere] = [await support.aTenant(), await support.aTenant()]
    const mia = await support.anAgent(tenant, { role: 'AGENT' })
    const leo = await support.anAgent(tenant)
    const asMia = await support.asAgent(mia)
    const hidden = await support.aTicket(tenant, {}, { assigneeId: leo.id })
    const foreign = await support.aTicket(elsewhere)
    await be(await support.asAgent(leo), hidden.id, 'TYPING')
    const client = await served.connectAs(mia)
    for (const ticketId of [hidden.id, foreign.id, randomUUID(), 'no id']) {
      const refused = await be(asMia, ticketId, 'VIEWING')
      expect(refused).toEqual({ viewers: [], userErrors: [{ code: 'NOT_FOUND', path: ['input', 'ticketId'] }] })
      await expect(client.subscribe(changed, { ticketId }).next()).rejects.toEqual([
        expect.objectContaining({ extensions: expect.objectContaining({ code: 'NOT_FOUND' }) }),
      ])
    }
    const asService = support.asGateway({ tenantId: tenant.id })
    const { data } = await asService<Set>(set, { input: { ticketId: hidden.id, activity: 'VIEWING' } })
    expect(data?.setPresence.userErrors).toEqual(refusal('FORBIDDEN'))
    expect(codesOf(await support.anonymous(set, { input: { ticketId: hidden.id, activity: 'IDLE' } }))).toEqual([
      'UNAUTHENTICATED',
    ])
  })

  it('is followed no longer than the ticket is seen', async () => {
    const tenant = await support.aTenant()
    const mia = await support.anAgent(tenant, { role: 'AGENT' })
    const leo = await support.anAgent(tenant)
    const ticket = await support.aTicket(tenant)
    const events = (await served.connectAs(mia)).subscribe<{ presenceChanged: Seen[] }>(changed, {
      ticketId: ticket.id,
    })
    await take(events, 1)
    await change(support, ticket, assigned(leo.id))
    expect(await events.next()).toMatchObject({ done: true })
  })

  it('tells when somebody lapsed, and leaves nothing behind', async () => {
    const tenant = await support.aTenant()
    const ticket = await support.aTicket(tenant)
    const hub = createHub({ pool: support.database.systemPool, bus: support.bus, log: support.log })
    const viewer = serviceOf(tenant.id)
    const loaders = createLoaders(support.database.forTenant(tenant.id), viewer)
    // Its clock is ahead of the store's by nearly the whole time to live.
    const store = memoryPresence({ clock: { now: () => new Date(Date.now() - 29_900) } })
    await store.set(tenant.id, ticket.id, { agentId: 'mia', activity: 'VIEWING', since: new Date() })
    const lapsing = {
      ...store,
      list: async () => (await store.list(tenant.id, ticket.id)).filter(({ until }) => until > Date.now()),
    }
    const events = presenceChanges({ store: lapsing, bus: support.bus, hub }, { viewer, loaders }, ticket.id)
    const seen = await take(events, 2)
    expect(seen.map((present) => present.length)).toEqual([1, 0])
    await events.return(undefined)
    expect(hub.size).toBe(0)
    await hub.stop()
  })
})
