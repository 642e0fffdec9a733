import DataLoader from 'dataloader'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import type { Insight } from './insight.ts'
import { loadInsights } from './load.ts'
import { lookAt, type Look } from './look.ts'
import { loadPoints, requireDays, type InsightMetric, type Point } from './points.ts'

/** Batches what one request asks of customers' insight. */
export function profileLoaders(db: Db, viewer: Viewer, clock: Clock) {
  const pointLoaders = new Map<string, DataLoader<string, Point[]>>()
  const looks = new DataLoader<string, Look>((ids) => lookAt(db, viewer.tenantId, ids, clock.now()))
  return {
    /** Whether a customer is known, and all that is kept of their insight: who asks for one mostly asks for the other. */
    lookByCustomer: looks,
    insightByCustomer: new DataLoader<string, Insight>((ids) =>
      loadInsights(db, viewer, ids, { look: (id) => looks.load(id), now: clock.now() }),
    ),
    /** One loader for each metric and number of days: only those are loaded together. */
    pointsByCustomer(metric: InsightMetric, days: number): DataLoader<string, Point[]> {
      const key = `${metric} ${requireDays(days)}`
      const known = pointLoaders.get(key)
      if (known) return known
      const loader = new DataLoader((ids: readonly string[]) =>
        loadPoints(db, viewer, ids, { metric, days, now: clock.now() }),
      )
      pointLoaders.set(key, loader)
      return loader
    },
  }
}
