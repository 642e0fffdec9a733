import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OfferInput, personalizeOffer } from './offer.ts'

const leaving: OfferInput = {
  goal: 'RETAIN',
  churn: 0.7,
  ltv: 600,
  averageOrderValue: 60,
  discountShare: 0.2,
  policy: { maxDiscountPercent: 30, maxCompensation: 20 },
}

const inputs: fc.Arbitrary<OfferInput> = fc.record({
  goal: fc.constantFrom('RETAIN', 'WIN_BACK', 'UPSELL', 'COMPENSATE'),
  churn: fc.double({ min: 0, max: 1, noNaN: true }),
  ltv: fc.double({ min: 0, max: 5_000, noNaN: true }),
  averageOrderValue: fc.double({ min: 0, max: 500, noNaN: true }),
  discountShare: fc.double({ min: 0, max: 1, noNaN: true }),
  margin: fc.double({ min: 0, max: 1, noNaN: true }),
  policy: fc.record({
    maxDiscountPercent: fc.option(fc.double({ min: 0, max: 60, noNaN: true })),
    maxCompensation: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
  }),
})

describe('the offer', () => {
  it('is the cheapest that is expected to earn more than it costs', () => {
    expect(personalizeOffer(leaving)).toEqual({
      kind: 'DISCOUNT',
      percent: 5,
      amount: null,
      expectedCost: 0.98,
      expectedValue: 21.24,
      explanation:
        '5 % off the next order is expected to cost 0.98 and to earn 21.24 beyond that; the cheapest that earns anything.',
    })
    expect(personalizeOffer({ ...leaving, goal: 'COMPENSATE' })).toMatchObject({ kind: 'CREDIT', amount: 3 })
  })

  it('is none where the customer stays anyway, spends little, or the policies allow nothing', () => {
    expect(personalizeOffer({ ...leaving, churn: 0.01 })).toMatchObject({
      kind: 'NONE',
      expectedCost: 0,
      expectedValue: 0,
    })
    expect(personalizeOffer({ ...leaving, ltv: 10 }).kind).toBe('NONE')
    expect(personalizeOffer({ ...leaving, policy: {} }).explanation).toBe('The policies allow no offer of this kind.')
    expect(personalizeOffer({ ...leaving, policy: { maxCompensation: 20 } }).kind).toBe('NONE')
    expect(personalizeOffer({ ...leaving, averageOrderValue: 0 }).kind).toBe('NONE')
  })

  it('never breaks the policies and never costs more than it earns', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { kind, percent, amount, expectedCost, expectedValue } = personalizeOffer(input)
        expect(percent ?? 0).toBeLessThanOrEqual(input.policy.maxDiscountPercent ?? 0)
        expect(amount ?? 0).toBeLessThanOrEqual(input.policy.maxCompensation ?? 0)
        expect(expectedCost).toBeGreaterThanOrEqual(0)
        if (kind === 'NONE') expect([expectedCost, expectedValue]).toEqual([0, 0])
        else expect(expectedValue).toBeGreaterThan(0)
      }),
    )
  })

  it('is worth no less to a more valuable customer', () => {
    fc.assert(
      fc.property(inputs, fc.double({ min: 1, max: 10, noNaN: true }), (input, times) => {
        const richer = personalizeOffer({ ...input, ltv: input.ltv * times })
        if (personalizeOffer(input).kind !== 'NONE') expect(richer.kind).not.toBe('NONE')
      }),
    )
  })

  it.each<[string, Partial<OfferInput>]>([
    ['a churn above 1', { churn: 1.2 }],
    ['no number', { ltv: NaN }],
    ['an endless order', { averageOrderValue: Infinity }],
    ['a negative limit', { policy: { maxDiscountPercent: -5 } }],
    ['a margin above 1', { margin: 40 }],
  ])('refuses %s', (_, wrong) => {
    expect(() => personalizeOffer({ ...leaving, ...wrong })).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
    )
  })
})
