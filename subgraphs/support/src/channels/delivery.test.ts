import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  backOffMs,
  deliveryUnknown,
  leaseMs,
  maxAttempts,
  next,
  type DeliveryEvent,
  type DeliveryState,
} from './delivery.ts'

const now = new Date('2026-11-21T10:00:00.000Z')
const at = { now, chance: 0.5 }
const sending = (attempts: number): DeliveryState => ({ status: 'SENDING', attempts })

const anyEvent: fc.Arbitrary<DeliveryEvent> = fc.oneof(
  fc.constant<DeliveryEvent>({ kind: 'taken' }),
  fc.constant<DeliveryEvent>({ kind: 'acknowledged', externalId: 'x' }),
  fc
    .constantFrom('TEMPORARY', 'PERMANENT', 'UNKNOWN')
    .map((failure): DeliveryEvent => ({ kind: 'failed', failure, error: 'no' })),
  fc.constant<DeliveryEvent>({ kind: 'abandoned' }),
  fc.constant<DeliveryEvent>({ kind: 'bounced', error: 'no such mailbox' }),
)

describe('a delivery', () => {
  it('is taken from HELD and QUEUED only, and leased', () => {
    for (const status of ['HELD', 'QUEUED'] as const) {
      expect(next({ status, attempts: 2 }, { kind: 'taken' }, at)).toMatchObject({
        status: 'SENDING',
        attempts: 3,
        nextAttemptAt: new Date(now.getTime() + leaseMs),
      })
    }
    for (const status of ['SENDING', 'SENT', 'FAILED', 'RECALLED'] as const)
      expect(next({ status, attempts: 1 }, { kind: 'taken' }, at)).toBeNull()
  })

  it('is tried again after what surely did not arrive, eight times in all', () => {
    const refused = { kind: 'failed', failure: 'TEMPORARY', error: '451 later' } as const
    const again = next(sending(1), refused, at)
    expect(again).toMatchObject({ status: 'QUEUED', lastError: '451 later', isFailure: false })
    expect(again?.nextAttemptAt?.getTime()).toBe(now.getTime() + 7_500)
    expect(next(sending(maxAttempts), refused, at)).toMatchObject({ status: 'FAILED', isFailure: true })
  })

  it('is not tried again after a permanent refusal, an unknown outcome or its deliverer’s death', () => {
    const permanent = { kind: 'failed', failure: 'PERMANENT', error: '550 no such mailbox' } as const
    expect(next(sending(1), permanent, at)).toMatchObject({ status: 'FAILED', lastError: '550 no such mailbox' })
    const unknown = { kind: 'failed', failure: 'UNKNOWN', error: 'cut' } as const
    for (const event of [unknown, { kind: 'abandoned' } as const])
      expect(next(sending(1), event, at)).toMatchObject({
        status: 'FAILED',
        lastError: deliveryUnknown,
        nextAttemptAt: null,
      })
  })

  it('becomes FAILED when a message that was acknowledged bounces, once', () => {
    const bounced = { kind: 'bounced', error: 'no such mailbox' } as const
    expect(next({ status: 'SENT', attempts: 1 }, bounced, at)).toMatchObject({ status: 'FAILED', isFailure: true })
    expect(next({ status: 'FAILED', attempts: 1 }, bounced, at)).toBeNull()
  })

  it('never leaves FAILED or RECALLED, and SENT only by a bounce, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        let state: DeliveryState = { status: 'HELD', attempts: 0 }
        let acknowledged = 0
        for (const event of events) {
          const change = next(state, event, at)
          if (!change) continue
          expect(['FAILED', 'RECALLED']).not.toContain(state.status)
          if (state.status === 'SENT') expect(event.kind).toBe('bounced')
          if (event.kind === 'acknowledged') acknowledged += 1
          expect(change.attempts).toBeLessThanOrEqual(maxAttempts)
          state = change
        }
        expect(acknowledged).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('waits longer after each attempt, from 5 seconds to an hour', () => {
    expect(backOffMs(1, 0)).toBe(5_000)
    expect(backOffMs(3, 0.999)).toBeLessThanOrEqual(90_000)
    expect(backOffMs(50, 0.999)).toBeLessThanOrEqual(3_600_000)
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, chance) => backOffMs(attempts + 2, chance) >= backOffMs(attempts + 1, 0),
      ),
    )
  })
})
