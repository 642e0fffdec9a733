import type { FailureKind } from './adapter.ts'

/** Where a message stands that is to be delivered. */
export type DeliveryState = {
  status: 'HELD' | 'QUEUED' | 'SENDING' | 'SENT' | 'FAILED' | 'RECALLED'
  /** Deliveries begun so far. */
  attempts: number
}

export type DeliveryEvent =
  /** A deliverer takes it; what it sends out follows the commit. */
  | { kind: 'taken' }
  | { kind: 'acknowledged'; externalId: string }
  | { kind: 'failed'; failure: FailureKind; error: string }
  /** Nobody knows any more what became of it: its deliverer is gone. */
  | { kind: 'abandoned' }
  /** The other side said later that it could not be delivered. */
  | { kind: 'bounced'; error: string }

/** What to write of the message; `nextAttemptAt` on the real clock. */
export type DeliveryChange = {
  status: DeliveryState['status']
  attempts: number
  nextAttemptAt: Date | null
  lastError: string | null
  externalId?: string
  /** Whether people are to learn that it failed. */
  isFailure: boolean
}

/** How long a delivery may take, before it is cut off. */
export const deliveryDeadlineMs = 60_000
/** From then on one that is still SENDING has no living deliverer: the deadline, and as much again for clocks and a slow commit. */
export const leaseMs = 2 * deliveryDeadlineMs
export const maxAttempts = 8
export const deliveryUnknown = 'Delivery unknown: it may have arrived. It is not sent again by itself.'

const firstDelayMs = 10_000
const longestDelayMs = 3_600_000

/**
 * The state machine of a delivery. Null: the event has no meaning in this state, and nothing changes. Only what surely did not arrive is
 * tried again. `chance` is in [0, 1).
 */
export function next(
  { status, attempts }: DeliveryState,
  event: DeliveryEvent,
  { now, chance }: { now: Date; chance: number },
): DeliveryChange | null {
  const settled = { attempts, nextAttemptAt: null }
  const failed = (lastError: string): DeliveryChange => ({ ...settled, status: 'FAILED', lastError, isFailure: true })
  switch (event.kind) {
    case 'taken': {
      if (status !== 'HELD' && status !== 'QUEUED') return null
      const nextAttemptAt = new Date(now.getTime() + leaseMs)
      return { status: 'SENDING', attempts: attempts + 1, nextAttemptAt, lastError: null, isFailure: false }
    }
    case 'acknowledged':
      if (status !== 'SENDING') return null
      return { ...settled, status: 'SENT', lastError: null, externalId: event.externalId, isFailure: false }
    case 'failed': {
      if (status !== 'SENDING') return null
      const { failure, error } = event
      if (failure === 'UNKNOWN') return failed(deliveryUnknown)
      if (failure === 'PERMANENT' || attempts >= maxAttempts) return failed(error)
      const nextAttemptAt = new Date(now.getTime() + backOffMs(attempts, chance))
      return { attempts, status: 'QUEUED', nextAttemptAt, lastError: error, isFailure: false }
    }
    case 'abandoned':
      return status === 'SENDING' ? failed(deliveryUnknown) : null
    case 'bounced':
      return status === 'SENT' || status === 'SENDING' ? failed(event.error) : null
    default:
      return event satisfies never
  }
}

/** After so many attempts: 10 s, 30 s, 90 s, … up to an hour, each between half of it and all of it. */
export function backOffMs(attempts: number, chance: number): number {
  const delay = Math.min(longestDelayMs, firstDelayMs * 3 ** (attempts - 1))
  return Math.round(delay / 2 + (chance * delay) / 2)
}
