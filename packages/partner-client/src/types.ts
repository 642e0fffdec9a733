import type { SocketImpl } from '@quimbi/live/types.ts'
import type { Clock } from './clock.ts'

/** Why the client waits before it sends, or sends again. */
export type Throttle = { waitMs: number; reason: 'PACED' | 'THROTTLED' | 'RETRY'; attempt: number }

export type PartnerOptions = {
  /** Of the partner door: `https://…/partner/graphql`. */
  url: string
  /** Sent as `x-api-key` to that origin alone. A function is asked each time: keys may be rotated. */
  apiKey: string | (() => string | Promise<string>)
  fetch?: typeof globalThis.fetch
  clock?: Clock
  random?: () => number
  onThrottle?: (throttle: Throttle) => void
  /** Milliseconds that a call may take in all, waiting and trying again included; 120 s. */
  maxWaitMs?: number
  /** Milliseconds until an answer is given up; 30 s. */
  timeoutMs?: number
  /** Times that a call is sent at most; 5. */
  maxAttempts?: number
  /** Requests under way at once; 4. */
  maxConcurrent?: number
  /** Ends all calls, streams included. */
  signal?: AbortSignal
  /** Lets the key go over plain HTTP to another machine. */
  allowHttp?: boolean
  /** For subscriptions, where there is no `WebSocket` of its own: that of `ws`. */
  webSocketImpl?: SocketImpl
}

export type CallOptions = {
  signal?: AbortSignal | undefined
  maxWaitMs?: number | undefined
}
