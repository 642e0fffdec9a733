import { createChannel, leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Db } from '../database.ts'
import { logBounds, resumeAfter } from '../log/cursor.ts'
import { firstEntries, listEntries, type TicketEntry } from '../log/entries.ts'
import type { Hub } from './hub.ts'

export type Follow = {
  tenantId: string
  /** Only this ticket's entries. */
  ticketId?: string | undefined
  /** The last cursor seen; from now on unless given. */
  after?: string | null | undefined
  /** What the subscriber is told of an entry; null: nothing. */
  show(entry: TicketEntry): TicketEntry | null
}

type FollowOptions = { hub: Hub; db: Db; capacity?: number; pageSize?: number }

/**
 * A tenant's log, first what was missed, then live: each entry exactly once, in order. It rejects with RESYNC_REQUIRED when its
 * reader is more than `capacity` (1,000) entries behind: nothing is lost to who subscribes again with the last cursor.
 */
export function follow(
  { hub, db, capacity = 1_000, pageSize = 500 }: FollowOptions,
  { tenantId, ticketId, after, show }: Follow,
): AsyncGenerator<TicketEntry, undefined> {
  const channel = createChannel<TicketEntry>({ capacity })
  const left = Promise.withResolvers<void>()
  let isLeft = false
  // While the past is read, what does not fit any more is read from the log as well.
  let isReplaying = true
  let hasHole = false
  let last = 0n

  function hear(entry: TicketEntry): void {
    if (ticketId !== undefined && entry.ticketId !== ticketId) return
    if (!isReplaying && entry.sequence <= last) return
    const shown = show(entry)
    if (!shown || channel.push(shown)) return
    if (!isReplaying) return channel.fail(overflow())
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
  const page = () =>
    ticketId === undefined
      ? listEntries(db, tenantId, { after: last, limit: pageSize })
      : firstEntries(db, tenantId, [ticketId], { after: last, limit: pageSize })

  async function* entries(): AsyncGenerator<TicketEntry, undefined> {
    try {
      await Promise.race([ready, left.promise])
      if (isLeft) return undefined
      // Looked up only now: whatever commits later is heard, whatever committed before is read.
      if (after) last = await resumeAfter(db, tenantId, after)
      else last = (await logBounds(db, tenantId)).head
      for (let isBehind = Boolean(after) || hasHole; isBehind && !isLeft;) {
        hasHole = false
        const missed = await page()
        for (const entry of missed) {
          last = entry.sequence
          const shown = show(entry)
          if (shown) yield shown
        }
        isBehind = missed.length === pageSize || hasHole
      }
      isReplaying = false
      for await (const entry of channel) {
        if (entry.sequence <= last) continue
        last = entry.sequence
        yield entry
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
const overflow = () => resync('OVERFLOW')
