import { demoOrders } from '@quimbi/intelligence/demo/seed.ts'
import { demoCustomerCount, demoWorld } from '@quimbi/support/demo/world.ts'
import { describe, expect, it } from 'vitest'

describe('the demo world', () => {
  const now = new Date('2026-11-22T12:00:00.000Z')
  const orders = demoOrders(2, now, demoCustomerCount)
  const { tickets } = demoWorld(1, now, ['maya@demo.example'])

  it('numbers its orders once each', () => {
    expect(new Set(orders.map(({ order }) => order.externalId)).size).toBe(orders.length)
  })

  it('has customers write about orders of their own', () => {
    const ownerOf = new Map(orders.map(({ order, customer }) => [order.externalId, customer.externalId]))
    const named = tickets.flatMap(({ subject, messages, customer }) =>
      [subject, ...(messages ?? []).map(({ content }) => content)].flatMap((text) =>
        [...text.matchAll(/#\d+/g)].map(([number]) => ({ owner: ownerOf.get(number), customer: customer.externalId })),
      ),
    )
    expect(named.length).toBeGreaterThan(50)
    for (const { owner, customer } of named) expect(owner).toBe(customer)
  })

  it('has orders in the house, on their way and there, each with what its parcel says', () => {
    const statuses = new Set(orders.map(({ order }) => order.status))
    expect(statuses).toEqual(new Set(['PAID', 'FULFILLED', 'DELIVERED', 'RETURNED']))
    for (const { order } of orders) {
      expect(order.shipments?.length).toBe(order.status === 'PAID' ? 0 : 1)
      for (const { updatedAt } of order.shipments ?? []) expect(updatedAt.getTime()).toBeLessThanOrEqual(now.getTime())
    }
  })
})
