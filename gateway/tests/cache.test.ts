import { lensOf } from '@quimbi/intelligence/profiles/lens.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aCustomer, aTenant, aTicket, anOrder, ask, ingest, logIn, now, openWorld, source, type World } from './kit.ts'

// Every field by which Intelligence adds to a customer, as far as it takes no argument that names a time.
const basis = 'basis { modelVersion asOf orders events }'
const fields = `behavior { lifetimeValue { amount } totalOrders returnRate lastOrderAt features } orders { nodes { id } }
  sourceRefs { source id } dnaStatus dna { archetype { name averageLtv { amount } } confidence ${basis} }
  churnRisk { score level horizonDays revenueAtRisk { amount } ${basis} } ltvForecast { amount { amount } ${basis} }
  nextPurchase { expectedAt } engagement { score } lifecycle trajectory { spendSlope direction } communicationGuidance
  history(metric: CHURN_RISK) { at value } optimalContact(messageType: SUPPORT_REPLY) { channel } personalizedOffer(goal: RETAIN) { kind }`
const inboxQuery = `{ inbox(first: 20) { nodes { customer { id ${fields} } } } }`
const entitiesQuery = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { id ${fields} } } }`

type Customer = { id: string; behavior: { totalOrders: number } | null; churnRisk: { horizonDays: number } | null }

let world: World
let serial = 0
beforeAll(async () => {
  world = await openWorld()
  // Models take a moment once; no test is to pay for them.
  await lensOf(world.intelligence.system, crypto.randomUUID())
})
afterAll(() => world.close())

let tenant: Awaited<ReturnType<typeof aTenant>>
let token: string
let ids: string[]
beforeEach(async () => {
  serial += 1
  tenant = await aTenant(world, `shop-${serial}`)
  token = await logIn(world, tenant)
  ids = []
  for (const name of ['one', 'two', 'three']) {
    const { id } = await aCustomer(world, tenant, name)
    await aTicket(world, tenant, id, name)
    ids.push(id)
  }
  await world.supergraph.settle()
  await ingest(
    world,
    tenant,
    [5, 40, 90].flatMap((days) => ['one', 'two'].map((name) => anOrder(`${name}-${days}`, name, '50.00', days))),
  )
  await world.supergraph.intelligence.settle()
})

const customersNow = async (): Promise<Map<string, Customer>> => {
  const { data, errors } = await ask(world, inboxQuery, {}, token)
  expect(errors).toBeUndefined()
  const { nodes } = (data as { inbox: { nodes: { customer: Customer }[] } }).inbox
  return new Map(nodes.map(({ customer }) => [customer.id, customer]))
}

/** What Intelligence itself says. */
async function said(of: readonly string[]): Promise<Customer[]> {
  const representations = of.map((id) => ({ __typename: 'Customer', id }))
  const facts = { requestId: 'test', caller: 'gateway', authorization: `Bearer ${token}` } as const
  const operation = { query: entitiesQuery, variables: { of: representations } }
  const { data, errors } = await world.supergraph.intelligence.subgraph.execute(operation, facts)
  expect(errors).toBeUndefined()
  return JSON.parse(JSON.stringify(data?.['_entities'])) as Customer[]
}

async function expectNothingOld(): Promise<void> {
  const told = await customersNow()
  expect([...told.values()].toSorted(byId)).toEqual((await said([...told.keys()])).toSorted(byId))
}

const byId = (a: Customer, b: Customer) => (a.id < b.id ? -1 : 1)

async function change(mutation: string, input: object): Promise<void> {
  const query = `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { userErrors { code message } } }`
  const named = query.replace('SaveIntelligenceSettingsInput', 'IntelligenceSettingsInput')
  const { data, errors } = await ask(world, named, { input }, token)
  expect({ errors, data }).toEqual({ errors: undefined, data: { [mutation]: { userErrors: [] } } })
}

describe('what Intelligence says of customers', () => {
  it('is asked for once', async () => {
    const first = await customersNow()
    world.statements.length = 0
    expect(await customersNow()).toEqual(first)
    expect(world.statements.filter((sql) => /customer_insight|customer_order/.test(sql))).toEqual([])
    await aTicket(world, tenant, (await aCustomer(world, tenant, 'four')).id, 'four')
    world.statements.length = 0
    expect((await customersNow()).size).toBe(4)
    expect(world.statements.some((sql) => /customer_insight/.test(sql))).toBe(true)
    await expectNothingOld()
  })

  it('is the same for agents of every role, so that they share it', async () => {
    const [admin] = await said(ids)
    for (const role of ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER']) {
      const email = `${role.toLowerCase()}@shop.example`
      const password = 'correct horse battery'
      await change('createAgent', { name: role, email, password, role })
      const own = token
      token = await logIn(world, { ...tenant, login: { ...tenant.login, email, password } })
      expect((await said(ids))[0]).toEqual(admin)
      token = own
    }
  })

  const order = (name: string) => ({
    source,
    orders: [
      {
        customer: { externalId: name },
        order: {
          ...anOrder('fresh', name, '80.00').order,
          placedAt: new Date(now.getTime() - 3_600_000).toISOString(),
        },
      },
    ],
  })
  const writes: [string, () => Promise<unknown>][] = [
    ['an order', () => change('ingestOrders', order('one'))],
    ['the first order of somebody', () => change('ingestOrders', order('three'))],
    ['an interaction', () => ingestInteraction()],
    ['an event', () => ingestEvent()],
    ['what a source says of a customer', () => change('syncCustomer', sync({ countryCode: 'DE' }))],
    ['another id of a customer', () => change('syncCustomer', sync({ externalId: 'again', customerId: ids[0] }))],
    ['a merge in Intelligence', () => change('mergeIdentities', { fromId: ids[0], intoId: ids[1] })],
    ['an erasure of all', () => change('eraseCustomerInsight', { customer: { id: ids[0] } })],
    ['an erasure of a source', () => change('eraseCustomerInsight', { customer: { id: ids[0] }, source })],
    ['another horizon', () => change('saveIntelligenceSettings', { churnHorizonDays: 45 })],
    ['the computation of what is stale', () => world.supergraph.intelligence.settle()],
  ]
  const sync = (given: object) => ({ source, externalId: 'one', ...given })
  const at = new Date(now.getTime() - 3_600_000).toISOString()
  const ingestInteraction = () =>
    change('ingestInteractions', {
      source,
      interactions: [
        {
          customer: { externalId: 'one' },
          interaction: { externalId: 'i1', channel: 'EMAIL', kind: 'EMAIL_OPEN', at },
        },
      ],
    })
  const ingestEvent = () =>
    change('ingestEvents', {
      source,
      events: [{ customer: { externalId: 'one' }, event: { externalId: 'e1', name: 'visit', at } }],
    })

  it.each(writes)('is new at once after %s', async (_, write) => {
    await expectNothingOld()
    await write()
    await expectNothingOld()
    await world.supergraph.settle()
    await world.supergraph.intelligence.settle()
    await expectNothingOld()
  })

  it('counts a new order in the answer that follows it', async () => {
    const total = async () => (await customersNow()).get(ids[0] ?? '')?.behavior?.totalOrders
    expect(await total()).toBe(3)
    await change('ingestOrders', order('one'))
    expect(await total()).toBe(4)
  })
})
