import { describe, expect, it } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const of = (headers: Record<string, string>) => retryAfterMs({ headers: new Headers(headers) })

describe('Retry-After', () => {
  it('is read in seconds, milliseconds or as a date', () => {
    expect(of({ 'retry-after': '3' })).toBe(3_000)
    expect(of({ 'retry-after': '3', 'retry-after-ms': '250' })).toBe(250)
    const date = 'Sat, 21 Nov 2026 12:00:00 GMT'
    expect(of({ date, 'retry-after': 'Sat, 21 Nov 2026 12:00:07 GMT' })).toBe(7_000)
    expect(of({ date, 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' })).toBe(0)
    expect(of({ 'retry-after': 'Sat, 21 Nov 2026 12:00:07 GMT' })).toBeUndefined()
  })

  it.each(['', 'soon', '-5', '1e400', '99999999999'])('is not read from "%s"', (said) => {
    expect(of({ 'retry-after': said })).toBeUndefined()
  })

  it('may be missing', () => {
    expect(of({})).toBeUndefined()
    expect(retryAfterMs({})).toBeUndefined()
  })
})
