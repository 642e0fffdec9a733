import { createFollower } from '@quimbi/events/follower.ts'
import type { LogEntry } from '@quimbi/events/feed.ts'
import type { Background, Surroundings } from '@quimbi/subgraph/module.ts'
import { eventMetrics } from '@quimbi/subgraph/event-metrics.ts'
import type { Db, IntelligenceDatabase } from '../database.ts'
import { insightChanged, type InsightEntry } from '../live/entries.ts'
import { enqueueChanges } from './enqueue.ts'

type Options = Pick<Surroundings<IntelligenceDatabase>, 'database' | 'bus' | 'log' | 'clock' | 'metrics'>

/**
 * Follows what happens to insight from a place that is kept, in any number of instances: what a batch tells, its sums and the place are one
 * commit. An event that is refused five times is passed over, with a line in the log. `clock` is the real one.
 */
export const createInsightFollower = ({ database, bus, log, clock, metrics }: Options): Background =>
  createFollower<Db>({
    name: 'insight-webhooks',
    logName: 'intelligence',
    pool: database.systemPool,
    database: database.system as Parameters<typeof createFollower<Db>>[0]['database'],
    types: [insightChanged],
    handle: (tx, events) => enqueueChanges(tx, events.filter(isTelling), clock.now()),
    bus,
    log,
    metrics: eventMetrics(metrics.registry).receiver,
    batchSize: 500,
  })

// One without a payload of ours, by whatever wrote it, must not stop everybody's webhooks.
const isTelling = (event: LogEntry): event is LogEntry & InsightEntry =>
  Boolean((event.payload as InsightEntry['payload'] | null)?.moves?.length)
