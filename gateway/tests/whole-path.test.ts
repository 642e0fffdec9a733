import { inMemory, type SubgraphCall } from '@quimbi/gateway/subgraph-calls.ts'
import { createGateway } from '@quimbi/gateway/gateway.ts'
import { readSupergraph } from '@quimbi/gateway/server.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aCustomer, aTenant, aTicket, anOrder, ask, ingest, logIn, openWorld, type World } from './kit.ts'

const inboxQuery = `query ($first: Int!) { inbox(first: $first) { nodes { number subject customer { name behavior {
  lifetimeValue { amount } totalOrders daysSinceLastPurchase } } } } }`

type Node = {
  number: number
  subject: string
  customer: { name: string; behavior: { lifetimeValue: { amount: string }; totalOrders: number } }
}

describe('the inbox with what Intelligence knows of its customers', () => {
  let world: World
  let token: string

  beforeAll(async () => {
    world = await openWorld()
    const tenant = await aTenant(world, 'acme')
    const customers = []
    for (let index = 0; index < 20; index += 1) customers.push(await aCustomer(world, tenant, `c${index}`))
    // Three tickets a customer: what a page asks Intelligence for repeats.
    for (let index = 0; index < 60; index += 1)
      await aTicket(world, tenant, customers[index % 20]?.id ?? '', `Ticket ${index}`)
    await world.supergraph.settle()
    await ingest(
      world,
      tenant,
      Array.from({ length: 40 }, (_, index) => anOrder(`o${index}`, `c${index % 20}`, `${index + 1}.50`)),
    )
    token = await logIn(world, tenant)
  })
  afterAll(() => world.close())

  it('answers from both databases', async () => {
    const { data, errors } = await ask(world, inboxQuery, { first: 50 }, token)
    expect(errors).toBeUndefined()
    const { nodes } = data?.['inbox'] as { nodes: Node[] }
    expect(nodes).toHaveLength(50)
    const first = nodes.find(({ customer }) => customer.name === 'Customer c0')
    expect(first?.customer.behavior).toEqual({
      lifetimeValue: { amount: '23.00' },
      totalOrders: 2,
      daysSinceLastPurchase: 10,
    })
  })

  it('asks each subgraph once, and for each customer once', async () => {
    const asked: { service: string; representations: unknown[] | undefined }[] = []
    const watched = (service: 'support' | 'intelligence'): SubgraphCall => {
      const call = inMemory(world.supergraph[service].subgraph)
      return (operation, facts) => {
        asked.push({ service, representations: operation.variables?.['representations'] as unknown[] | undefined })
        return call(operation, facts)
      }
    }
    const gateway = await createGateway({
      supergraphSdl: readSupergraph(),
      calls: { support: watched('support'), intelligence: watched('intelligence') },
      log: createLogger({ service: 'gateway', level: 'silent' }),
      metrics: createMetrics('gateway', new Registry()),
      clock: world.clock,
      verifier: world.verifier,
      introspection: false,
    })
    const facts = { requestId: 'test', caller: null, authorization: `Bearer ${token}` }
    const { errors } = await gateway.execute({ query: inboxQuery, variables: { first: 50 } }, facts)
    expect(errors).toBeUndefined()
    expect(asked.map(({ service }) => service)).toEqual(['support', 'intelligence'])
    expect(asked[1]?.representations).toHaveLength(20)
    await gateway.stop()
  })

  it('sends as many SQL statements for fifty tickets as for five', async () => {
    const counted: Record<number, number> = {}
    for (const first of [5, 50, 5, 50]) {
      world.statements.length = 0
      await ask(world, inboxQuery, { first }, token)
      counted[first] = world.statements.length
    }
    expect(counted[50]).toBe(counted[5])
    expect(counted[50]).toBeLessThanOrEqual(8)
  })

  it('refuses who is not logged in, and says how to', async () => {
    const { data, errors } = await ask(world, inboxQuery, { first: 5 })
    expect(data ?? null).toBeNull()
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
  })

  it('refuses a token that is not ours before it asks a subgraph', async () => {
    world.statements.length = 0
    const { errors } = await ask(world, inboxQuery, { first: 5 }, `${token.slice(0, -4)}AAAA`)
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
    expect(world.statements).toEqual([])
  })

  it('refuses a page of more than a hundred', async () => {
    const { errors } = await ask(world, inboxQuery, { first: 101 }, token)
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
  })

  it('shows another tenant nothing of this one', async () => {
    const other = await aTenant(world, 'globex')
    const { data, errors } = await ask(world, inboxQuery, { first: 50 }, await logIn(world, other))
    expect(errors).toBeUndefined()
    expect(data).toEqual({ inbox: { nodes: [] } })
  })
})
