import { openLive, type LiveClient } from '@quimbi/service/websocket-test-kit.ts'
import { available } from '@quimbi/testing/availability.ts'
import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '@quimbi/database/port.ts'
import { logIn, openProcesses, post, type ServiceProcess } from './processes-kit.ts'

const patient = { timeout: 30_000, interval: 50 }
const each = [0, 1, 2] as const

const inboxQuery = `{ inbox(first: 100) { nodes { id tags { name } customer { id behavior { totalOrders } sourceRefs { source id } } } } }`
const liveQuery =
  'subscription { inboxUpdated { type ticketId ticket { customer { name behavior { totalOrders } } } } }'
const tagMutation = 'mutation ($input: TagTicketInput!) { tagTicket(input: $input) { userErrors { code } } }'
const orderMutation =
  'mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) { accepted userErrors { code } } }'

type Node = {
  id: string
  tags: { name: string }[]
  customer: { id: string; behavior: { totalOrders: number }; sourceRefs: { source: string; id: string }[] }
}
type Event = {
  inboxUpdated: { type: string; ticketId: string; ticket: { customer: { behavior: { totalOrders: number } | null } } }
}

describe.skipIf(!available('redis-server', redisAvailable()))(
  'three processes of each service, one database and one Redis',
  { timeout: 90_000 },
  () => {
    let redis: Awaited<ReturnType<typeof startRedis>>
    let world: Awaited<ReturnType<typeof openProcesses>>
    let gateways: ServiceProcess[]
    let token: string
    const clients: LiveClient[] = []
    const heard: Event['inboxUpdated'][][] = [[], [], []]

    beforeAll(async () => {
      redis = await startRedis()
      // The first insight of a process waits for the models to be made, nine processes side by side on a small machine.
      world = await openProcesses({ REDIS_URL: redis.url, INSIGHT_TIMEOUT_MS: '60000', SUBGRAPH_TIMEOUT_MS: '60000' })
      const rows = await Promise.all(
        each.map(async () => {
          const ports = { support: await freePort(), intelligence: await freePort() }
          const urls = {
            SUPPORT_URL: `http://127.0.0.1:${ports.support}`,
            INTELLIGENCE_URL: `http://127.0.0.1:${ports.intelligence}`,
          }
          return {
            support: await world.service('support', urls, ports.support),
            intelligence: await world.service('intelligence', urls, ports.intelligence),
            gateway: await world.service('gateway', urls),
          }
        }),
      )
      gateways = rows.map(({ gateway }) => gateway)
      await Promise.all(rows.flatMap((row) => Object.values(row)).map((one) => one.start()))
      token = await logIn(gateways[0]!)
      // One agent's consoles, each at another gateway.
      for (const [n, { gateway }] of rows.entries()) {
        const client = openLive(`${gateway.url}/graphql`, { authorization: `Bearer ${token}` })
        clients.push(client)
        await client.connected
        void listen(client, heard[n]!)
      }
    }, 180_000)

    afterAll(async () => {
      await Promise.all(clients.map((client) => client.dispose()))
      await world.close()
      await redis.stop()
    }, 60_000)

    async function listen(client: LiveClient, into: Event['inboxUpdated'][]): Promise<void> {
      for await (const { data } of client.subscribe<Event>(liveQuery))
        if (data?.inboxUpdated.ticket.customer.behavior) into.push(data.inboxUpdated)
    }

    const inboxAt = async (n: number): Promise<Node[]> => {
      const { data, errors } = await post(gateways[n]!, inboxQuery, {}, token)
      expect(errors).toBeUndefined()
      return (data as { inbox: { nodes: Node[] } }).inbox.nodes
    }
    const nodeAt = async (n: number, id: string) => (await inboxAt(n)).find((node) => node.id === id)

    /** A tag and an order through one gateway are at all of them, live too. */
    async function expectShared(from: number, mark: string): Promise<void> {
      const [node] = await inboxAt(from)
      const { id, customer } = node!
      const before = heard.map((events) => events.length)
      const tagged = await post(gateways[from]!, tagMutation, { input: { id, tags: [mark] } }, token)
      expect(tagged).toEqual({ data: { tagTicket: { userErrors: [] } } })
      for (const n of each) {
        await expect.poll(async () => (await nodeAt(n, id))?.tags.map(({ name }) => name), patient).toContain(mark)
        await expect.poll(() => heard[n]!.slice(before[n]).map(({ ticketId }) => ticketId), patient).toContain(id)
      }
      const orders = customer.behavior.totalOrders
      const order = {
        externalId: mark,
        placedAt: new Date(Date.now() - 60_000).toISOString(),
        total: '20.00',
        currencyCode: 'USD',
      }
      const input = { source: 'till', orders: [{ customer: { id: customer.id }, order }] }
      const taken = await post(gateways[from]!, orderMutation, { input }, token)
      expect(taken).toEqual({ data: { ingestOrders: { accepted: 1, userErrors: [] } } })
      for (const n of each)
        await expect.poll(async () => (await nodeAt(n, id))?.customer.behavior.totalOrders, patient).toBe(orders + 1)
    }

    it('share one inbox', async () => {
      for (const n of each) await inboxAt(n)
      await expectShared(0, 'first')
      await expectShared(1, 'second')
    })

    it('go on without Redis, and by themselves as before once it is back', async () => {
      await redis.pause()
      await expectShared(2, 'away')
      await redis.restart()
      await expectShared(0, 'back')
    })
  },
)
