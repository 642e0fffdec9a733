import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explain, explainTotal } from './explain.ts'
import { components, formulaOf, isNews, rankOf, totalOf, type ScoreFacts, type Weights } from './score.ts'
import { checkWeights } from './weights.ts'

const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null })
const facts: fc.Arbitrary<ScoreFacts> = fc.record({
  priority: fc.constantFrom('URGENT', 'HIGH', 'NORMAL', 'LOW'),
  createdAt: fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
  churnRisk: share,
  lifetimeValue: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null }),
  difficulty: share,
  sentiment: share,
  slaStatus: fc.constantFrom(null, 'PENDING', 'IMMINENT_BREACH', 'BREACHING', 'BREACHED'),
})
const formula = fc.record({
  version: fc.constantFrom('default', 'SEED_V1'),
  age: fc.double({ min: 0, max: 9, noNaN: true }),
})
const now = new Date('2040-06-01')
const plain: ScoreFacts = {
  priority: 'NORMAL',
  createdAt: new Date('2026-11-21T10:00:00Z'),
  churnRisk: null,
  lifetimeValue: null,
  difficulty: null,
  sentiment: null,
  slaStatus: null,
}
const pointsOf = (of: Partial<ScoreFacts>, version = 'default', at = plain.createdAt, matches = false) =>
  Object.fromEntries(
    components({ ...plain, ...of }, formulaOf(version, null), at, matches).map(({ name, points }) => [name, points]),
  )

describe('a score', () => {
  it('is 16.4 in the one worked example', () => {
    const golden = {
      ...plain,
      priority: 'URGENT',
      churnRisk: 0.8,
      lifetimeValue: 3_500,
      difficulty: 0.9,
      sentiment: 0.1,
    }
    const parts = components(golden, formulaOf('SEED_V1', null), new Date('2026-11-21T12:00:00Z'), false)
    expect(totalOf(parts)).toBe(16.4)
    expect(parts.map(({ name }) => name)).not.toContain('SLA_PRESSURE')
  })

  it('is the sum of its parts to the last digit, in their order', () => {
    fc.assert(
      fc.property(facts, formula, fc.boolean(), (of, { version, age }, matches) => {
        const parts = components(of, formulaOf(version, { age }), now, matches)
        let sum = 0
        for (const { points } of parts) sum += points
        expect(totalOf(parts)).toBe(sum)
        expect(Number.isFinite(sum)).toBe(true)
      }),
    )
  })

  it('puts two tickets in the order of their ranks, whenever it is computed', () => {
    fc.assert(
      fc.property(facts, facts, fc.integer({ min: 0, max: 1_000 }), (a, b, days) => {
        const at = new Date(now.getTime() + days * 86_400_000)
        const linear = formulaOf('default', null)
        const byTotal = totalOf(components(a, linear, at, false)) - totalOf(components(b, linear, at, false))
        fc.pre(Math.abs(byTotal) > 1e-6)
        expect(Math.sign(rankOf(a, linear) - rankOf(b, linear))).toBe(Math.sign(byTotal))
      }),
    )
  })

  it('is told of from a move of a tenth on, also where a rank cannot say a tenth exactly', () => {
    const standing = rankOf(plain, formulaOf('default', null))
    expect((standing - 0.1 - standing) * -1).not.toBe(0.1)
    for (const step of [0.1, -0.1, 3]) expect(isNews(standing, standing + step)).toBe(true)
    for (const step of [0, 0.0999, -0.0999]) expect(isNews(standing, standing + step)).toBe(false)
    const to = Array.from({ length: 1_000 }, (_, n) => standing + n * 0.37)
    expect(to.every((rank) => isNews(rank, rank + 0.1))).toBe(true)
  })

  it('has the points that the rules say', () => {
    expect(pointsOf({ difficulty: 0.29 })).toMatchObject({ DIFFICULTY: 1 })
    expect(pointsOf({ difficulty: 0.3 })).toMatchObject({ DIFFICULTY: 0 })
    expect(pointsOf({ difficulty: 0.71 })).toMatchObject({ DIFFICULTY: -1.5 })
    expect(pointsOf({ sentiment: 0.29 })).toMatchObject({ SENTIMENT: 2 })
    expect(pointsOf({ sentiment: 0.3 })).toMatchObject({ SENTIMENT: 0 })
    expect(pointsOf({ slaStatus: 'IMMINENT_BREACH' })).toMatchObject({ SLA_PRESSURE: 2 })
    expect(pointsOf({ slaStatus: 'BREACHING' })).toMatchObject({ SLA_PRESSURE: 4 })
    expect(pointsOf({ slaStatus: 'BREACHED' })).toMatchObject({ SLA_PRESSURE: 0 })
    expect(pointsOf({ lifetimeValue: 50_000 })['CUSTOMER_VALUE']).toBeLessThanOrEqual(7)
    expect(pointsOf({ lifetimeValue: 50_000 }, 'SEED_V1')).toMatchObject({ CUSTOMER_VALUE: 100 })
    expect(pointsOf({ priority: 'LOW' })).toMatchObject({ URGENCY: 0.75, TOPIC_ALERT: 0 })
    expect(pointsOf({}, 'default', plain.createdAt, true)).toMatchObject({ TOPIC_ALERT: 5 })
  })

  it('rises with the days waited, and by the literal formula falls with the hours', () => {
    const later = (hours: number) => new Date(plain.createdAt.getTime() + hours * 3_600_000)
    expect(pointsOf({}, 'default', later(55.2))['AGE']).toBeCloseTo(2.3, 12)
    expect(pointsOf({}, 'SEED_V1', later(2))).toMatchObject({ AGE: 0.5 })
    expect(pointsOf({}, 'SEED_V1', later(0.5))).toMatchObject({ AGE: 1 })
    expect(pointsOf({}, 'default', later(-5))).toMatchObject({ AGE: 0 })
  })
})

describe('a sentence', () => {
  const sentence = (name: string, of: Partial<ScoreFacts>, hours = 0) => {
    const at = new Date(plain.createdAt.getTime() + hours * 3_600_000)
    const all = { ...plain, ...of }
    const part = components(all, formulaOf('default', null), at, false).find((one) => one.name === name)!
    return explain(part, { facts: all, now: at, currencyCode: 'EUR' })
  }

  it('tells of each part in plain words', () => {
    expect(sentence('AGE', {}, 55.2)).toBe('Waited 2.3 days.')
    expect(sentence('AGE', {}, 24)).toBe('Waited 1 day.')
    expect(sentence('AGE', {}, 1.5)).toBe('Waited 1.5 hours.')
    expect(sentence('AGE', {}, 0.2)).toBe('Waited 12 minutes.')
    expect(sentence('CHURN_RISK', { churnRisk: 0.8 })).toBe('Churn risk 80 %.')
    expect(sentence('CHURN_RISK', {})).toBe('Churn risk not known.')
    expect(sentence('CUSTOMER_VALUE', { lifetimeValue: 3_500 })).toBe('Lifetime value 3,500 EUR.')
    expect(sentence('URGENCY', { priority: 'URGENT' })).toBe('Priority urgent.')
    expect(sentence('SLA_PRESSURE', { slaStatus: 'BREACHING' })).toBe('An SLA clock is overdue.')
  })

  it('tells of the whole what weighs most', () => {
    const parts = components(
      { ...plain, priority: 'URGENT', difficulty: 0.9 },
      formulaOf('default', null),
      plain.createdAt,
      false,
    )
    expect(explainTotal(totalOf(parts), parts)).toBe('4.5 points: mostly priority +6.0, difficulty −1.5.')
  })
})

describe('weights', () => {
  const path = ['input', 'weights']
  it('are numbers by name within their limits', () => {
    expect(checkWeights({ age: 2, difficultyHard: -3 }, path)).toEqual({ age: 2, difficultyHard: -3 })
    expect(checkWeights({}, path)).toEqual({})
  })

  it.each([
    [null, path],
    [[1], path],
    ['age', path],
    [{ nonsense: 1 }, [...path, 'nonsense']],
    [{ age: -1 }, [...path, 'age']],
    [{ age: 101 }, [...path, 'age']],
    [{ age: Number.NaN }, [...path, 'age']],
    [{ age: '1' }, [...path, 'age']],
    [{ difficultyHard: 1 }, [...path, 'difficultyHard']],
    [{ toString: 1 }, [...path, 'toString']],
  ])('are refused otherwise: %j', (given, at) => {
    expect(() => checkWeights(given, path)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ code: 'INVALID', path: at })] }) as Error,
    )
  })

  it('are laid over the formula’s', () => {
    const own: Partial<Weights> = { age: 3 }
    expect(formulaOf('default', own)).toMatchObject({ version: 'default', weights: { age: 3, churnRisk: 3 } })
    expect(formulaOf('SEED_V9', null)).toMatchObject({ version: 'default' })
  })
})
