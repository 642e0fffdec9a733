import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piecesOf } from './highlight.ts'
import { placeOf, roundedToSum } from './score.ts'
import { whyHere } from './why.ts'

const day = 86_400_000
const at = Date.parse('2026-11-22T00:00:00Z')

/** A ticket as it is told at some time: its waiting grows. */
function told(standing: number, createdDaysAgo: number, toldAfterDays: number, ageCurve = 'LINEAR_DAYS') {
  const waited = createdDaysAgo + toldAfterDays
  const components = [
    { name: 'URGENCY', weight: 1, points: standing },
    { name: 'AGE', weight: 1, points: waited },
    { name: 'TOPIC_ALERT', weight: 5, points: 0 },
  ]
  const total = components.reduce((sum, { points }) => sum + points, 0)
  return {
    ...{ id: 'x', number: 1, createdAt: new Date(at - createdDaysAgo * day).toISOString() },
    smartScore: { total, formula: { ageCurve }, components },
  }
}

describe('the place of a score', () => {
  it('does not depend on when it was told, and orders as the totals do', () => {
    const figure = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(figure, figure, figure, figure, fc.nat(9), fc.nat(9), (s1, d1, s2, d2, later1, later2) => {
        const [one, other] = [placeOf(told(s1, d1, later1)), placeOf(told(s2, d2, later2))]
        expect(one.key).toBe(placeOf(told(s1, d1, 0)).key)
        expect(Math.sign(one.key - other.key)).toBe(Math.sign(s1 + d1 - (s2 + d2)))
      }),
    )
  })

  it('is the total where waiting counts by its inverse', () => {
    expect(placeOf(told(3, 2, 0, 'INVERSE_HOURS')).key).toBe(5)
  })
})

describe('figures that are shown', () => {
  it('add up to the sum that is shown, each off by less than one step', () => {
    const points = fc.array(
      fc.integer({ min: -50_000, max: 50_000 }).map((thousandths) => thousandths / 1_000),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(points, (given) => {
        const { figures, sum } = roundedToSum(given)
        expect(figures.reduce((all, one) => all + one, 0)).toBeCloseTo(sum, 9)
        figures.forEach((figure, index) => expect(Math.abs(figure - (given[index] ?? 0))).toBeLessThan(0.11))
      }),
    )
  })
})

describe('why a ticket is here', () => {
  const part = (name: string, points: number, input: number | null = null, weight = 7) => ({
    name,
    input,
    weight,
    points,
  })
  const plain = { priority: 'NORMAL', isVip: false, nextBreachAt: null }

  it('is what lifts it most, at most three', () => {
    const components = [
      part('CHURN_RISK', 2.1, 0.7),
      part('CUSTOMER_VALUE', 5, 4_000),
      part('URGENCY', 6, 4),
      part('DIFFICULTY', -1.5, 0.9),
      part('SLA_PRESSURE', 4, 1),
    ]
    const said = whyHere(components, { ...plain, priority: 'URGENT', isVip: true })
    expect(said).toEqual(['urgent', 'high value', 'SLA overdue'])
  })

  it('names a risk by its level, and leaves out what is ordinary', () => {
    const components = [
      part('CHURN_RISK', 2.5, 0.85),
      part('URGENCY', 1.5, 1),
      part('AGE', 0.1, 0.1),
      part('CUSTOMER_VALUE', 1, 500),
    ]
    expect(whyHere(components, { ...plain, isVip: true })).toEqual(['churn risk critical', 'VIP'])
  })

  it('says how long it waits where there is nothing else', () => {
    expect(whyHere([part('AGE', 0.1, 0.1)], plain)).toEqual(['waiting 2 h'])
    expect(whyHere([part('AGE', 0, 0)], plain)).toEqual(['new'])
  })
})

it('reads a highlight as text, never as HTML', () => {
  expect(piecesOf('a &lt;b&gt; <mark>x &amp; y</mark>…')).toEqual([
    { text: 'a <b> ', isMatch: false },
    { text: 'x & y', isMatch: true },
    { text: '…', isMatch: false },
  ])
})
