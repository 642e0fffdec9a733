import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPatience } from './patience.ts'

const patience = () => createPatience({ leastMs: 400, coldMs: 700, mostMs: 2_500 })

describe('patience with a server', () => {
  it('is short while nothing is known, and all there is for trials', () => {
    const own = patience()
    expect(own.waitMs(false)).toBe(700)
    expect(own.waitMs(true)).toBe(2_500)
    own.took(10)
    expect(own.waitMs(true)).toBe(2_500)
  })

  it('is four times what is usual, within bounds', () => {
    const own = patience()
    own.took(10)
    expect(own.waitMs(false)).toBe(400)
    own.took(300)
    expect(own.waitMs(false)).toBe(1_200)
    own.took(5_000)
    expect(own.waitMs(false)).toBe(2_500)
  })

  it('forgets one slow answer over many fast ones, not at once', () => {
    const own = patience()
    own.took(500)
    own.took(10)
    expect(own.waitMs(false)).toBe(1_800)
    for (let n = 0; n < 50; n++) own.took(10)
    expect(own.waitMs(false)).toBe(400)
  })

  it('never ends an answer that takes as long as the last one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1 }), (all) => {
        const own = patience()
        for (const ms of all) own.took(ms)
        const wait = own.waitMs(false)
        expect(wait).toBeGreaterThanOrEqual(Math.min(2_500, all.at(-1)!))
        expect(wait).toBeGreaterThanOrEqual(400)
        expect(wait).toBeLessThanOrEqual(2_500)
      }),
    )
  })
})
