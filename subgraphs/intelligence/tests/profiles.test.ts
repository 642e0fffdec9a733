import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lensOf } from '../src/profiles/lens.ts'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  // Models take a moment once; no test is to pay for them.
  await lensOf(world.database.system, newId())
})
afterAll(() => world.close())

const now = new Date(startOfTime)
const ago = (days: number) => new Date(now.getTime() - days * dayMs)
const idOf = (tenantId: string, externalId: string) => customerIdOf(tenantId, 'shop', externalId)

const basis = 'basis { modelVersion featureVersion asOf orders events }'
const segment = '{ id axis name description memberCount share center }'
const factors = 'baseline factors { feature value contribution explanation } otherContribution'
const everything = `
  dnaStatus
  dna { archetype { id name description level dominantSegments ${segment} traits recommendedActions memberCount share averageLtv { amount } averageChurnRisk }
    axes { axis dominant { id } memberships { segment { id } membership } strength } dominantSegments { id } confidence ${basis} }
  churnRisk { score level horizonDays interval { low high level } ${factors} recommendations revenueAtRisk { amount currencyCode } ${basis} }
  ltvForecast { amount { amount currencyCode } months interval { low { amount } high { amount } level } historic { amount } expectedOrders ${factors} ${basis} }
  nextPurchase { expectedAt probability30Days repurchaseDays ${basis} }
  engagement { score trend ${basis} }
  lifecycle trajectory { spendSlope riskSlope direction interval { low high level } ${basis} }
  communicationGuidance behavior { features }`

type Insight = {
  dnaStatus: string
  dna: { axes: { memberships: { membership: number }[] }[]; archetype: { name: string } } | null
  churnRisk: { score: number; level: string; horizonDays: number; basis: Record<string, unknown> } | null
  ltvForecast: { amount: { amount: string; currencyCode: string }; months: number; historic: { amount: string } } | null
  lifecycle: string | null
  engagement: { score: number } | null
  trajectory: object | null
  nextPurchase: { expectedAt: string } | null
  communicationGuidance: string[] | null
  behavior: { features: Record<string, number> }
}

const look = async (tenantId: string, externalId: string, fields = everything) => {
  const query = `query ($id: ID!) { customerInsight(customerId: $id) { ${fields} } }`
  const facts = await world.agent(tenantId, 'AGENT')
  const id = /^[\da-f-]{36}$/.test(externalId) ? externalId : idOf(tenantId, externalId)
  const { data, codes, reasons } = await world.ask<{ customerInsight: Insight }>(query, { id }, facts)
  return { insight: data?.customerInsight, codes, reasons }
}

/** A customer who bought every 30 days for a year. */
const regular = (externalId = 'C-1', count = 12) =>
  Array.from({ length: count }, (_, nth) =>
    anOrder({ customer: { externalId }, placedAt: ago(5 + 30 * nth), total: `${40 + nth}.50` }),
  )

/** Lets everything be computed that is due. */
const settle = () => world.module.settle()

const without = ({ dnaStatus: _, ...rest }: Insight) => rest

describe('the insight of a customer', () => {
  it('is there at once, whole, and says what it rests on', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, regular())
    const { insight, codes } = await look(tenantId, 'C-1')
    expect(codes).toEqual([])
    expect(insight).toMatchObject({
      dnaStatus: 'READY',
      churnRisk: {
        score: expect.any(Number),
        horizonDays: 90,
        revenueAtRisk: { currencyCode: 'USD' },
        basis: { orders: 12, events: 0, asOf: startOfTime, modelVersion: expect.stringMatching(/^prior/) },
      },
      ltvForecast: { months: 12, amount: { currencyCode: 'USD' }, historic: { amount: '552.00' } },
      behavior: { features: { orders: 12, daysSinceLastOrder: 5 } },
    })
    expect(insight?.dna?.axes).toHaveLength(14)
    for (const { memberships } of insight?.dna?.axes ?? [])
      expect(memberships.reduce((sum, { membership }) => sum + membership, 0)).toBeCloseTo(1, 9)
    expect(Object.keys(insight?.behavior.features ?? {})).toHaveLength(66)
    expect(insight?.trajectory).toMatchObject({ direction: expect.stringMatching(/RISING|STEADY|FALLING/) })
    expect(new Date(insight?.nextPurchase?.expectedAt ?? 0) > now).toBe(true)
  })

  it('is the same computed ahead as computed when asked', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [...regular('C-1'), ...regular('C-2', 1)])
    const before = [await look(tenantId, 'C-1'), await look(tenantId, 'C-2')]
    await settle()
    const kept = await world.rows(`SELECT 1 FROM customer_insight WHERE tenant_id = $1`, tenantId)
    expect(kept).toHaveLength(2)
    expect([await look(tenantId, 'C-1'), await look(tenantId, 'C-2')]).toEqual(before)
  })

  it('is stale from a change until it was computed anew', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, regular('C-1', 3))
    await settle()
    const before = (await look(tenantId, 'C-1')).insight
    await world.ingest(tenantId, [anOrder({ placedAt: ago(1), total: '900.00' })])
    const between = (await look(tenantId, 'C-1')).insight
    expect(between?.dnaStatus).toBe('STALE')
    expect(between && without(between)).toEqual(before && without(before))
    await settle()
    const after = (await look(tenantId, 'C-1')).insight
    expect(after?.dnaStatus).toBe('READY')
    expect(after?.churnRisk?.basis['orders']).toBe(4)
    expect(after?.churnRisk?.score).not.toBe(before?.churnRisk?.score)
  })

  it('of one without an order is none, and of nobody none either', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder(), anOrder({ customer: { externalId: 'C-2' }, status: 'CANCELLED' })])
    const nothing = {
      ...{ dna: null, churnRisk: null, ltvForecast: null, nextPurchase: null },
      ...{ lifecycle: null, trajectory: null, communicationGuidance: null },
    }
    expect((await look(tenantId, 'C-2')).insight).toMatchObject({ ...nothing, dnaStatus: 'INSUFFICIENT_DATA' })
    await settle()
    expect((await look(tenantId, 'C-2')).insight).toMatchObject({ ...nothing, dnaStatus: 'INSUFFICIENT_DATA' })
    expect((await look(tenantId, newId())).insight).toBeNull()
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { dnaStatus engagement { score } churnRisk { score } } } }`
    const ids = [newId(), 'nobody', idOf(tenantId, 'C-1').toUpperCase()]
    const of = ids.map((id) => ({ __typename: 'Customer', id }))
    const { data } = await world.ask<{ _entities: object[] }>(
      query,
      { of },
      {
        ...(await world.agent(tenantId)),
        caller: 'gateway',
      },
    )
    const unknown = { dnaStatus: 'UNKNOWN_CUSTOMER', engagement: null, churnRisk: null }
    expect(data?._entities).toMatchObject([unknown, unknown, { dnaStatus: 'READY', churnRisk: {} }])
  })

  it('looks further ahead when asked, and no further than it can see', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, regular())
    const scores = await look(
      tenantId,
      'C-1',
      'near: churnRisk(horizonDays: 28) { score horizonDays } far: churnRisk(horizonDays: 365) { score }',
    )
    const { near, far } = scores.insight as unknown as Record<'near' | 'far', { score: number; horizonDays: number }>
    expect(near.horizonDays).toBe(28)
    expect(near.score).toBeGreaterThan(far.score)
    for (const days of [27, 366, 0, -1]) {
      const { reasons } = await look(tenantId, 'C-1', `churnRisk(horizonDays: ${days}) { score }`)
      expect(reasons).toEqual(['HORIZON'])
    }
    for (const months of [0, 37]) {
      const { codes, reasons } = await look(tenantId, 'C-1', `ltvForecast(months: ${months}) { months }`)
      expect([codes, reasons]).toEqual([['BAD_USER_INPUT'], ['MONTHS']])
    }
    for (const days of [0, 1_096])
      expect((await look(tenantId, 'C-1', `history(metric: LTV_12M, days: ${days}) { value }`)).reasons).toEqual([
        'DAYS',
      ])
  })

  it('takes the tenant’s own horizon where it has one', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, regular())
    await world.rows(
      `UPDATE tenant_profile SET churn_horizon_days = 45, models_version = 1 WHERE tenant_id = $1`,
      tenantId,
    )
    expect((await look(tenantId, 'C-1')).insight?.churnRisk?.horizonDays).toBe(45)
  })

  it('is another tenant’s affair', async () => {
    const [ours, theirs] = [newId(), newId()]
    await world.ingest(theirs, regular())
    await world.ingest(ours, [anOrder({ customer: { externalId: 'C-9' } })])
    await settle()
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { dnaStatus history(metric: CHURN_RISK) { value } } } }`
    const of = [{ __typename: 'Customer', id: idOf(theirs, 'C-1') }]
    const { data } = await world.ask<{ _entities: object[] }>(
      query,
      { of },
      {
        ...(await world.agent(ours)),
        caller: 'gateway',
      },
    )
    expect(data?._entities).toEqual([{ dnaStatus: 'UNKNOWN_CUSTOMER', history: [] }])
  })

  it('is not for a key that may only send', async () => {
    const tenantId = newId()
    const query = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }'
    const input = { name: 'sender', scopes: ['ingest'] }
    const made = await world.ask<{ createApiKey: { key: string } }>(query, { input }, await world.agent(tenantId))
    const analyze = 'query ($input: AnalyzeCustomerInput!) { analyzeCustomer(input: $input) { status } }'
    const passed = { customerId: 'x', orders: [] }
    const apiKey = made.data?.createApiKey.key ?? ''
    expect((await world.ask(analyze, { input: passed }, { apiKey })).codes).toEqual(['FORBIDDEN'])
  })
})

describe('a page of customers', () => {
  it('costs as many statements for a hundred as for five, computed ahead or not', async () => {
    const tenantId = newId()
    const names = Array.from({ length: 100 }, (_, index) => `P-${index}`)
    await world.ingest(
      tenantId,
      names.flatMap((externalId) => [
        anOrder({ customer: { externalId }, placedAt: ago(40) }),
        anOrder({ customer: { externalId } }),
      ]),
    )
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { ${everything} history(metric: LTV_12M) { value } } } }`
    const facts = { ...(await world.agent(tenantId)), caller: 'gateway' as const }
    const costOf = (count: number) => {
      const of = names.slice(0, count).map((name) => ({ __typename: 'Customer', id: idOf(tenantId, name) }))
      return world.statementsOf(async () => {
        const { data, codes } = await world.ask<{ _entities: object[] }>(query, { of }, facts)
        expect([codes, data?._entities.length]).toEqual([[], count])
      })
    }
    await costOf(1)
    const cold = [await costOf(5), await costOf(100)]
    expect(cold[0]).toBe(cold[1])
    expect(cold[1]).toBeLessThanOrEqual(11)
    await settle()
    const kept = [await costOf(5), await costOf(100)]
    expect(kept[0]).toBe(kept[1])
    expect(kept[1]).toBeLessThanOrEqual(7)
  })
})

describe('insight over time', () => {
  it('has the last value of each day, oldest first', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, regular('C-1', 4))
    await settle()
    const later = new Date(now.getTime() + dayMs)
    world.clock.set(later)
    await world.ingest(tenantId, [anOrder({ placedAt: ago(0.5), total: '10.00' })])
    await settle()
    await world.ingest(tenantId, [anOrder({ placedAt: ago(0.4), total: '500.00' })])
    await settle()
    const fields =
      'history(metric: CHURN_RISK) { at value } today: history(metric: LTV_12M, days: 1) { at value } churnRisk { score }'
    const { insight } = await look(tenantId, 'C-1', fields)
    const { history, today, churnRisk } = insight as unknown as {
      history: { at: string; value: number }[]
      today: { at: string }[]
      churnRisk: { score: number }
    }
    world.clock.set(now)
    expect(history.map(({ at }) => at)).toEqual(['2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'])
    expect(history.at(-1)?.value).toBeCloseTo(churnRisk.score, 12)
    expect(today.map(({ at }) => at)).toEqual(['2026-11-22T00:00:00.000Z'])
  })
})
