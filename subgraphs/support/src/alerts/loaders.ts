import DataLoader from 'dataloader'
import { byKey, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

/** Loaders of topic alerts: which tickets have one of some keywords, and how many an alert matches. */
export function createAlertLoaders(db: Db, { tenantId }: Viewer) {
  const byKeywords = new Map<string, DataLoader<string, boolean>>()
  return {
    /** Whether a ticket, by its id, has one of the keywords: one statement for all tickets asked about. */
    ticketsAbout(keywords: readonly string[]): DataLoader<string, boolean> {
      const key = JSON.stringify(keywords)
      const known = byKeywords.get(key)
      if (known) return known
      const loader = new DataLoader(async (ids: readonly string[]) => {
        const found = keywords.length === 0 ? new Set() : await ticketsAbout(db, keywords, ids)
        return ids.map((id) => found.has(id))
      })
      byKeywords.set(key, loader)
      return loader
    },
    matchesOfAlert: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, alertId: { in: [...ids] } }
      const counts = await db.topicAlertMatch.groupBy({ by: ['alertId'], where, _count: true })
      return byKey(ids, counts, ({ alertId }) => alertId).map((row) => row?._count ?? 0)
    }),
  }
}

async function ticketsAbout(db: Db, keywords: readonly string[], ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT app.tickets_about(${[...keywords]}::text[], ${ids.filter(isUuid)}::uuid[]) AS id`
  return new Set(rows.map(({ id }) => id))
}
