import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHopeless, verdictOf } from './retry.ts'

const start = new Date('2026-11-21T10:00:00.000Z')
const later = (ms: number) => new Date(start.getTime() + ms)
const first = { attempt: 1, createdAt: start, now: start, chance: 0.5 }

describe('a webhook', () => {
  it.each([200, 201, 204, 299])('answered %i is delivered', (statusCode) =>
    expect(verdictOf({ statusCode }, first)).toEqual({ kind: 'delivered' }),
  )

  it.each([null, 100, 301, 302, 308, 400, 404, 429, 500, 503])('answered %s is tried again', (statusCode) =>
    expect(verdictOf({ statusCode }, first)).toEqual({ kind: 'again', at: later(4_500) }),
  )

  it('answered 410 is gone', () => expect(verdictOf({ statusCode: 410 }, first)).toEqual({ kind: 'gone' }))

  it('is tried again ever later, for most of a day and no longer, then given up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (chances) => {
          let now = start
          const waits: number[] = []
          for (const [index, chance] of chances.entries()) {
            const verdict = verdictOf({ statusCode: 500 }, { attempt: index + 1, createdAt: start, now, chance })
            if (verdict.kind !== 'again') {
              expect(verdict.kind).toBe('given-up')
              break
            }
            waits.push(verdict.at.getTime() - now.getTime())
            now = verdict.at
          }
          expect(waits).toHaveLength(8)
          expect(waits).toEqual(waits.toSorted((a, b) => a - b))
          const hours = (now.getTime() - start.getTime()) / 3_600_000
          expect(hours).toBeGreaterThan(17)
          expect(hours).toBeLessThan(24)
        },
      ),
    )
  })

  it('is given up a day after it was made, however few attempts there were', () => {
    const now = later(86_400_000)
    expect(verdictOf({ statusCode: 500 }, { ...first, attempt: 2, now })).toEqual({ kind: 'given-up' })
  })
})

it('an endpoint is hopeless after five days', () => {
  const days = 5 * 86_400_000
  expect(isHopeless(start, later(days - 1))).toBe(false)
  expect(isHopeless(start, later(days))).toBe(true)
})
