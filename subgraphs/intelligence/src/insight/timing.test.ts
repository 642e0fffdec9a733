import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysAgo, history, interaction, now, order } from './facts.test-kit.ts'
import { createLocalTime } from './local-time.ts'
import { channelOf, createTimingTrainer, type MessageType, optimizeTiming, rhythmOf } from './timing.ts'

const utc = createLocalTime('UTC')
const hourMs = 3_600_000

function trained(...orders: readonly number[]) {
  const trainer = createTimingTrainer(utc, now)
  trainer.add(history(orders.map((at) => order(at))))
  return trainer.finish()
}

/** The tenant's customers order on Mondays at 12. */
const mondays = trained(...Array.from({ length: 40 }, (_, week) => daysAgo(2 + 7 * week) + 12 * hourMs))
/** This one on Fridays at 19. */
const fridays = history(Array.from({ length: 30 }, (_, week) => order(daysAgo(5 + 7 * week) + 19 * hourMs)))

const best = (one = fridays, messageType: MessageType = 'PROMOTION', localTime = utc, from = now) =>
  optimizeTiming(mondays, { history: one, messageType, localTime, now: from })

describe('the time for a contact', () => {
  it('is the tenant’s hour for one of whom nothing is known, and says so', () => {
    expect(best(history([]))).toEqual({
      at: Date.parse('2026-07-06T12:00Z'),
      channel: 'EMAIL',
      explanation: 'Monday at 12:00: this customer’s hours are not known yet, so the shop’s customers decide.',
    })
  })

  it('is the customer’s own where they told enough', () => {
    expect(best()).toMatchObject({
      at: Date.parse('2026-07-03T19:00Z'),
      explanation:
        'Friday at 19:00: the likeliest hour by 30 orders and opens of their own and by the shop’s customers.',
    })
  })

  it('moves from the tenant’s to the customer’s with every sign', () => {
    const shares = [0, 1, 5, 20].map((count) => {
      const one = history(
        [],
        Array.from({ length: count }, () => interaction(daysAgo(5) + 19 * hourMs)),
      )
      return rhythmOf(mondays, one, utc, now).hours[19] ?? 0
    })
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(new Set(shares).size).toBe(4)
  })

  it('takes a reply within a day, at the best hour of that day', () => {
    expect(best(fridays, 'SUPPORT_REPLY').at).toBe(Date.parse('2026-07-01T19:00Z'))
  })

  it('is the hour on the customer’s own clock', () => {
    const newYork = createLocalTime('America/New_York')
    const model = trained()
    const one = history(Array.from({ length: 30 }, (_, week) => order(daysAgo(5 + 7 * week) + 23 * hourMs)))
    const { at, explanation } = optimizeTiming(model, { history: one, messageType: 'SURVEY', localTime: newYork, now })
    expect(new Date(at).toISOString()).toBe('2026-07-03T23:00:00.000Z')
    expect(explanation).toMatch(/^Friday at 19:00/)
  })

  it('keeps quiet hours and never lies in the past, whatever the habits', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Auckland'].map(createLocalTime)
    const instant = fc.integer({ min: daysAgo(200), max: daysAgo(-200) })
    const types = fc.constantFrom<MessageType>('SUPPORT_REPLY', 'PROMOTION', 'WIN_BACK', 'FOLLOW_UP', 'SURVEY')
    fc.assert(
      fc.property(
        fc.array(instant),
        types,
        instant,
        fc.constantFrom(...zones),
        (orders, messageType, from, localTime) => {
          const { at } = best(history(orders.map((one) => order(one))), messageType, localTime, from)
          expect(at).toBeGreaterThanOrEqual(from)
          expect(localTime(at).hour).toBeGreaterThanOrEqual(7)
          expect(localTime(at).hour).toBeLessThan(22)
        },
      ),
    )
  })

  it('reads nothing at or after the instant, no returns, and shares add up to 1', () => {
    const later = history(
      [order(now + hourMs), order(NaN), order(daysAgo(1), { isReturn: true })],
      [interaction(now), interaction(daysAgo(1), { kind: 'SUPPORT_TICKET' })],
    )
    const rhythm = rhythmOf(mondays, later, utc, now)
    expect(rhythm.signs).toBe(0)
    for (const shares of [rhythm.hours, rhythm.weekdays, mondays.hours, mondays.weekdays])
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10)
  })

  it('uses the channel of most of the last contacts, the latest of equals', () => {
    const by = (...channels: ('SMS' | 'CHAT' | 'PHONE')[]) =>
      history(
        [],
        channels.map((channel, index) => interaction(daysAgo(index + 1), { channel })),
      )
    expect(channelOf(by('SMS', 'CHAT', 'CHAT'), now)).toBe('CHAT')
    expect(channelOf(by('SMS', 'CHAT', 'CHAT', 'SMS'), now)).toBe('SMS')
    expect(channelOf(by('PHONE', ...Array.from({ length: 9 }, () => 'SMS' as const), 'PHONE'), now)).toBe('SMS')
    expect(channelOf(history([], [interaction(now, { channel: 'SMS' })]), now)).toBe('EMAIL')
  })
})
