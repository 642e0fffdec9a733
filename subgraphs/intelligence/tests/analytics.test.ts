import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leavesOf } from '../src/analytics/filter.ts'
import { behaviorAxes, type BehaviorAxis } from '../src/dna/model.ts'
import { dnaOf } from '../src/dna/profile.ts'
import { features } from '../src/features/catalogue.ts'
import { extractFeatures } from '../src/features/extract.ts'
import { modelsOf } from '../src/models/registry.ts'
import { historiesOf } from '../src/profiles/histories.ts'
import { aTenant, insertRows, now, partner, randomRows } from './analytics-kit.ts'
import { anOrder, dayMs, openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()), 120_000)
afterAll(() => world.close())

const ago = (days: number) => new Date(now.getTime() - days * dayMs)

const segmentFields = 'id axis name description memberCount share center'
const archetypeFields = `id name level memberCount share averageLtv { amount currencyCode } averageChurnRisk dominantSegments { id } traits recommendedActions`
const whole = `query ($axis: BehaviorAxis, $level: ArchetypeLevel, $first: Int, $id: ID!, $of: BehaviorAxis!) {
  segments(axis: $axis) { ${segmentFields} }
  archetypes(level: $level, first: $first) { ${archetypeFields} }
  archetype(id: $id) { id memberCount }
  segmentDistribution(axis: $of) { segment { id memberCount } count share }
  churnTrend { at } cohorts { startsAt }
}`
type Segment = { id: string; axis: BehaviorAxis; memberCount: number; share: number }
type Archetype = {
  id: string
  level: string
  memberCount: number
  share: number
  averageLtv: { amount: string; currencyCode: string } | null
  averageChurnRisk: number | null
}
type Share = { segment: { id: string; memberCount: number }; count: number; share: number }
type Whole = {
  segments: Segment[]
  archetypes: Archetype[]
  archetype: Archetype | null
  segmentDistribution: Share[]
  churnTrend: object[]
  cohorts: object[]
}

async function look(tenantId: string, variables: object = {}) {
  const all = { id: newId(), of: 'PURCHASE_VALUE', first: 100, ...variables }
  const { data, codes } = await world.ask<Whole>(whole, all, await world.agent(tenantId, 'AGENT'))
  return { ...data!, codes }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('segments and archetypes of now', { timeout: 120_000 }, () => {
  it('are counted over the customers with an order', async () => {
    const { tenantId, model } = await aTenant(world)
    const rows = randomRows(300, model, 4)
    await insertRows(world, tenantId, rows)
    const ready = rows.filter(({ status }) => status === 'READY')

    const { segments, segmentDistribution, archetypes, codes } = await look(tenantId)
    expect(codes).toEqual([])
    expect(segments.map(({ id }) => id)).toEqual(
      model.axes.flatMap(({ segments: own, unknown }) => [...own, unknown].map(({ id }) => id)),
    )
    for (const { id, axis, memberCount, share } of segments) {
      const members = ready.filter(({ segmentIds }) => segmentIds[behaviorAxes.indexOf(axis)] === id).length
      expect([id, memberCount]).toEqual([id, members])
      expect(share).toBeCloseTo(members / ready.length, 12)
    }
    const onAxis = segments.filter(({ axis }) => axis === 'PURCHASE_VALUE')
    expect((await look(tenantId, { axis: 'PURCHASE_VALUE' })).segments).toEqual(onAxis)
    expect(segmentDistribution.map(({ segment, count, share }) => [segment.id, count, share])).toEqual(
      onAxis.map(({ id, memberCount, share }) => [id, memberCount, share]),
    )

    expect(archetypes).toHaveLength(Math.min(100, model.tree.archetypes.length))
    for (const one of archetypes) {
      const leaves = leavesOf(one.id, model)
      const members = ready.filter(({ leaf }) => leaves.includes(leaf ?? ''))
      expect([one.id, one.memberCount]).toEqual([one.id, members.length])
      expect(one.share).toBeCloseTo(members.length / ready.length, 12)
      if (members.length === 0) {
        expect(one).toMatchObject({ averageLtv: null, averageChurnRisk: null })
        continue
      }
      expect(one.averageLtv?.currencyCode).toBe('USD')
      expect(Number(one.averageLtv?.amount)).toBeCloseTo(sum(members.map(({ ltv }) => ltv ?? 0)) / members.length, 1)
      const mean = sum(members.map(({ churnRisk }) => churnRisk ?? 0)) / members.length
      expect(one.averageChurnRisk).toBeCloseTo(mean, 10)
    }
    const counts = archetypes.map(({ memberCount }) => memberCount)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
  })

  it('come by level, as many as are asked for, and one by its id', async () => {
    const { tenantId, model } = await aTenant(world)
    await insertRows(world, tenantId, randomRows(100, model, 5))
    const { archetypes } = await look(tenantId, { level: 'TENDENCY' })
    expect(archetypes.map(({ level }) => level)).toEqual(archetypes.map(() => 'TENDENCY'))
    expect(sum(archetypes.map(({ share }) => share))).toBeCloseTo(1, 12)
    expect((await look(tenantId, { level: 'TENDENCY', first: 2 })).archetypes).toEqual(archetypes.slice(0, 2))
    const [largest] = archetypes
    const { archetype } = await look(tenantId, { id: largest?.id.toUpperCase() })
    expect(archetype).toEqual({ id: largest?.id, memberCount: largest?.memberCount })
  })

  it('are all zero of an empty tenant, and no other tenant’s', async () => {
    const full = await aTenant(world)
    await insertRows(world, full.tenantId, randomRows(40, full.model, 6))
    for (const tenantId of [newId(), (await aTenant(world)).tenantId]) {
      const { segments, archetypes, archetype, segmentDistribution, churnTrend, cohorts, codes } = await look(tenantId)
      expect(codes).toEqual([])
      expect([archetype, churnTrend, cohorts]).toEqual([null, [], []])
      const counted = [...segments, ...archetypes].map(({ memberCount, share }) => memberCount + share)
      expect(Math.min(segments.length, archetypes.length, segmentDistribution.length)).toBeGreaterThan(0)
      expect(counted.every((one) => one === 0)).toBe(true)
      expect(segmentDistribution.every(({ count, share }) => count === 0 && share === 0)).toBe(true)
    }
  })

  it('are for partners with the scope', async () => {
    const { tenantId } = await aTenant(world)
    const variables = { id: newId(), of: 'ENGAGEMENT', first: 5 }
    const { codes } = await world.ask(whole, variables, await partner(world, tenantId, ['ingest']))
    expect(new Set(codes)).toEqual(new Set(['FORBIDDEN']))
    const allowed = await world.ask(whole, variables, await partner(world, tenantId, ['insight:read']))
    expect(allowed.codes).toEqual([])
  })

  it('are refused more than 100 at a time', async () => {
    expect((await look(newId(), { first: 101 })).codes).toEqual(['BAD_USER_INPUT'])
  })
})

const distribution = `query ($axis: BehaviorAxis!, $at: DateTime) {
  segmentDistribution(axis: $axis, at: $at) { segment { id } count share }
}`

describe('a distribution of earlier', { timeout: 120_000 }, () => {
  it('is what the models would have said then, from what was known', async () => {
    const tenantId = newId()
    const orders = Array.from({ length: 30 }, (_, nth) => nth).flatMap((nth) =>
      Array.from({ length: 1 + (nth % 6) }, (_, time) =>
        anOrder({
          customer: { externalId: `C-${nth}` },
          placedAt: ago(5 + nth * 9 + time * 21),
          total: String(10 + 30 * (nth % 5)),
        }),
      ),
    )
    await world.ingest(tenantId, orders)
    await world.module.settle()
    const agent = await world.agent(tenantId, 'AGENT')
    const sharesAt = async (axis: BehaviorAxis, at: Date | null) => {
      const { data, codes } = await world.ask<{ segmentDistribution: Share[] }>(distribution, { axis, at }, agent)
      expect(codes).toEqual([])
      return data!.segmentDistribution
    }
    const db = world.database.forTenant(tenantId)
    const { bundle } = await modelsOf(db, tenantId)
    const ids = Array.from({ length: 30 }, (_, nth) => customerIdOf(tenantId, 'shop', `C-${nth}`))
    const histories = await historiesOf(db, tenantId, ids)
    for (const axis of ['PURCHASE_VALUE', 'CUSTOMER_MATURITY'] as const) {
      for (const days of [0, 1, 60, 200, 2_000]) {
        const expected = new Map<string, number>()
        for (const history of histories) {
          const row = new Float64Array(features.length)
          extractFeatures(history, ago(days).getTime(), row, 0, bundle.reference)
          const id = dnaOf(bundle.segmentation, row)?.axes.find((one) => one.axis === axis)?.dominant.id
          if (id !== undefined) expected.set(id, (expected.get(id) ?? 0) + 1)
        }
        const shares = await sharesAt(axis, ago(days))
        expect(shares.map(({ count }) => count)).toEqual(shares.map(({ segment }) => expected.get(segment.id) ?? 0))
        expect(sum(shares.map(({ share }) => share))).toBeCloseTo(expected.size > 0 ? 1 : 0, 12)
        if (days === 0) expect(shares).toEqual(await sharesAt(axis, null))
      }
    }
    const { codes } = await world.ask(distribution, { axis: 'ENGAGEMENT', at: ago(-1) }, agent)
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })

  it('is estimated from 2,000 of more customers', async () => {
    const { tenantId } = await aTenant(world)
    const count = 5_000
    await world.rows(
      `INSERT INTO customer (tenant_id, id, created_at) SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, ${count})`,
      ...[tenantId, now],
    )
    // Half of them bought before the instant that is asked for.
    await world.rows(
      `INSERT INTO customer_order (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code, total, fingerprint,
         created_at, updated_at)
       SELECT $1, gen_random_uuid(), id, 'shop', id::text, $2::timestamptz - CASE WHEN row_number() OVER () % 2 = 0 THEN interval '90 days' ELSE interval '2 days' END,
         'PAID', 'USD', 50, '', $2, $2 FROM customer WHERE tenant_id = $1`,
      ...[tenantId, now],
    )
    const { data } = await world.ask<{ segmentDistribution: Share[] }>(
      distribution,
      { axis: 'PURCHASE_VALUE', at: ago(30) },
      await world.agent(tenantId),
    )
    const shares = data!.segmentDistribution
    const counted = sum(shares.map(({ count: one }) => one))
    // Five standard errors of a share of one half among 2,000.
    expect(Math.abs(counted / count - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 2_000))
    expect(sum(shares.map(({ share }) => share))).toBeCloseTo(1, 12)
  })
})
