import { describe, expect, it } from 'vitest'
import { counts, orderFact, type OrderTold } from './facts.ts'

const told = (parts: Partial<OrderTold>): OrderTold => ({
  ...{ at: 1, status: 'PAID', total: 50, refunded: null, discount: null },
  ...{ items: 2, lines: 1, discountedLines: 0, skus: ['A'], categories: [] },
  ...parts,
})

describe('an order, as the models see it', () => {
  it('is a purchase, whole or with what went back', () => {
    expect(orderFact(told({}))).toMatchObject({ amount: 50, refunded: 0, discount: 0, isReturn: false, items: 2 })
    expect(orderFact(told({ refunded: 20, discount: 5 }))).toMatchObject({ amount: 50, refunded: 20, discount: 5 })
    expect(orderFact(told({ status: 'RETURNED', refunded: 50 }))).toMatchObject({
      amount: 50,
      refunded: 50,
      isReturn: false,
    })
  })

  it('is a return of what it refunds where it is a credit note', () => {
    expect(orderFact(told({ status: 'RETURNED', total: 0, refunded: 30 }))).toMatchObject({
      ...{ amount: 30, refunded: 0, isReturn: true },
    })
    expect(orderFact(told({ status: 'RETURNED', total: 0 }))).toMatchObject({ amount: 0, isReturn: true })
    expect(orderFact(told({ total: 0 }))).toMatchObject({ amount: 0, isReturn: false })
  })

  it('counts for nothing once it was called off', () => {
    expect(counts(told({ status: 'CANCELLED' }))).toBe(false)
    for (const status of ['PLACED', 'PAID', 'FULFILLED', 'DELIVERED', 'RETURNED'])
      expect(counts(told({ status }))).toBe(true)
  })
})
