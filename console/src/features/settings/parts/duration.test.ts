import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationText, secondsIn } from './duration.ts'

describe('durations as they are written', () => {
  it('reads what it writes', () => {
    const durations = fc.integer({ min: 0, max: 400 * 86_400 })
    fc.assert(
      fc.property(durations, (seconds) => {
        expect(secondsIn(durationText(seconds))).toBe(seconds)
      }),
    )
  })

  it.each([
    ['4h', 14_400],
    ['1 d 6 h', 108_000],
    ['30 min', 1_800],
    ['1.5 hours', 5_400],
    ['1,5 h', 5_400],
    ['15', 900],
    ['2 days', 172_800],
  ])('reads %s', (text, seconds) => expect(secondsIn(text)).toBe(seconds))

  it.each(['', 'soon', '4 parsecs', 'h 4', '4h!', '-4 h'])('refuses %j', (text) => expect(secondsIn(text)).toBeNull())
})
