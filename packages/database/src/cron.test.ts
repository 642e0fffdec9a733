import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextMatch } from './cron.ts'

const next = (match: string, after: string) => nextMatch(match, new Date(after))?.toISOString() ?? null

describe('the next minute of five cron fields', () => {
  it.each([
    ['0 3 * * 0', '2026-11-21T12:00:00Z', '2026-11-22T03:00:00.000Z'],
    ['0 3 * * 0', '2026-11-22T03:00:00Z', '2026-11-29T03:00:00.000Z'],
    ['*/5 * * * *', '2026-11-21T12:04:59.999Z', '2026-11-21T12:05:00.000Z'],
    ['0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
  ])('%s after %s is %s', (match, after, expected) => {
    expect(next(match, after)).toBe(expected)
  })

  it.each(['', 'weekly', '* * * *', '* * * * * *', '61 * * * *', '0 0 31 2 *', '0 0 * * MON', '*/0 * * * *'])(
    '%j never comes',
    (match) => expect(next(match, '2026-11-21T12:00:00Z')).toBeNull(),
  )

  it('lies ahead, within a week of a weekly one, at its minute', () => {
    const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(instant, fc.nat(59), fc.nat(23), fc.nat(6), (after, minute, hour, day) => {
        const at = nextMatch(`${minute} ${hour} * * ${day}`, after)
        const ahead = (at?.getTime() ?? 0) - after.getTime()
        expect(ahead > 0 && ahead <= 7 * 86_400_000).toBe(true)
        expect([at?.getUTCMinutes(), at?.getUTCHours(), at?.getUTCDay()]).toEqual([minute, hour, day])
      }),
      { numRuns: 50 },
    )
  })
})
