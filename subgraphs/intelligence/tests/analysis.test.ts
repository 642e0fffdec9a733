import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingestEvents } from '../src/events/ingest.ts'
import { ingestInteractions } from '../src/interactions/ingest.ts'
import { modelsOf } from '../src/models/registry.ts'
import { anOrder, dayMs, openWorld, service, startOfTime, type World } from './kit.ts'

let world: World
let tenantId: string
beforeAll(async () => {
  world = await openWorld()
  tenantId = newId()
  // The tenant's currency and models, settled before anything is compared.
  await world.ingest(tenantId, [anOrder({ customer: { externalId: 'somebody' } })])
})
afterAll(() => world.close())

const now = new Date(startOfTime)
const ago = (days: number) => new Date(now.getTime() - Math.round(days * dayMs))

const basis = 'basis { modelVersion featureVersion asOf orders events }'
const parts = `
  dna { archetype { id } axes { axis memberships { segment { id } membership } strength } confidence ${basis} }
  churnRisk { score level horizonDays interval { low high } baseline factors { feature value contribution } otherContribution
    recommendations revenueAtRisk { amount } ${basis} }
  behavior { lifetimeValue { amount currencyCode } totalOrders averageOrderValue { amount } daysSinceLastPurchase tenureDays returnRate
    firstOrderAt lastOrderAt features }
  nextPurchase { expectedAt probability30Days repurchaseDays } engagement { score trend ${basis} } lifecycle
  trajectory { spendSlope riskSlope direction interval { low high } } communicationGuidance`
const ltv =
  'ltvForecast(months: 7) { amount { amount } months interval { low { amount } high { amount } } expectedOrders baseline }'
const passed = `customerId status userErrors { code path } ${parts} ${ltv.replace('(months: 7)', '')}`

type Analysis = { status: string; userErrors: { code: string; path: string[] }[] } & Record<string, unknown>

const analyze = async (input: object) => {
  const query = `query ($input: AnalyzeCustomerInput!) { analyzeCustomer(input: $input) { ${passed} } }`
  const { data, codes } = await world.ask<{ analyzeCustomer: Analysis }>(
    query,
    { input },
    await world.agent(tenantId, 'AGENT'),
  )
  return { analysis: data?.analyzeCustomer, codes }
}

const refused = async (input: object) =>
  (await analyze({ customerId: 'c', orders: [], ...input })).analysis?.userErrors.map(({ code, path }) =>
    [code, ...path].join(' '),
  )

const instant = fc.integer({ min: 1, max: 700 * 24 * 60 }).map((minutes) => ago(minutes / 1440))
const amount = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => (cents / 100).toFixed(2))
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined, freq: 2 })
const order = fc.record({
  placedAt: instant,
  total: fc.oneof(amount, fc.constant('0')),
  currencyCode: fc.constant('USD'),
  status: fc.constantFrom('PAID', 'DELIVERED', 'RETURNED', 'CANCELLED'),
  discount: maybe(amount),
  refunded: maybe(amount),
  items: fc.array(
    fc.record({
      sku: fc.constantFrom('A', 'B', 'C'),
      title: fc.constant('Thing'),
      category: fc.constantFrom(undefined, 'Home', 'Garden'),
      quantity: fc.integer({ min: 1, max: 5 }),
      unitPrice: amount,
      discounted: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
})
const interaction = fc.record({
  at: instant,
  channel: fc.constantFrom('EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'),
  kind: fc.constantFrom('SUPPORT_TICKET', 'MESSAGE', 'REVIEW', 'SURVEY', 'EMAIL_OPEN', 'EMAIL_CLICK'),
  sentiment: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  resolvedHours: maybe(fc.double({ min: 0, max: 500, noNaN: true })),
} as const)
const event = fc.record({ at: instant, name: fc.constantFrom('visit', 'cart', 'login', 'wish') })
const told = fc.record({
  orders: fc.array(order, { maxLength: 25 }),
  interactions: fc.array(interaction, { maxLength: 10 }),
  events: fc.array(event, { maxLength: 10 }),
})

const numbered = <T extends object>(facts: readonly T[]) =>
  facts.map((fact) => ({ ...fact, externalId: `N-${newId()}` }))

/** Takes in what is told of a new customer, each kind in a batch; answers with their id. */
async function keep(facts: ReturnType<typeof everyFact>): Promise<string> {
  const externalId = `C-${newId()}`
  const customer = { externalId }
  const sent = { source: 'shop' }
  await world.ingest(
    tenantId,
    facts.orders.map((one) => ({ customer, order: one })),
  )
  await world.database.transact(tenantId, async (tx) => {
    const interactions = facts.interactions.map((one) => ({ customer, interaction: one }))
    await ingestInteractions(tx, service(tenantId), { ...sent, interactions }, now)
    const events = facts.events.map((one) => ({ customer, event: one }))
    await ingestEvents(tx, service(tenantId), { ...sent, events }, now)
  })
  return customerIdOf(tenantId, 'shop', externalId)
}

const everyFact = ({ orders, interactions, events }: typeof told extends fc.Arbitrary<infer T> ? T : never) => ({
  orders: numbered(orders),
  interactions: numbered(interactions),
  events: numbered(events),
})

describe('a customer who is passed in', () => {
  it('gets the figures of a stored one with the same data', { timeout: 120_000 }, async () => {
    const query = `query ($id: ID!) { customerInsight(customerId: $id) { status: dnaStatus ${parts} ${ltv} } }`
    // The tenant's first models are made here and not while a connection is waited for.
    await modelsOf(world.database.forTenant(tenantId), tenantId)
    await fc.assert(
      fc.asyncProperty(told, async (of) => {
        const facts = everyFact(of)
        fc.pre(facts.orders.length + facts.interactions.length + facts.events.length > 0)
        const id = await keep(facts)
        const facts0 = await world.agent(tenantId, 'AGENT')
        const ask = async () =>
          (await world.ask<{ customerInsight: object }>(query, { id }, facts0)).data?.customerInsight
        const atOnce = await ask()
        await world.module.settle()
        const ahead = await ask()
        // In another order than they were stored in.
        const shuffled = { ...facts, orders: facts.orders.toReversed() }
        const { analysis } = await analyze({ customerId: id, ...shuffled, asOf: now, ltvMonths: 7 })
        const { customerId, userErrors, ...figures } = analysis ?? { customerId: null, userErrors: null }
        expect([customerId, userErrors]).toEqual([id, []])
        expect(figures).toEqual(atOnce)
        expect(ahead).toEqual(atOnce)
      }),
      { numRuns: 15 },
    )
  })

  it('is looked at as of any instant: what came later is not seen', async () => {
    const orders = [400, 300, 200, 20, 10].map((days) => anOrder({ placedAt: ago(days), total: '80.00' }).order)
    const { analysis } = await analyze({ customerId: 'c', orders, asOf: ago(100) })
    const same = await analyze({ customerId: 'c', orders: orders.slice(0, 3), asOf: ago(100) })
    expect(analysis).toEqual(same.analysis)
    expect(analysis).toMatchObject({
      status: 'READY',
      behavior: { totalOrders: 3, daysSinceLastPurchase: 100, tenureDays: 300 },
      churnRisk: { basis: { orders: 3, asOf: ago(100).toISOString() } },
    })
    expect((await analyze({ customerId: 'c', orders, asOf: ago(500) })).analysis).toMatchObject({
      status: 'INSUFFICIENT_DATA',
      churnRisk: null,
      userErrors: [],
    })
  })

  it('leaves nothing behind', async () => {
    const tables = ['customer', 'customer_order', 'customer_insight', 'stale_customer', 'outbox']
    const count = async () =>
      Promise.all(tables.map((table) => world.rows(`SELECT 1 FROM ${table} WHERE tenant_id = $1`, tenantId)))
    const before = await count()
    await analyze({ customerId: newId(), orders: [anOrder().order] })
    expect(await count()).toEqual(before)
  })

  it('brings a currency along where the tenant has none yet', async () => {
    const facts = await world.agent(newId())
    const query =
      'query ($input: AnalyzeCustomerInput!) { analyzeCustomer(input: $input) { ltvForecast { amount { currencyCode } } } }'
    const orders = [{ ...anOrder().order, currencyCode: 'SEK' }]
    const { data } = await world.ask(query, { input: { customerId: 'c', orders } }, facts)
    expect(data).toEqual({ analyzeCustomer: { ltvForecast: { amount: { currencyCode: 'SEK' } } } })
  })
})

describe('what is passed in', () => {
  it('is refused at its place, all of it at once', async () => {
    const { order: good } = anOrder()
    const [interaction, event] = [
      { externalId: 'i', at: ago(1), kind: 'SURVEY', channel: 'EMAIL' },
      { externalId: 'e', at: ago(1), name: 'visit' },
    ]
    expect(await refused({ asOf: ago(-0.001) })).toEqual(['INVALID input asOf'])
    expect(await refused({ ltvMonths: 0 })).toEqual(['INVALID input ltvMonths'])
    expect(await refused({ ltvMonths: 37 })).toEqual(['INVALID input ltvMonths'])
    expect(await refused({ customerId: ' ' })).toEqual(['REQUIRED input customerId'])
    expect(await refused({ customerId: 'x'.repeat(201) })).toEqual(['TOO_LONG input customerId'])
    expect(await refused({ orders: [{ ...good, currencyCode: 'EUR' }] })).toEqual([
      'INVALID input orders 0 currencyCode',
    ])
    expect(
      await refused({
        orders: [good, { ...good, total: '99.00' }, { ...good, externalId: 'other', total: '-1' }],
        interactions: [interaction, { ...interaction, externalId: 'j', sentiment: 1.01 }],
        events: [{ ...event, name: '' }, event, { ...event, at: ago(-2), externalId: 'f' }],
      }),
    ).toEqual([
      'CONFLICT input orders 1 externalId',
      'INVALID input orders 2 total',
      'INVALID input interactions 1 sentiment',
      'REQUIRED input events 0 name',
      'INVALID input events 2 at',
    ])
  })

  it('is so much and no more', async () => {
    const event = { at: ago(1), name: 'visit' }
    const events = Array.from({ length: 10_001 }, (_, index) => ({ ...event, externalId: String(index) }))
    expect(await refused({ events })).toEqual(['LIMIT_EXCEEDED input events'])
    expect(await refused({ events: events.slice(1) })).toEqual([])
  })

  it('of many is answered in their order, each refused on its own', async () => {
    const query =
      'query ($input: [AnalyzeCustomerInput!]!) { analyzeCustomers(input: $input) { customerId status userErrors { code path } } }'
    const facts = await world.agent(tenantId)
    const { order: good } = anOrder()
    const input = [
      { customerId: 'a', orders: [good] },
      { customerId: 'b', orders: [{ ...good, total: 'much' }] },
      { customerId: 'a', orders: [] },
    ]
    const bad = await world.ask(query, { input }, facts)
    // No decimal number at all: the scalar refuses it before we look.
    expect(bad.codes).toEqual(['BAD_USER_INPUT'])
    input[1] = { customerId: 'b', orders: [{ ...good, total: '-5' }] }
    const { data } = await world.ask(query, { input }, facts)
    expect(data).toEqual({
      analyzeCustomers: [
        { customerId: 'a', status: 'READY', userErrors: [] },
        {
          customerId: 'b',
          status: 'INSUFFICIENT_DATA',
          userErrors: [{ code: 'INVALID', path: ['input', '1', 'orders', '0', 'total'] }],
        },
        { customerId: 'a', status: 'INSUFFICIENT_DATA', userErrors: [] },
      ],
    })
    const many = Array.from({ length: 1_001 }, (_, index) => ({ customerId: String(index), orders: [] }))
    expect((await world.ask(query, { input: many }, facts)).reasons).toEqual(['LIMIT'])
    const heavy = Array.from({ length: 11 }, (_, index) => ({
      customerId: String(index),
      orders: [],
      events: Array.from({ length: 9_500 }, (_event, nth) => ({ externalId: String(nth), at: ago(1), name: 'visit' })),
    }))
    expect((await world.ask(query, { input: heavy }, facts)).reasons).toEqual(['LIMIT'])
  })
})
