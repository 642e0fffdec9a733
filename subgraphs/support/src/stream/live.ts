import type { Bus } from '@quimbi/events/bus.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { SupportDatabase } from '../database.ts'
import { leaveAll, type Presence } from '../presence/service.ts'
import { memoryPresence, redisPresence } from '../presence/store.ts'
import { createAgentChannel, type AgentChannel } from './agent-channel.ts'
import { createHub, type Hub } from './hub.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** What of a process is live: the log's tail, who is at a ticket, wires to agents, and who is connected. */
export type LiveServices = {
  hub: Hub
  presence: Presence
  channel: AgentChannel
  sessions: Sessions
  stop(): Promise<void>
}

type LiveOptions = {
  database: SupportDatabase
  bus: Bus
  log: Logger
  clock: Clock
  /** Shares presence between processes. */
  redis?: RedisClient | undefined
}

export function createLive({ database, bus, log, clock, redis }: LiveOptions): LiveServices {
  const pool = database.systemPool
  const hub = createHub({ pool, bus, log })
  // A presence lapses by the real clock, wherever a test's or a demo's stands.
  const store = redis ? redisPresence({ redis, clock: systemClock }) : memoryPresence({ clock: systemClock })
  const presence = { store, bus, hub }
  const onGone = ({ tenantId, agentId }: { tenantId: string; agentId: string }) =>
    void leaveAll(presence, tenantId, agentId).catch(() => {}) // it lapses by itself
  const sessions = createSessions({ pool, hub, clock, log, onGone })
  return {
    hub,
    presence,
    channel: createAgentChannel(bus),
    sessions,
    async stop() {
      await sessions.stop()
      await hub.stop()
    },
  }
}
