import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ticketRank, type TicketPriority } from './rank.ts'

const urgency = { URGENT: 4, HIGH: 3, NORMAL: 1, LOW: 0.5 }
const priority = fc.constantFrom<TicketPriority>('URGENT', 'HIGH', 'NORMAL', 'LOW')
const ticket = fc.record({
  priority,
  createdAt: fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
})

/** The formula as it is defined: points at an instant. */
const total = (of: { priority: TicketPriority; createdAt: Date }, now: Date) =>
  urgency[of.priority] * 1.5 + (now.getTime() - of.createdAt.getTime()) / 86_400_000

describe('ticketRank', () => {
  it('puts two tickets in the order of their totals, whenever these are computed', () => {
    fc.assert(
      fc.property(ticket, ticket, fc.integer({ min: 0, max: 1_000 }), (a, b, days) => {
        const now = new Date(Date.UTC(2040, 0, 1) + days * 86_400_000)
        const byTotal = total(a, now) - total(b, now)
        fc.pre(Math.abs(byTotal) > 1e-6)
        expect(Math.sign(ticketRank(a) - ticketRank(b))).toBe(Math.sign(byTotal))
      }),
    )
  })

  it('lets a normal ticket overtake an urgent one that came 4.5 days later', () => {
    const old = ticketRank({ priority: 'NORMAL', createdAt: new Date('2026-01-01T00:00:00Z') })
    expect(old).toBeLessThan(ticketRank({ priority: 'URGENT', createdAt: new Date('2026-01-05T11:59:00Z') }))
    expect(old).toBeGreaterThan(ticketRank({ priority: 'URGENT', createdAt: new Date('2026-01-05T12:01:00Z') }))
  })
})
