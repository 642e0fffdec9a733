import { describe, expect, it } from 'vitest'
import { customerFacts, policy, situation, usd } from '../situation.test-kit.ts'
import { creditOf, discountOf, ruleOf } from './policies.ts'

const credit = (id: string, maxCompensation: string | null) =>
  policy({ id, kind: 'COMPENSATION', text: 'For our mistakes.', maxCompensation })
const percent = (id: string, maxDiscountPercent: number | null) =>
  policy({ id, kind: 'DISCOUNT', text: 'On request.', maxDiscountPercent })

describe('policies', () => {
  it('give the tightest of all limits, cited, in the currency of the tenant', () => {
    const policies = [credit('a', '20.00'), credit('b', '9.50'), credit('c', null), percent('d', 15), percent('e', 5)]
    expect(creditOf(situation({ policies }))).toEqual({
      text: '9.50 USD',
      cites: [{ source: 'POLICY', id: 'b', quote: '9.50' }],
    })
    expect(discountOf(situation({ policies }))).toEqual({
      text: '5 %',
      cites: [{ source: 'POLICY', id: 'e', quote: '5' }],
    })
  })

  it('bind each other: a limit of another kind holds, and alone it allows nothing', () => {
    const refund = policy({ id: 'r', kind: 'REFUND', maxCompensation: '3.00' })
    expect(creditOf(situation({ policies: [refund, credit('a', '20.00')] }))?.text).toBe('3.00 USD')
    expect(creditOf(situation({ policies: [refund] }))).toBeNull()
  })

  it('allow nothing where none of the kind gives a figure, where it is nought, or where the currency is unknown', () => {
    expect(creditOf(situation({ policies: [] }))).toBeNull()
    expect(creditOf(situation({ policies: [credit('a', null)] }))).toBeNull()
    expect(creditOf(situation({ policies: [credit('a', '0.00')] }))).toBeNull()
    expect(discountOf(situation({ policies: [percent('a', 0)] }))).toBeNull()
    const unknown = customerFacts({ ltv: null, revenueAtRisk: null, spent: null })
    expect(creditOf(situation({ policies: [credit('a', '5.00')], customer: unknown }))).toBeNull()
    const euros = customerFacts({ ltv: null, revenueAtRisk: null, spent: { ...usd('1.00'), currencyCode: 'EUR' } })
    expect(creditOf(situation({ policies: [credit('a', '5.00')], customer: euros }))?.text).toBe('5.00 EUR')
  })

  it('are quoted word for word, without what is meant for the team or leads elsewhere', () => {
    const text =
      'Agents may waive the fee. Unused items can be returned within 30 days\nSee https://shop.example/returns. Return labels are free.'
    const rule = ruleOf(situation({ policies: [policy({ id: 'p', text })] }), ['RETURN'], 3)
    expect(rule).toEqual({
      text: 'Unused items can be returned within 30 days. Return labels are free.',
      cites: [
        { source: 'POLICY', id: 'p', quote: 'Unused items can be returned within 30 days.' },
        { source: 'POLICY', id: 'p', quote: 'Return labels are free.' },
      ],
    })
    expect(ruleOf(situation({ policies: [policy({ text: 'Be nice.' })] }), ['RETURN'])).toBeNull()
    expect(ruleOf(situation(), ['SHIPPING'])).toBeNull()
  })
})
