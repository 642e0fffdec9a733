import { positionIn } from '@quimbi/service/log-position.ts'
import { withDeadline } from '@quimbi/service/deadline.ts'
import { createHub, type Hub } from './hub.ts'
import type { LiveEvent } from './events.ts'
import type { AskPosition } from './sources.ts'

/** Where a stream stands, as clients hold it and as a number. */
export type Place = { cursor: string; position: bigint }

/** So far behind now a shared subscription may begin, for the first who asks for it: a page of the inbox is seldom older. */
const mostBehind = 1_000n
const answerMs = 2_000

/** Where a tenant's stream stands now; those who ask at the same time get one answer. Null where that is not known. */
export function createPositions(positions: Readonly<Record<string, AskPosition>>) {
  const asking = new Map<string, Promise<Place | null>>()

  async function ask(service: string, tenantId: string): Promise<Place | null> {
    const position = positions[service]
    if (!position) return null
    const cursor = await withDeadline((signal) => position(tenantId, signal), { ms: answerMs })
    const known = positionIn(tenantId, cursor)
    return known === null ? null : { cursor, position: known }
  }

  return (service: string, tenantId: string): Promise<Place | null> => {
    const key = `${service} ${tenantId}`
    const known = asking.get(key)
    if (known) return known
    const answer = ask(service, tenantId).finally(() => asking.delete(key))
    asking.set(key, answer)
    return answer
  }
}

export type Hubs = {
  get(key: string): Hub | undefined
  /** The hub by this key, or a new one; a new one begins at the place, unless that is long ago: then now. */
  open(key: string, place: Place, now: Place, events: (after: string) => AsyncGenerator<LiveEvent, undefined>): Hub
  readonly size: number
  stop(): Promise<void>
}

type HubsOptions = { onOpened(): void; onClosed(): void; graceMs?: number | undefined }

export function createHubs({ onOpened, onClosed, graceMs }: HubsOptions): Hubs {
  const hubs = new Map<string, Hub>()
  return {
    get: (key) => hubs.get(key),
    open(key, place, now, events) {
      const known = hubs.get(key)
      if (known) return known
      const from = now.position - place.position <= mostBehind ? place : now
      onOpened()
      const hub = createHub({
        events: events(from.cursor),
        from: from.position,
        onEnd() {
          onClosed()
          if (hubs.get(key) === hub) hubs.delete(key)
        },
        ...(graceMs !== undefined && { graceMs }),
      })
      hubs.set(key, hub)
      return hub
    },
    get size() {
      return hubs.size
    },
    async stop() {
      await Promise.all([...hubs.values()].map((hub) => hub.stop()))
    },
  }
}
