import type { Watcher } from '@quimbi/service/audience.ts'
import { createChannel } from '@quimbi/service/channel.ts'
import type { FormattedExecutionResult } from 'graphql'
import type { LiveEvent } from './events.ts'
import type { Hub } from './hub.ts'
import { resync } from './upstream.ts'

/** What one subscriber is told. */
export type Deliveries = {
  results: AsyncGenerator<FormattedExecutionResult, undefined>
  /** Ends it with an error. */
  fail(error: unknown): void
  leave(): void
}

type Events = AsyncGenerator<LiveEvent, undefined>

/** Of a subscription of one's own. */
export function alone(events: Events, watcher: Watcher): Deliveries {
  const failure: { error?: unknown } = {}
  const leave = () => void events.return(undefined).catch(() => {})
  async function* results() {
    for await (const event of events) {
      const result = failure.error ? null : event.resultFor(watcher)
      if (result) yield result
      if (failure.error) break
    }
    if (failure.error) throw failure.error as Error
    return undefined
  }
  return {
    results: results(),
    fail(error) {
      failure.error = error
      leave()
    },
    leave,
  }
}

export type SharedOptions = {
  watcher: Watcher
  /** The place after which it begins. */
  after: bigint
  /** The hub to join; undefined where there is none any more. */
  hub(): Hub | undefined
  /** A subscription of one's own from there on, for what the hub does not reach back to. */
  replay(): Events
  capacity: number
}

/** Of a subscription that others share: what the hub does not reach back to by a replay of one's own, then with the hub. */
export function shared({ watcher, after, hub, replay, capacity }: SharedOptions): Deliveries {
  const channel = createChannel<FormattedExecutionResult>({ capacity, onEnd: () => leaveHub?.() })
  let leaveHub: (() => void) | undefined
  const failure: { error?: unknown } = {}
  let replaying: Events | undefined
  let isLeft = false

  function fail(error: unknown): void {
    failure.error ??= error
    channel.fail(error as Error)
    void replaying?.return(undefined).catch(() => {})
  }

  function join(place: bigint): boolean {
    const known = hub()
    if (!known?.reaches(place)) return false
    const leave = known.join({
      watcher,
      after: place,
      tell: (result) => void (channel.push(result) || fail(resync('OVERFLOW'))),
      end: fail,
    })
    // What was at hand may have been too much already.
    if (failure.error || isLeft) leave()
    else {
      leaveHub?.()
      leaveHub = leave
    }
    return true
  }

  async function* missed(): AsyncGenerator<FormattedExecutionResult, undefined> {
    let current = after
    replaying = replay()
    for await (const event of replaying) {
      if (failure.error) throw failure.error as Error
      if (isLeft) return undefined
      const position = event.position ?? current
      // An entry of the log may be told in several events: only before the first of the next one nothing is told half.
      if (position > current && join(current)) return undefined
      current = position
      const result = event.resultFor(watcher)
      if (result) yield result
    }
    if (isLeft && !failure.error) return undefined
    throw (failure.error as Error | undefined) ?? resync('UPSTREAM_LOST')
  }

  const isJoined = join(after)
  // Else it might close before the replay has come up to it, or stay for nobody once this one leaves.
  if (!isJoined) leaveHub = hub()?.hold()
  async function* results(): AsyncGenerator<FormattedExecutionResult, undefined> {
    if (!isJoined && !failure.error) yield* missed()
    if (failure.error) throw failure.error as Error
    for await (const result of channel) yield result
    return undefined
  }
  return {
    results: results(),
    fail,
    leave() {
      isLeft = true
      channel.end()
      void replaying?.return(undefined).catch(() => {})
    },
  }
}
