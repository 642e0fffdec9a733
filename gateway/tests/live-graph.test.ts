import { createLiveClient } from '@quimbi/live/client.ts'
import type { LiveStatus } from '@quimbi/live/types.ts'
import { openLive } from '@quimbi/service/websocket-test-kit.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { aCustomer, anOrder, aTenant, aTicket, ask, ingest } from './kit.ts'
import { anAgent, change, openDoors, openLiveWorld, tagged, type LiveWorld } from './live-kit.ts'

const patient = { timeout: 15_000, interval: 10 }

describe('live, over both subgraphs and the wire', () => {
  let kit: LiveWorld
  let tenant: Awaited<ReturnType<typeof aTenant>>
  let customer: { id: string }
  let [mia, leo] = [] as unknown as Awaited<ReturnType<typeof anAgent>>[]
  let doors: Awaited<ReturnType<typeof openDoors>>
  beforeAll(async () => {
    kit = await openLiveWorld('over HTTP', { graceMs: 20 })
    tenant = await aTenant(kit.world, 'acme')
    customer = await aCustomer(kit.world, tenant, 'c1')
    await kit.world.supergraph.settle()
    mia = await anAgent(kit, tenant, 'TEAM_LEAD', 'mia')
    leo = await anAgent(kit, tenant, 'TEAM_LEAD', 'leo')
    doors = await openDoors(kit)
    // The first insight waits for the models to be read.
    await order('o0')
  }, 120_000)
  afterAll(async () => {
    await doors.close()
    await kit.close()
  })
  afterEach(() => kit.leave())

  type Change = { cursor: string; metric: string; to: number | null; customer: { id: string; name: string } }
  const insight = `subscription ($after: Cursor) {
    insightChanged(after: $after, minChange: 0) { cursor metric to customer { id name } } }`
  const changeOf = async (results: Awaited<ReturnType<typeof kit.subscribe>>) => {
    const { value, done } = await results.next()
    if (done || !value.data) throw new Error(`There is no change: ${JSON.stringify(value)}`)
    expect(value.errors).toBeUndefined()
    return value.data['insightChanged'] as Change
  }
  const order = async (externalId: string) => {
    await ingest(kit.world, tenant, [anOrder(externalId, 'c1', '40.00')])
    await kit.world.supergraph.intelligence.settle()
    await kit.settle()
  }

  it('tells of a customer’s insight with what Support knows of them, and goes on after a cursor', async () => {
    const results = await kit.subscribe(mia!.token, insight)
    const pending = changeOf(results)
    pending.catch(() => {})
    await expect.poll(() => kit.live.sizes.subscriptions).toBe(1)
    await order('o1')
    const first = await pending
    expect(first).toMatchObject({ customer: { id: customer.id, name: 'Customer c1' }, to: expect.any(Number) })
    const second = await changeOf(results)
    expect(second.metric).not.toBe(first.metric)
    await results.return(undefined)
    const again = await kit.subscribe(leo!.token, insight, { after: first.cursor })
    expect(await changeOf(again)).toEqual(second)
  })

  it('goes on telling of insight when the way to Intelligence is cut, each change once', async () => {
    const results = await kit.subscribe(mia!.token, insight)
    const cursors: string[] = []
    const listening = (async () => {
      for await (const { data } of results) cursors.push((data?.['insightChanged'] as Change).cursor)
    })()
    for (const n of [1, 2, 3]) {
      const before = cursors.length
      await kit.means.cut()
      await order(`cut${n}`)
      await vi.waitFor(() => expect(cursors.length).toBeGreaterThan(before), patient)
    }
    expect(new Set(cursors).size).toBe(cursors.length)
    await results.return(undefined)
    await listening
  })

  it('shows who is at a ticket, and that they are gone once their console is', async () => {
    const { id } = await aTicket(kit.world, tenant, customer.id)
    const watch = 'subscription ($id: ID!) { presenceChanged(ticketId: $id) { activity agent { id name } } }'
    const set = `mutation ($input: SetPresenceInput!) { setPresence(input: $input) { userErrors { code } } }`
    const seen = (await kit.subscribe(leo!.token, watch, { id })) as AsyncIterator<{ data?: unknown }>
    const present = async () => (await seen.next()).value.data.presenceChanged as object[]
    expect(await present()).toEqual([])
    const client = openLive(doors.url, { authorization: `Bearer ${mia!.token}` })
    const own = client.subscribe(watch, { id })
    await own.next()
    await ask(kit.world, set, { input: { ticketId: id, activity: 'TYPING' } }, mia!.token)
    expect(await present()).toEqual([{ activity: 'TYPING', agent: { id: mia!.id, name: 'mia' } }])
    await client.dispose()
    expect(await present()).toEqual([])
  })

  it('begins by itself when Support, away when a client came, is back, and has lost nothing', async () => {
    const { data } = await ask(kit.world, '{ inbox(first: 1) { asOf } }', {}, mia!.token)
    const { asOf } = (data as { inbox: { asOf: string } }).inbox
    const ticket = await aTicket(kit.world, tenant, customer.id)
    const statuses: LiveStatus['state'][] = []
    type Heard = { cursor: string; type: string; ticket: { id: string } | null }
    const heard: Heard[] = []
    const client = createLiveClient({
      ...{ url: doors.url, token: () => mia!.token, firstWaitMs: 1, mostWaitMs: 10 },
      onStatus: ({ state }) => statuses.push(state),
    })
    onTestFinished(() => client.close())
    const resync = vi.fn(() => null)
    await kit.means.takeAway('support')
    client.subscribe(
      {
        query: 'subscription ($after: Cursor) { inboxUpdated(after: $after) { cursor type ticket { id } } }',
        after: asOf,
      },
      {
        next({ data: told }) {
          const event = told?.['inboxUpdated'] as Heard
          if (event.ticket?.id === ticket.id && event.type === 'TAGGED') heard.push(event)
        },
        resync,
      },
    )
    await vi.waitFor(() => expect(statuses).toContain('waiting'), patient)
    await change(kit, ticket, tagged('away'))
    await kit.means.bringBack('support')
    await vi.waitFor(() => expect(heard).toHaveLength(1), patient)
    // And once more, while it runs: nobody notices.
    const connections = statuses.length
    await kit.means.takeAway('support')
    await change(kit, ticket, tagged('again'))
    await kit.means.bringBack('support')
    await change(kit, ticket, tagged('back'))
    await vi.waitFor(() => expect(heard).toHaveLength(3), patient)
    expect(new Set(heard.map(({ cursor }) => cursor)).size).toBe(3)
    expect([statuses.length, resync.mock.calls]).toEqual([connections, []])
  })

  it('never waits for Intelligence: an event has null and an error each time that it is slow', async () => {
    const ticket = await aTicket(kit.world, tenant, customer.id)
    await kit.settle()
    const query = 'subscription { inboxUpdated { cursor ticket { id customer { name behavior { totalOrders } } } } }'
    const slow = await openLiveWorldWith(kit)
    const results = await slow(query)
    for (const tag of ['one', 'two', 'three']) {
      await change(kit, ticket, tagged(tag))
      const { value } = await results.next()
      expect(value).toMatchObject({
        data: { inboxUpdated: { ticket: { customer: { name: 'Customer c1', behavior: null } } } },
        errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'intelligence' } }],
      })
    }
  })

  /** As mia, while Intelligence answers nothing. */
  async function openLiveWorldWith({ insight: door, subscribe }: LiveWorld) {
    const held = Promise.withResolvers<void>()
    door.before = () => held.promise
    onTestFinished(() => {
      door.before = async () => {}
      held.resolve()
    })
    return (query: string) => subscribe(mia!.token, query)
  }
})
