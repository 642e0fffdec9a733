import { followLog } from '@quimbi/subgraph/follow.ts'
import { logBounds, resumeAfter } from '@quimbi/subgraph/log-cursor.ts'
import type { Db } from '../database.ts'
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

/** Of a tenant's tickets, or of one: first what was missed, then live. Rejects as `followLog` does. */
export const follow = (
  { db, ...options }: FollowOptions,
  { tenantId, ticketId, after, show }: Follow,
): AsyncGenerator<TicketEntry, undefined> =>
  followLog({
    ...options,
    tenantId,
    start: async () => (after ? resumeAfter(db, tenantId, after) : (await logBounds(db, tenantId)).head),
    isReplay: Boolean(after),
    page: (last, limit) =>
      ticketId === undefined
        ? listEntries(db, tenantId, { after: last, limit, withReorderings: true })
        : firstEntries(db, tenantId, [ticketId], { after: last, limit }),
    show: (entry) => (ticketId === undefined || entry.ticketId === ticketId ? show(entry) : null),
  })
