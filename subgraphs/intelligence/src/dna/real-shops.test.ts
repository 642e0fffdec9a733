// On real orders, where they are beside the repository: segments that a shop would recognise.
import { available } from '@quimbi/testing/availability.ts'
import { describe, expect, it } from 'vitest'
import { realOrders } from '../features/history.test-kit.ts'
import { readOrdersFile } from '../features/orders-file.ts'
import { buildTrainingSet } from '../features/training-set.ts'
import { featureIndex } from '../features/catalogue.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { takeRows } from '../learning/matrix.ts'
import { axisOf, segmentIdsOf } from './customers.test-kit.ts'
import { dnaOf } from './profile.ts'
import { trainSegmentation } from './segments.ts'
import { behaviorAxes } from './model.ts'

const shops = [
  { name: 'cdnow', origin: '1997-10-01', horizonDays: 273 },
  { name: 'online_retail', origin: '2011-09-10', horizonDays: 91 },
] as const

const purchaseAxes = [
  'PURCHASE_FREQUENCY',
  'PURCHASE_VALUE',
  'PURCHASE_CADENCE',
  'REPURCHASE_LOYALTY',
  'CUSTOMER_MATURITY',
  'LOYALTY_TRAJECTORY',
  'SEASONALITY',
] as const
const silentAxes = [
  'PRICE_SENSITIVITY',
  'CATEGORY_EXPLORATION',
  'CHANNEL_PREFERENCE',
  'ENGAGEMENT',
  'SUPPORT_DEMAND',
  'SENTIMENT_TREND',
] as const

describe.each(shops)('the customers of $name', ({ name, origin, horizonDays }) => {
  const path = realOrders(name)

  it.skipIf(!available(`the orders of ${name}`, path !== null))(
    'fall into segments that differ, stay on a resample, and whose whales spend most',
    async () => {
      const set = buildTrainingSet(await readOrdersFile(path!), { origins: [Date.parse(origin)], horizonDays })
      const outcomes = { ltv: set.spend, churn: Float64Array.from(set.churned) }
      const model = trainSegmentation(set, { seed: 1, outcomes })
      for (const axis of purchaseAxes) {
        expect(axisOf(model, axis).segments.length, axis).toBeGreaterThanOrEqual(2)
        expect(axisOf(model, axis).segments.length, axis).toBeLessThanOrEqual(6)
      }
      for (const axis of silentAxes) expect(axisOf(model, axis).unknown.share, axis).toBe(1)
      for (const { segments, unknown } of model.axes)
        expect([...segments, unknown].reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)

      const before = segmentIdsOf(model, set)
      const spendOf = (segment: string) => meanSpend(set, before, segment)
      const { segments } = axisOf(model, 'PURCHASE_VALUE')
      const richest = segments.reduce((most, one) => (spendOf(one.id) > spendOf(most.id) ? one : most))
      expect(richest.name).toBe('whale')
      expect(richest.share).toBeLessThan(0.2)
      expect(spendOf(richest.id)).toBeGreaterThan(
        4 * mean(column(set, 'netSpend').filter((_, i) => before[i * 14 + 1] !== richest.id)),
      )

      const strengths = model.tree.archetypes.filter(({ level }) => level === 'STRENGTH')
      expect(strengths.length).toBeGreaterThan(20)
      for (const { share } of strengths) expect(share).toBeGreaterThanOrEqual(0.005)
      const risk = (words: RegExp) => model.tree.archetypes.find((one) => words.test(one.name))!.averageChurnRisk!
      expect(risk(/power buyers/)).toBeLessThan(risk(/one-time buyers/) - 0.4)

      const random = createRandom(5)
      const rows = Uint32Array.from({ length: set.n }, () => Math.floor(random() * set.n))
      const after = segmentIdsOf(trainSegmentation(takeRows(set, rows), { seed: 2, previous: model }), set)
      for (const [a, axis] of behaviorAxes.entries()) {
        const same = before.filter((id, at) => at % 14 === a && id === after[at]).length
        expect(same / set.n, axis).toBeGreaterThanOrEqual(0.95)
      }
      expect(dnaOf(model, set.x)!.axes).toHaveLength(14)
    },
    120_000,
  )
})

type Rows = { x: Float64Array; n: number; d: number }
const column = ({ x, n, d }: Rows, name: keyof typeof featureIndex) =>
  Array.from({ length: n }, (_, i) => x[i * d + featureIndex[name]]!)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const meanSpend = (set: Rows, ids: readonly string[], segment: string) =>
  mean(column(set, 'netSpend').filter((_, i) => ids[i * 14 + 1] === segment))
