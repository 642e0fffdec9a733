import type { Watcher } from '@quimbi/service/audience.ts'
import type { FormattedExecutionResult } from 'graphql'
import type { LiveEvent } from './events.ts'
import { resync } from './upstream.ts'

/** One of those who share a subscription. */
export type Member = {
  watcher: Watcher
  /** The place after which they are told. */
  after: bigint
  /** Must not throw, and must not wait. */
  tell(result: FormattedExecutionResult): void
  end(error: unknown): void
}

/** One subscription at a subgraph for all who ask the same. */
export type Hub = {
  /** Whether everything after a place is still at hand, or to come. */
  reaches(place: bigint): boolean
  /** Tells a member everything after its place; at once what is at hand. Returns what leaves. */
  join(member: Member): () => void
  /** Keeps it open for one who is still to join. Returns what lets go of it. */
  hold(): () => void
  /** The last place that was told. */
  readonly head: bigint
  readonly size: number
  stop(): Promise<void>
}

export type HubOptions = {
  events: AsyncGenerator<LiveEvent, undefined>
  /** The place after which the events begin. */
  from: bigint
  /** Called once, when there is nobody, or nothing, any more. */
  onEnd(): void
  /** How long it stays when nobody is left; 5 s. */
  graceMs?: number
  /** Events at hand for those who come a little late; 1,000, and as long as `keptMs`; 30 s. */
  kept?: number
  keptMs?: number
}

type Placed = { event: LiveEvent; position: bigint; heardAt: number }

export function createHub({ events, from, onEnd, graceMs = 5_000, kept = 1_000, keptMs = 30_000 }: HubOptions): Hub {
  const members = new Set<Member>()
  const holding = new Set<object>()
  const ring: Placed[] = []
  let [start, head] = [from, from]
  let grace: NodeJS.Timeout | undefined
  let isOver = false

  function over(error?: unknown): void {
    if (isOver) return
    isOver = true
    clearTimeout(grace)
    onEnd()
    for (const { end } of [...members]) end(error ?? resync('UPSTREAM_LOST'))
    members.clear()
    ring.length = 0
  }

  function hear(event: LiveEvent): void {
    const position = event.position
    if (position === null) return over()
    const heardAt = performance.now()
    while (ring[0] && (ring.length >= kept || ring[0].heardAt < heardAt - keptMs))
      start = ring.shift()?.position ?? start
    ring.push({ event, position, heardAt })
    head = position
    for (const member of members) tell(member, event, position)
  }

  function tell({ watcher, after, tell: take }: Member, event: LiveEvent, position: bigint): void {
    const result = position > after ? event.resultFor(watcher) : null
    if (result) take(result)
  }

  async function listen(): Promise<void> {
    try {
      for await (const event of events) {
        if (isOver) return
        hear(event)
      }
      over()
    } catch (error) {
      over(error)
    }
  }
  const listening = listen()

  function enter<T extends object>(all: Set<T>, one: T): () => void {
    clearTimeout(grace)
    all.add(one)
    return () => {
      if (!all.delete(one) || members.size + holding.size > 0 || isOver) return
      grace = setTimeout(() => void stop(), graceMs)
    }
  }

  async function stop(): Promise<void> {
    over()
    await events.return(undefined)
    await listening
  }

  return {
    reaches: (place) => !isOver && place >= start,
    join(member) {
      const leave = enter(members, member)
      for (const { event, position } of ring) tell(member, event, position)
      return leave
    },
    hold: () => enter(holding, {}),
    get head() {
      return head
    },
    get size() {
      return members.size
    },
    stop,
  }
}
