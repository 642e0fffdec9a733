import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLive, statusOf } from './status.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const at = (ms: number) => new Date(now.getTime() + ms)

describe('the status of a key', () => {
  it.each([
    ['LIVE', { revokedAt: null, expiresAt: null, replacedById: null }],
    ['LIVE', { revokedAt: null, expiresAt: at(1), replacedById: 'other' }],
    ['EXPIRED', { revokedAt: null, expiresAt: at(0), replacedById: null }],
    ['REPLACED', { revokedAt: null, expiresAt: at(0), replacedById: 'other' }],
    ['REVOKED', { revokedAt: at(-1), expiresAt: null, replacedById: null }],
    ['REVOKED', { revokedAt: at(-2), expiresAt: at(-1), replacedById: 'other' }],
  ] as const)('is %s of %j', (status, key) => expect(statusOf(key, now)).toBe(status))

  it('never becomes LIVE again', () => {
    const instant = fc.option(fc.integer({ min: -100, max: 100 }).map(at), { nil: null })
    const key = fc.record({
      revokedAt: fc.constant(null),
      expiresAt: instant,
      replacedById: fc.constantFrom(null, 'x'),
    })
    fc.assert(
      fc.property(key, fc.array(fc.integer({ min: -200, max: 200 })), (one, times) => {
        const seen = times.toSorted((a, b) => a - b).map((ms) => isLive(one, at(ms)))
        expect(seen).toEqual(seen.toSorted((a, b) => Number(b) - Number(a)))
      }),
    )
  })
})
