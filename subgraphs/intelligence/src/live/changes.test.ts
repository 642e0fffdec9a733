import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelOf } from '../churn/model.ts'
import type { Move } from '../profiles/moves.ts'
import { createTeller, isTold } from './changes.ts'
import { decodePlace } from './cursor.ts'
import type { InsightEntry } from './entries.ts'

const at = new Date('2026-11-21T12:00:00.000Z')
let sequence = 0n
const entry = (moves: Move[] | undefined, customerId = 'c'): InsightEntry => ({
  ...{ tenantId: 't', sequence: (sequence += 1n), occurredAt: at },
  payload: { customerId, ...(moves && { moves }) },
})
const churn = (from: number | null, to: number | null): Move => ({ metric: 'CHURN_RISK', from, to })
const told = (tell: ReturnType<typeof createTeller>, one: InsightEntry) =>
  tell(one).map(({ metric, from, to }) => [metric, from, to])

describe('a move', () => {
  it.each([
    ['CHURN_RISK', 0.4, 0.44, false],
    ['CHURN_RISK', 0.4, 0.45, true],
    ['CHURN_RISK', 0.45, 0.4, true],
    ['CHURN_RISK', 0.599, 0.601, true],
    ['CHURN_RISK', 0.3, 0.299, true],
    ['LTV_12M', 200, 209, false],
    ['LTV_12M', 200, 210, true],
    ['LTV_12M', 200, 190, true],
    ['LTV_12M', 0, 0.01, true],
    ['LTV_12M', 0, 0, false],
    ['ENGAGEMENT', 50, 52, false],
    ['ENGAGEMENT', 50, 47.5, true],
  ] as const)('of %s from %d to %d is told: %s', (metric, from, to, expected) => {
    expect(isTold(metric, from, to, 0.05)).toBe(expected)
  })

  it('of any size is told where any is asked for, and of the whole scale only another level else', () => {
    expect(isTold('CHURN_RISK', 0.4, 0.4001, 0)).toBe(true)
    expect(isTold('CHURN_RISK', 0.4, 0.4, 0)).toBe(false)
    expect(isTold('CHURN_RISK', 0.31, 0.59, 1)).toBe(false)
    expect(isTold('CHURN_RISK', 0.31, 0.6, 1)).toBe(true)
  })
})

describe('what a subscriber is told', () => {
  it('is the first insight and its end, whatever the size', () => {
    const tell = createTeller(1)
    expect(told(tell, entry([churn(null, 0.1)]))).toEqual([['CHURN_RISK', null, 0.1]])
    expect(told(tell, entry([churn(0.1, null)]))).toEqual([['CHURN_RISK', 0.1, null]])
    expect(told(tell, entry([churn(null, null)]))).toEqual([['CHURN_RISK', null, null]])
    expect(told(tell, entry([]))).toEqual([])
    expect(told(tell, entry(undefined))).toEqual([])
  })

  it('is each figure of an entry with a cursor of its own, from which the rest goes on', () => {
    const moves: Move[] = [
      churn(0.4, 0.5),
      { metric: 'LTV_12M', from: 100, to: 101 },
      { metric: 'ENGAGEMENT', from: 10, to: 40 },
    ]
    const one = entry(moves)
    const changes = createTeller(0.05)(one)
    expect(changes.map(({ metric }) => metric)).toEqual(['CHURN_RISK', 'ENGAGEMENT'])
    const [first, last] = changes.map(({ cursor }) => decodePlace('t', cursor))
    expect([first, last]).toEqual([
      { sequence: one.sequence, figure: 0 },
      { sequence: one.sequence, figure: 2 },
    ])
    expect(createTeller(0.05)(one, first)).toEqual(changes.slice(1))
    expect(createTeller(0.05)(one, last)).toEqual([])
    expect(createTeller(0.05)(entry(moves), last)).toHaveLength(2)
  })

  it('is what small steps add up to, of each customer and figure by itself', () => {
    const tell = createTeller(0.05)
    expect(told(tell, entry([churn(0.4, 0.42)]))).toEqual([])
    expect(told(tell, entry([churn(0.4, 0.42)], 'another'))).toEqual([])
    expect(told(tell, entry([churn(0.42, 0.44)]))).toEqual([])
    expect(told(tell, entry([churn(0.44, 0.46)]))).toEqual([['CHURN_RISK', 0.4, 0.46]])
    // Back where it began: nothing is under way any more.
    expect(told(tell, entry([churn(0.46, 0.48)]))).toEqual([])
    expect(told(tell, entry([churn(0.48, 0.46)]))).toEqual([])
    expect(told(tell, entry([churn(0.46, 0.5)]))).toEqual([])
    expect(told(tell, entry([churn(0.5, 0.52)]))).toEqual([['CHURN_RISK', 0.46, 0.52]])
  })

  it('never leaves them behind by minChange or a level, however it moves', () => {
    const walk = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { maxLength: 100 })
    const minChanges = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), walk, minChanges, (start, steps, minChange) => {
        const tell = createTeller(minChange)
        let [published, heard] = [start, start]
        for (const step of steps) {
          const next = Math.min(1, Math.max(0, published + step))
          const moves = next === published ? [] : [churn(published, next)]
          for (const { from, to } of tell(entry(moves))) {
            expect(from).toBe(heard)
            heard = to ?? NaN
          }
          published = next
          expect(heard === published || Math.abs(heard - published) < minChange).toBe(true)
          expect(levelOf(heard)).toBe(levelOf(published))
        }
      }),
    )
  })
})
