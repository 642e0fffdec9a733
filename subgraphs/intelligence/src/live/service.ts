import { leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { followLog } from '@quimbi/subgraph/follow.ts'
import type { LogHub } from '@quimbi/subgraph/hub.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import { createTeller, type InsightChange } from './changes.ts'
import { decodePlace, placeNow, readAfter } from './cursor.ts'
import { listInsightEntries, type InsightEntry } from './entries.ts'

type Optional<T> = T | null | undefined
type Asking = { viewer: Viewer; db: Db; live: { hub: LogHub<InsightEntry> } }
type Wanted = { customerIds?: Optional<readonly string[]>; minChange?: Optional<number>; after?: Optional<string> }
type Held = { capacity?: number; pageSize?: number }

export const maxWatched = 1_000
const usualChange = 0.05

/**
 * What moves in the insight of the tenant's customers, or of these. FORBIDDEN for a key without the scope; BAD_USER_INPUT for ids, a minChange or a
 * cursor of no use; RESYNC_REQUIRED for a cursor older than the log, and for who is too far behind.
 */
export function insightChanges(
  { viewer, db, live: { hub } }: Asking,
  { customerIds, minChange, after }: Wanted,
  held: Held = {},
): AsyncGenerator<InsightChange, undefined> {
  requireScope(viewer, 'insight:read')
  const { tenantId } = viewer
  const wanted = customerIds ? watchedIds(customerIds) : null
  const tell = createTeller(requireChange(minChange ?? usualChange))
  const place = after ? decodePlace(tenantId, after) : null
  const entries = followLog<InsightEntry>({
    ...held,
    hub,
    tenantId,
    start: () => readAfter(db, tenantId, place),
    isReplay: place !== null,
    page: (last, limit) => listInsightEntries(db, tenantId, { after: last, limit }),
    show: (entry) => (isAbout(entry, wanted) ? entry : null),
  })

  async function* changes(): AsyncGenerator<InsightChange, undefined> {
    try {
      for await (const entry of entries) yield* tell(entry, place)
      return undefined
    } finally {
      await entries.return(undefined)
    }
  }
  return leavable(changes(), () => void entries.return(undefined))
}

/** The place after which only what comes from now on is told. FORBIDDEN for a key without the scope. */
export async function insightPosition(db: Db, viewer: Viewer): Promise<string> {
  requireScope(viewer, 'insight:read')
  return placeNow(db, viewer.tenantId)
}

// One without a payload, by whatever wrote it, must not stop everybody's stream.
const isAbout = ({ payload }: InsightEntry, wanted: ReadonlySet<string> | null): boolean =>
  Boolean(payload?.moves?.length) && (wanted === null || wanted.has(payload.customerId))

function watchedIds(ids: readonly string[]): ReadonlySet<string> {
  if (ids.length > maxWatched) throw refused(`At most ${maxWatched} customers a subscription.`, 'LIMIT')
  if (!ids.every(isUuid)) throw refused('customerIds are ids of customers.', 'ID')
  return new Set(ids.map((id) => id.toLowerCase()))
}

function requireChange(minChange: number): number {
  if (minChange >= 0 && minChange <= 1) return minChange
  throw refused('minChange is a number from 0 to 1.', 'MIN_CHANGE')
}

const refused = (message: string, reason: string) => codedError('BAD_USER_INPUT', message, { reason })
