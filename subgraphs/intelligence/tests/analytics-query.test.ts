import { encodeCursor } from '@quimbi/service/cursors.ts'
import { newId } from '@quimbi/database/ids.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leavesOf, type CustomerQuery } from '../src/analytics/filter.ts'
import type { SegmentationModel } from '../src/dna/model.ts'
import { aTenant, insertRows, now, partner, randomRows, stages, type Row } from './analytics-kit.ts'
import { dayMs, openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()), 120_000)
afterAll(() => world.close())

const query = `query ($filter: CustomerQuery!, $first: Int, $after: String) {
  queryCustomers(filter: $filter, first: $first, after: $after) {
    totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`
type Page = {
  queryCustomers: {
    totalCount: number
    nodes: { id: string }[]
    edges: { cursor: string; node: { id: string } }[]
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
  }
}

const orders = ['REVENUE_AT_RISK', 'CHURN_RISK', 'LTV', 'LAST_PURCHASE'] as const

/** Who is found, in order: as the documentation says it, by hand. */
function oracle(rows: readonly Row[], filter: CustomerQuery, model: SegmentationModel): string[] {
  const {
    archetypeId,
    segments,
    lifecycle,
    daysSinceLastPurchaseAtLeast: days,
    daysSinceLastPurchaseAtMost: most,
  } = filter
  const axisOf = (id: string) =>
    model.axes.findIndex(({ segments: own, unknown }) => [...own, unknown].some((one) => one.id === id))
  const inSegments = (row: Row) =>
    [...Map.groupBy(segments ?? [], axisOf)].every(([axis, ids]) => ids.includes(row.segmentIds[axis] ?? ''))
  const key = (row: Row): number => {
    if (filter.orderBy === 'CHURN_RISK') return row.churnRisk ?? 0
    if (filter.orderBy === 'LTV') return row.ltv ?? 0
    if (filter.orderBy === 'LAST_PURCHASE') return Date.parse(row.lastOrderAt ?? '')
    return row.revenueAtRisk ?? 0
  }
  return rows
    .filter(({ status }) => status === 'READY')
    .filter(({ churnRisk }) => (churnRisk ?? 0) >= (filter.churnRiskAtLeast ?? 0))
    .filter(({ churnRisk }) => (churnRisk ?? 0) <= (filter.churnRiskAtMost ?? 1))
    .filter(({ ltv }) => (ltv ?? 0) >= Number(filter.ltvAtLeast ?? 0))
    .filter(({ ltv }) => (ltv ?? 0) <= Number(filter.ltvAtMost ?? Infinity))
    .filter(({ lastOrderAt }) => Math.floor((now.getTime() - Date.parse(lastOrderAt ?? '')) / dayMs) >= (days ?? 0))
    .filter(
      ({ lastOrderAt }) => Math.floor((now.getTime() - Date.parse(lastOrderAt ?? '')) / dayMs) <= (most ?? Infinity),
    )
    .filter((row) => !lifecycle?.length || lifecycle.some((stage) => stage === row.lifecycle))
    .filter(({ leaf }) => !archetypeId || leavesOf(archetypeId, model).includes(leaf ?? ''))
    .filter(inSegments)
    .sort((a, b) => key(b) - key(a) || (a.customerId < b.customerId ? 1 : -1))
    .map(({ customerId }) => customerId)
}

async function readPage(tenantId: string, variables: object): Promise<Page['queryCustomers']> {
  const { data, codes } = await world.ask<Page>(query, { ...variables }, await world.agent(tenantId, 'AGENT'))
  expect(codes).toEqual([])
  return data!.queryCustomers
}

/** Page after page to the end. */
async function readAll(tenantId: string, filter: CustomerQuery, first: number) {
  const ids: string[] = []
  const totals = new Set<number>()
  for (let after: string | null = null; ;) {
    const page: Page['queryCustomers'] = await readPage(tenantId, { filter, first, after })
    ids.push(...page.nodes.map(({ id }) => id))
    totals.add(page.totalCount)
    expect(page.edges.map(({ node }) => node.id)).toEqual(page.nodes.map(({ id }) => id))
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
    if (!page.pageInfo.hasNextPage) return { ids, totals: [...totals] }
    expect(page.nodes).toHaveLength(first)
    after = page.pageInfo.endCursor
  }
}

describe('customers by what is thought of them', { timeout: 120_000 }, () => {
  it('are those who fit every condition, the highest first, whatever the page', async () => {
    const { tenantId, model } = await aTenant(world)
    const rows = randomRows(250, model, 1)
    await insertRows(world, tenantId, rows)
    const other = await aTenant(world)
    await insertRows(world, other.tenantId, randomRows(50, other.model, 2))
    const segmentIds = model.axes.flatMap(({ segments, unknown }) => [...segments, unknown].map(({ id }) => id))
    const archetypeIds = model.tree.archetypes.map(({ id }) => id)
    const maybe = <T>(value: fc.Arbitrary<T>, nil = 3) => fc.option(value, { nil: undefined, freq: nil })
    const filters = fc.record({
      archetypeId: maybe(fc.constantFrom(...archetypeIds), 1),
      segments: maybe(fc.array(fc.constantFrom(...segmentIds), { maxLength: 8 }), 1),
      churnRiskAtLeast: maybe(
        fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
        1,
      ),
      churnRiskAtMost: maybe(fc.double({ min: 0.3, max: 1, noNaN: true }), 1),
      ltvAtLeast: maybe(fc.constantFrom('0', '12.5', '25.00', '30'), 1),
      ltvAtMost: maybe(fc.constantFrom('87.50', '62.4999', '50'), 1),
      daysSinceLastPurchaseAtLeast: maybe(fc.integer({ min: 0, max: 90 }), 1),
      daysSinceLastPurchaseAtMost: maybe(fc.integer({ min: 10, max: 100 }), 3),
      lifecycle: maybe(fc.subarray([...stages]), 1),
      orderBy: maybe(fc.constantFrom(...orders), 4),
    })
    let found = 0
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 7, max: 100 }), async (filter, first) => {
        const expected = oracle(rows, filter, model)
        found += expected.length
        expect(await readAll(tenantId, filter, first)).toEqual({ ids: expected, totals: [expected.length] })
      }),
      { numRuns: 40, seed: 1 },
    )
    // Filters that find nobody would prove nothing.
    expect(found).toBeGreaterThan(300)
  })

  it('are nobody of an empty tenant, of another one, or of an id that is unknown', async () => {
    const { tenantId, model } = await aTenant(world)
    await insertRows(world, tenantId, randomRows(5, model, 3))
    const empty = { ids: [], totals: [0] }
    expect(await readAll(newId(), {}, 10)).toEqual(empty)
    for (const unknown of [newId(), 'nobody', '']) {
      expect(await readAll(tenantId, { segments: [unknown] }, 10)).toEqual(empty)
      expect(await readAll(tenantId, { archetypeId: unknown }, 10)).toEqual(empty)
    }
  })

  it('are counted by who asks alone', async () => {
    const { tenantId } = await aTenant(world)
    const agent = await world.agent(tenantId)
    const bare = query.replace('totalCount', '')
    const cost = (text: string) => world.statementsOf(() => world.ask(text, { filter: {} }, agent))
    await cost(query)
    expect((await cost(query)) - (await cost(bare))).toBe(1)
  })

  const cursor = (...parts: (string | number)[]) => encodeCursor(parts)
  it.each([
    [{ filter: { churnRiskAtLeast: -0.1 } }],
    [{ filter: { churnRiskAtMost: 1.01 } }],
    [{ filter: { ltvAtLeast: '-1' } }],
    [{ filter: { ltvAtMost: '-0.01' } }],
    [{ filter: { daysSinceLastPurchaseAtLeast: -1 } }],
    [{ filter: { daysSinceLastPurchaseAtMost: -1 } }],
    [{ filter: { segments: Array.from({ length: 51 }, newId) } }],
    [{ filter: {}, first: 0 }],
    [{ filter: {}, first: 101 }],
    [{ filter: {}, after: 'nonsense' }],
    [{ filter: {}, after: cursor('REVENUE_AT_RISK', "1'; DROP TABLE customer", newId()) }],
    [{ filter: {}, after: cursor('REVENUE_AT_RISK', 'NaN', newId()) }],
    [{ filter: {}, after: cursor('REVENUE_AT_RISK', '1', 'no id') }],
    [{ filter: {}, after: cursor('LTV', '1', newId()) }],
    [{ filter: { orderBy: 'LAST_PURCHASE' }, after: cursor('LAST_PURCHASE', '2026-13-45T00:00:00+00:00', newId()) }],
  ])('refuses %j', async (variables) => {
    const { codes } = await world.ask(query, variables, await world.agent(newId()))
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })

  it('are for partners with the scope', async () => {
    const { tenantId } = await aTenant(world)
    const asked = async (scope: string) =>
      (await world.ask(query, { filter: {} }, await partner(world, tenantId, [scope]))).codes
    expect(await asked('ingest')).toEqual(['FORBIDDEN'])
    expect(await asked('insight:read')).toEqual([])
  })
})
