import DataLoader from 'dataloader'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import type { Insight } from './insight.ts'
import { loadInsights } from './load.ts'
import { loadPoints, requireDays, type InsightMetric, type Point } from './points.ts'

/** Batches what one request asks of customers' insight. */
export function profileLoaders(db: Db, viewer: Viewer, clock: Clock) {
  const pointLoaders = new Map<string, DataLoader<string, Point[]>>()
  return {
    insightByCustomer: new DataLoader<string, Insight>((ids) => loadInsights(db, viewer, ids, clock.now())),
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
