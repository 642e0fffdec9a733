import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sayCount, sayDay, sayGiven, sayList, sayMoney, sayNth, sayShare } from './say.ts'

describe('figures in words', () => {
  it('are as people write them', () => {
    expect(sayMoney({ amount: '1234.5', currencyCode: 'EUR' })).toBe('1,234.50 EUR')
    expect([sayShare(0.344), sayDay(new Date('2026-11-21T23:59:59Z'))]).toEqual(['34%', '21 November 2026'])
    expect([sayCount(1, 'order'), sayCount(1200, 'order')]).toEqual(['1 order', '1,200 orders'])
    expect([1, 2, 3, 4, 11, 21].map(sayNth)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '21st'])
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((items) => sayList(items))).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ])
  })
})

describe('a shop’s own words', () => {
  it('stand on one short line, without links and hidden characters', () => {
    expect(sayGiven('Mug\n\u202E see https://evil.example/x?y now\u0000')).toBe('Mug see now')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const said = sayGiven(text)
        expect(Array.from(said).length).toBeLessThanOrEqual(80)
        expect(said).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(said.isWellFormed()).toBe(true)
      }),
    )
  })
})
