import type { Bus } from '@quimbi/events/bus.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { createLogHub, type LogHub } from '@quimbi/subgraph/hub.ts'
import type { IntelligenceDatabase } from '../database.ts'
import { insightChanged, type InsightEntry } from './entries.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** What of a process is live: the log's tail, and who is connected. */
export type LiveServices = { hub: LogHub<InsightEntry>; sessions: Sessions; stop(): Promise<void> }

type LiveOptions = { database: IntelligenceDatabase; bus: Bus; log: Logger; clock: Clock }

export function createLive({ database, bus, log, clock }: LiveOptions): LiveServices {
  const pool = database.systemPool
  const hub = createLogHub<InsightEntry>({ name: 'intelligence', types: [insightChanged], pool, bus, log })
  const sessions = createSessions({ pool, clock, log })
  return {
    hub,
    sessions,
    async stop() {
      await sessions.stop()
      await hub.stop()
    },
  }
}
