import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headlineOf } from '../src/analysis/analyse.ts'
import { scoreCustomer } from '../src/insight/scores.ts'
import { historiesOf } from '../src/profiles/histories.ts'
import { insightOf } from '../src/profiles/compute.ts'
import { lensOf } from '../src/profiles/lens.ts'
import { aShop, idOf, passedIn, regular } from './advice-kit.ts'
import { now, partner } from './analytics-kit.ts'
import { openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  // Models take a moment once; no test is to pay for them.
  await lensOf(world.database.system, newId())
}, 120_000)
afterAll(() => world.close())

const scores = `query ($ids: [ID!]!, $context: ScoringContext!) { scoreCustomers(customerIds: $ids, context: $context) {
  customerId score factors { feature value contribution explanation } basis { modelVersion orders } } }`
type Scores = {
  scoreCustomers: {
    customerId: string
    score: number
    factors: { contribution: number }[]
    basis: { orders: number }
  }[]
}
const recommend = `query ($input: RecommendContentInput!, $first: Int) { recommendContent(input: $input, first: $first) { sku title probability explanation } }`
const offer = `query ($input: PersonalizeOfferInput!) { personalizeOffer(input: $input) {
  kind percent amount { amount } expectedCost { amount currencyCode } expectedValue { amount } explanation } }`
type Offered = {
  personalizeOffer: { kind: string; percent: number | null; expectedCost: { amount: string; currencyCode: string } }
}
const timing = `query ($input: OptimizeTimingInput!) { optimizeTiming(input: $input) { at channel explanation } }`
type Timed = { optimizeTiming: { at: string; channel: string; explanation: string } }

const asked = [
  ['recommendContent', recommend, { objective: 'RETAIN' }],
  ['personalizeOffer', offer, { goal: 'RETAIN' }],
  ['optimizeTiming', timing, { messageType: 'PROMOTION' }],
] as const

describe('which customer first', { timeout: 120_000 }, () => {
  it('is told by churn, value, trajectory and engagement, as stored', async () => {
    const tenantId = await aShop(world, 12)
    const db = world.database.forTenant(tenantId)
    const lens = await lensOf(db, tenantId)
    const ids = Array.from({ length: 12 }, (_, nth) => idOf(tenantId, nth))
    const insights = (await historiesOf(db, tenantId, ids)).map((history) => insightOf(lens, history, now.getTime()))
    const ltvs = insights.map(({ bundle, profile }) => headlineOf(bundle, profile).ltv ?? 0).sort((a, b) => a - b)
    const at = (share: number) => {
      const place = share * (ltvs.length - 1)
      const below = ltvs[Math.floor(place)] ?? 0
      return below + (place % 1) * ((ltvs[Math.ceil(place)] ?? 0) - below)
    }
    const spread = { values: Float64Array.from({ length: 101 }, (_, n) => Number(at(n / 100).toFixed(2))) }
    for (const context of ['SUPPORT_PRIORITY', 'RETENTION', 'UPSELL', 'WIN_BACK'] as const) {
      const asking = { ids: [...ids, ids[0]?.toUpperCase(), newId(), 'nobody'], context }
      const { data, codes } = await world.ask<Scores>(scores, asking, await world.agent(tenantId, 'AGENT'))
      expect(codes).toEqual([])
      const answered = data!.scoreCustomers
      expect(answered.map(({ customerId }) => customerId).toSorted()).toEqual(ids.toSorted())
      expect(answered.map(({ score }) => score)).toEqual(answered.map(({ score }) => score).toSorted((a, b) => b - a))
      for (const { customerId, score, factors } of answered) {
        const { bundle, profile, horizonDays } = insights[ids.indexOf(customerId)]!
        const { churnRisk, ltv } = headlineOf(bundle, profile, horizonDays)
        const { trajectory, engagement } = profile
        const input = { churn: churnRisk, ltv, pace: trajectory?.pace ?? null, engagement: engagement?.score ?? null }
        // Stored forecasts are to the cent.
        expect(Math.abs(score - (scoreCustomer(input, spread, context)?.score ?? 0))).toBeLessThan(0.6)
        expect(factors.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 9)
      }
    }
  })

  it('is asked of at most 100, and of one’s own', async () => {
    const agent = await world.agent(newId())
    const many = { ids: Array.from({ length: 101 }, newId), context: 'UPSELL' }
    const refused = await world.ask(scores, many, agent)
    expect([refused.codes, refused.reasons]).toEqual([['BAD_USER_INPUT'], ['LIMIT']])
    const theirs = await aShop(world, 2)
    const { data } = await world.ask<Scores>(scores, { ids: [idOf(theirs, 0)], context: 'UPSELL' }, agent)
    expect(data).toEqual({ scoreCustomers: [] })
  })
})

describe('advice on a customer', { timeout: 120_000 }, () => {
  it.each(asked)('%s: the same for a stored one and one passed in with the same data', async (_, query, rest) => {
    const tenantId = await aShop(world, 8, (nth) => (nth % 2 ? ['MUG', 'TEA'] : ['MUG']))
    const agent = await world.agent(tenantId, 'AGENT')
    const stored = await world.ask(query, { input: { customerId: idOf(tenantId, 3).toUpperCase(), ...rest } }, agent)
    const profile = passedIn(regular(3, 4, ['MUG', 'TEA']))
    const passed = await world.ask(query, { input: { profile, ...rest } }, agent)
    expect([stored.codes, passed.codes]).toEqual([[], []])
    expect(stored.data).toEqual(passed.data)
  })

  it.each(asked)('%s: names exactly one, who is known', async (_, query, rest) => {
    const tenantId = await aShop(world, 2)
    const agent = await world.agent(tenantId, 'AGENT')
    const codesOf = async (input: object, facts = agent) =>
      (await world.ask(query, { input: { ...input, ...rest } }, facts)).codes
    const profile = passedIn(regular(0))
    const customerId = idOf(tenantId, 0)
    expect(await codesOf({})).toEqual(['BAD_USER_INPUT'])
    expect(await codesOf({ profile, customerId })).toEqual(['BAD_USER_INPUT'])
    expect(await codesOf({ profile: { ...profile, ltvMonths: 0 } })).toEqual(['BAD_USER_INPUT'])
    for (const unknown of [newId(), 'nobody', '']) expect(await codesOf({ customerId: unknown })).toEqual(['NOT_FOUND'])
    expect(await codesOf({ customerId }, await world.agent(newId()))).toEqual(['NOT_FOUND'])
    expect(await codesOf({ customerId })).toEqual([])
    expect(await codesOf({ customerId }, await partner(world, tenantId, ['ingest']))).toEqual(['FORBIDDEN'])
    expect(await codesOf({ profile }, await partner(world, tenantId, ['ingest']))).toEqual(['FORBIDDEN'])
    expect(await codesOf({ customerId }, await partner(world, tenantId, ['insight:read']))).toEqual([])
  })

  it.each(asked)('%s: of an empty tenant is no error', async (_, query, rest) => {
    const profile = passedIn(regular(0, 2))
    const { codes } = await world.ask(query, { input: { profile, ...rest } }, await world.agent(newId()))
    expect(codes).toEqual([])
  })
})

describe('an offer', { timeout: 120_000 }, () => {
  const ask = async (tenantId: string, input: object) =>
    world.ask<Offered>(offer, { input: { goal: 'WIN_BACK', ...input } }, await world.agent(tenantId, 'AGENT'))

  it('stays within the discount allowed, 10 % unless said', async () => {
    const tenantId = await aShop(world, 6)
    const percentOf = async (input: object) => (await ask(tenantId, input)).data!.personalizeOffer
    for (let nth = 0; nth < 6; nth += 1) {
      const customerId = idOf(tenantId, nth)
      const products = [{ sku: 'MUG', title: 'Mug', margin: 0.95 }]
      expect(await percentOf({ customerId, maxDiscountPercent: 0, products })).toMatchObject({
        kind: 'NONE',
        percent: null,
      })
      expect((await percentOf({ customerId, products })).percent ?? 0).toBeLessThanOrEqual(10)
      expect((await percentOf({ customerId, maxDiscountPercent: 50, products })).expectedCost.currencyCode).toBe('USD')
    }
  })

  it('is none before the first order, and an error where there is no currency yet', async () => {
    const profile = { customerId: 'new', orders: [] }
    const tenantId = await aShop(world, 1)
    expect((await ask(tenantId, { profile })).data?.personalizeOffer).toMatchObject({ kind: 'NONE' })
    expect((await ask(newId(), { profile })).codes).toEqual(['BAD_USER_INPUT'])
  })

  it.each([-1, 101])('is not of up to %i %%', async (maxDiscountPercent) => {
    const { codes } = await ask(newId(), { profile: passedIn(regular(0)), maxDiscountPercent })
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })
})

describe('the time of a message', { timeout: 120_000 }, () => {
  it('is a quiet customer’s own hour, on their own clock', async () => {
    const tenantId = await aShop(world, 30)
    const agent = await world.agent(tenantId, 'AGENT')
    const ask = async (input: object) =>
      (
        await world.ask<Timed>(
          timing,
          { input: { customerId: idOf(tenantId, 4), messageType: 'PROMOTION', ...input } },
          agent,
        )
      ).data!.optimizeTiming
    const { at, channel, explanation } = await ask({})
    expect([new Date(at).getUTCHours(), channel]).toEqual([10, 'EMAIL'])
    expect(explanation).toContain('at 10:00')
    const tokyo = await ask({ timeZone: 'Asia/Tokyo' })
    expect([new Date(tokyo.at).getUTCHours(), tokyo.explanation.includes('at 19:00')]).toEqual([10, true])
    const { codes } = await world.ask(
      timing,
      { input: { customerId: idOf(tenantId, 4), messageType: 'SURVEY', timeZone: 'Mars/Olympus' } },
      agent,
    )
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })
})

describe('a page of customers', { timeout: 120_000 }, () => {
  const page = `query ($ids: [ID!]!) { customerInsights(customerIds: $ids) { id
    promotion: optimalContact(messageType: PROMOTION) { at channel explanation }
    survey: optimalContact(messageType: SURVEY) { at }
    retain: personalizedOffer(goal: RETAIN) { kind percent amount { amount } expectedCost { amount } expectedValue { amount } explanation }
    upsell: personalizedOffer(goal: UPSELL) { kind } } }`
  type Advised = { customerInsights: ({ promotion: object | null; retain: { kind: string } | null } | null)[] }

  it('of 100 costs as many statements as one of two', async () => {
    const tenantId = await aShop(world, 100)
    const agent = await world.agent(tenantId, 'AGENT')
    const ids = Array.from({ length: 100 }, (_, nth) => idOf(tenantId, nth))
    const cost = (of: string[]) => world.statementsOf(() => world.ask(page, { ids: of }, agent))
    const { data, codes } = await world.ask<Advised>(page, { ids }, agent)
    expect(codes).toEqual([])
    expect(data!.customerInsights.every((one) => one?.promotion && one.retain)).toBe(true)
    expect(await cost(ids)).toBe(await cost(ids.slice(0, 2)))
    const scored = (of: string[]) =>
      world.statementsOf(() => world.ask(scores, { ids: of, context: 'RETENTION' }, agent))
    expect(await scored(ids)).toBe(await scored(ids.slice(0, 2)))
    const found = `query ($first: Int!) { queryCustomers(filter: {}, first: $first) { totalCount nodes { id
      optimalContact(messageType: SURVEY) { at } personalizedOffer(goal: RETAIN) { kind } churnRisk { score } } } }`
    const queried = (first: number) => world.statementsOf(() => world.ask(found, { first }, agent))
    expect(await queried(100)).toBe(await queried(2))
  })

  it('says nothing of one who has bought nothing, or is not known', async () => {
    const tenantId = await aShop(world, 1)
    const id = newId()
    await world.rows('INSERT INTO customer (tenant_id, id, created_at) VALUES ($1, $2, $3)', tenantId, id, now)
    const { data } = await world.ask<Advised>(page, { ids: [id, newId()] }, await world.agent(tenantId))
    expect(data!.customerInsights).toMatchObject([{ retain: null, promotion: { channel: 'EMAIL' } }, null])
  })
})
