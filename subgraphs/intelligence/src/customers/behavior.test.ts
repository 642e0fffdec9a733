import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { behaviorOf } from './behavior.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const dayMs = 86_400_000
const ago = (days: number) => new Date(now.getTime() - days * dayMs)

const sums = (parts: Partial<Parameters<typeof behaviorOf>[0]> = {}) => ({
  orders: 0,
  gross: '0',
  refunded: '0',
  firstOrderAt: null,
  lastOrderAt: null,
  ...parts,
})

describe('behaviour', () => {
  it('of nobody known is all zeros', () => {
    const none = behaviorOf(null, 'USD', now)
    expect(none).toEqual(behaviorOf(sums(), 'USD', now))
    expect(none).toEqual({
      lifetimeValue: { amount: '0.00', currencyCode: 'USD' },
      totalOrders: 0,
      averageOrderValue: { amount: '0.00', currencyCode: 'USD' },
      daysSinceLastPurchase: null,
      tenureDays: 0,
      returnRate: 0,
      firstOrderAt: null,
      lastOrderAt: null,
    })
  })

  it('counts whole days, and none for an order of tomorrow', () => {
    const parts = { orders: 2, gross: '10', firstOrderAt: ago(10.9), lastOrderAt: ago(1.99) }
    expect(behaviorOf(sums(parts), 'USD', now)).toMatchObject({ tenureDays: 10, daysSinceLastPurchase: 1 })
    const ahead = { orders: 1, gross: '10', firstOrderAt: ago(-1), lastOrderAt: ago(-1) }
    expect(behaviorOf(sums(ahead), 'USD', now)).toMatchObject({ tenureDays: 0, daysSinceLastPurchase: 0 })
  })

  it('of refunds alone is a loss, wholly returned', () => {
    expect(behaviorOf(sums({ refunded: '7.5' }), 'USD', now)).toMatchObject({
      lifetimeValue: { amount: '-7.50' },
      totalOrders: 0,
      averageOrderValue: { amount: '0.00' },
      returnRate: 1,
    })
  })

  it('keeps every digit of amounts beyond a float', () => {
    const parts = { orders: 3, gross: '9007199254740993.0003', refunded: '0.0001' }
    expect(behaviorOf(sums(parts), 'JPY', now).lifetimeValue).toEqual({
      amount: '9007199254740993.0002',
      currencyCode: 'JPY',
    })
  })

  it('rounds the average half up to hundredths', () => {
    expect(behaviorOf(sums({ orders: 8, gross: '1' }), 'USD', now).averageOrderValue.amount).toBe('0.13')
    expect(behaviorOf(sums({ orders: 3, gross: '100' }), 'USD', now).averageOrderValue.amount).toBe('33.33')
  })

  it('agrees with a naive computation on cents', () => {
    const order = fc.record({ cents: fc.nat(10_000_000), refunded: fc.nat(10_000_000), days: fc.nat(4_000) })
    fc.assert(
      fc.property(fc.array(order, { minLength: 1, maxLength: 30 }), (orders) => {
        const total = (of: (one: (typeof orders)[number]) => number) => orders.reduce((sum, one) => sum + of(one), 0)
        const [gross, refunded] = [total(({ cents }) => cents), total((one) => one.refunded)]
        const days = orders.map((one) => one.days)
        const behavior = behaviorOf(
          {
            orders: orders.length,
            gross: (gross / 100).toFixed(2),
            refunded: (refunded / 100).toFixed(2),
            firstOrderAt: ago(Math.max(...days)),
            lastOrderAt: ago(Math.min(...days)),
          },
          'USD',
          now,
        )
        expect(behavior.lifetimeValue.amount).toBe(((gross - refunded) / 100).toFixed(2))
        expect(Math.abs(Number(behavior.averageOrderValue.amount) * 100 - gross / orders.length)).toBeLessThanOrEqual(
          0.5001,
        )
        expect(behavior.tenureDays).toBe(Math.max(...days))
        expect(behavior.daysSinceLastPurchase).toBe(Math.min(...days))
        expect(behavior.returnRate).toBeCloseTo(gross === 0 ? Number(refunded > 0) : Math.min(1, refunded / gross), 10)
      }),
    )
  })
})
