import { createChannel, leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { LogHub } from './hub.ts'

type Placed = { sequence: bigint }

export type Follow<E extends Placed> = {
  hub: LogHub<E>
  tenantId: string
  /** The sequence after which it begins. Asked only when whatever commits later is heard. */
  start(): Promise<bigint>
  /** Whether what lies between there and now is told first. */
  isReplay: boolean
  /** Entries after a sequence, in the log's order. */
  page(after: bigint, limit: number): Promise<E[]>
  /** What the subscriber is told of an entry; null: nothing. By the entry alone: it may be asked twice, and out of order. */
  show(entry: E): E | null
  capacity?: number | undefined
  pageSize?: number | undefined
}

/**
 * A tenant's log, first what was missed, then live: each entry exactly once, in order. It rejects with RESYNC_REQUIRED when its
 * reader is more than `capacity` (1,000) entries behind: nothing is lost to who subscribes again with the last cursor.
 */
export function followLog<E extends Placed>({
  hub,
  tenantId,
  start,
  isReplay,
  page,
  show,
  capacity = 1_000,
  pageSize = 500,
}: Follow<E>): AsyncGenerator<E, undefined> {
  const channel = createChannel<E>({ capacity })
  const left = Promise.withResolvers<void>()
  let isLeft = false
  // While the past is read, what does not fit any more is read from the log as well.
  let isReplaying = true
  let hasHole = false
  let last = 0n

  function hear(entry: E): void {
    if (!isReplaying && entry.sequence <= last) return
    const shown = show(entry)
    if (!shown || channel.push(shown)) return
    if (!isReplaying) return channel.fail(resync('OVERFLOW'))
    channel.clear()
    hasHole = true
  }
  const { ready, leave } = hub.join(tenantId, { hear, lose: () => channel.fail(resync('LOG_RESTORED')) })
  const stop = () => {
    isLeft = true
    leave()
    channel.end()
    left.resolve()
  }

  async function* entries(): AsyncGenerator<E, undefined> {
    try {
      await Promise.race([ready, left.promise])
      if (isLeft) return undefined
      // Looked up only now: whatever commits later is heard, whatever committed before is read.
      last = await start()
      for (let isBehind = isReplay || hasHole; isBehind && !isLeft;) {
        hasHole = false
        const missed = await page(last, pageSize)
        for (const entry of missed) {
          last = entry.sequence
          const shown = show(entry)
          if (shown) yield shown
        }
        isBehind = missed.length === pageSize || hasHole
      }
      isReplaying = false
      for await (const shown of channel) {
        if (shown.sequence <= last) continue
        last = shown.sequence
        yield shown
      }
      return undefined
    } finally {
      stop()
    }
  }
  return leavable(entries(), stop)
}

const resync = (reason: string) =>
  codedError('RESYNC_REQUIRED', 'Subscribe again with the last cursor, or load afresh.', { reason, retryable: true })
