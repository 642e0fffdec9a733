// What every insight makes of numbers that no shop ever saw.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absurdHistory, end } from '../features/history.test-kit.ts'
import { engagementOf, engagementRaw, trainEngagement } from './engagement.ts'
import { lifecycleOf, trainLifecycle } from './lifecycle.ts'
import { createLocalTime } from './local-time.ts'
import { purchasesBefore } from './purchases.ts'
import { createTimingTrainer, optimizeTiming } from './timing.ts'
import { trajectoryOf } from './trajectory.ts'
import { buyerOf, waitingAfter, waitingColumns, writeWaiting } from './waiting.ts'

const utc = createLocalTime('UTC')

describe('absurd facts', () => {
  it('never give a figure that is no number', () => {
    fc.assert(
      fc.property(fc.array(absurdHistory, { minLength: 1, maxLength: 4 }), (histories) => {
        const spread = trainEngagement(histories.map((one) => engagementRaw(one, end)))
        const lifecycle = trainLifecycle(
          histories.map((one) => purchasesBefore(one, end)),
          end,
        )
        const timing = createTimingTrainer(utc, end)
        for (const one of histories) timing.add(one)
        const row = new Float64Array(waitingColumns)
        for (const one of histories) {
          const engagement = engagementOf(spread, one, end)
          const trajectory = trajectoryOf(one, [{ at: NaN, churn: 0.5 }], end)
          const buyer = buyerOf(one, end)
          if (buyer) writeWaiting(waitingAfter(buyer, buyer.purchases.length, 30), 3, row, 0)
          const { at } = optimizeTiming(timing.finish(), {
            history: one,
            messageType: 'SURVEY',
            localTime: utc,
            now: end,
          })
          const told = [
            engagement?.score ?? 0,
            engagement?.trend ?? 0,
            trajectory?.spendSlope ?? 0,
            trajectory?.pace ?? 0,
          ]
          for (const figure of [...told, ...row, at]) expect(Number.isFinite(figure)).toBe(true)
          expect(lifecycleOf(lifecycle, buyer?.purchases ?? [], () => NaN, end) === null).toBe(buyer === null)
        }
      }),
    )
  })

  it('at or after the instant change nothing', () => {
    fc.assert(
      fc.property(absurdHistory, absurdHistory, (one, other) => {
        const future = <T extends { at: number }>(facts: readonly T[]) => facts.filter(({ at }) => !(at < end))
        const past = <T extends { at: number }>(facts: readonly T[]) => facts.filter(({ at }) => at < end)
        const before = {
          ...one,
          orders: past(one.orders),
          interactions: past(one.interactions),
          events: past(one.events),
        }
        const mixed = {
          ...one,
          orders: [...future(other.orders), ...before.orders],
          interactions: [...future(other.interactions), ...before.interactions],
          events: [...future(other.events), ...before.events],
        }
        expect(engagementRaw(mixed, end)).toBe(engagementRaw(before, end))
        expect(purchasesBefore(mixed, end)).toEqual(purchasesBefore(before, end))
        expect(trajectoryOf(mixed, [], end)).toEqual(trajectoryOf(before, [], end))
        expect(buyerOf(mixed, end)).toEqual(buyerOf(before, end))
      }),
    )
  })
})
