import type { Clock } from '@quimbi/service/clock.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { PresenceActivity } from '../../generated/resolvers.ts'

/** An agent at a ticket. */
export type Present = {
  agentId: string
  activity: PresenceActivity
  /** When the agent came. */
  since: Date
  /** When it lapses, unless it is renewed; milliseconds of the real clock. */
  until: number
}

/** Who is where. Lapsed ones are not listed. */
export type PresenceStore = {
  /** Renews it too. Whether anything but the lapse changed. */
  set(tenantId: string, ticketId: string, present: Omit<Present, 'until'>): Promise<boolean>
  /** In the order in which they came. */
  list(tenantId: string, ticketId: string): Promise<Present[]>
  /** Takes the agent away from every ticket; returns which. */
  leave(tenantId: string, agentId: string): Promise<string[]>
}

export const presenceTtlMs = 30_000

/** The presence of one process. */
export function memoryPresence({ clock }: { clock: Clock }): PresenceStore {
  const byTicket = new Map<string, Map<string, Present>>()
  let swept = 0

  const keyOf = (tenantId: string, ticketId: string) => `${tenantId}/${ticketId}`
  function prune(key: string, now: number): void {
    const present = byTicket.get(key)
    for (const [agentId, { until }] of present ?? []) if (until <= now) present?.delete(agentId)
    if (present?.size === 0) byTicket.delete(key)
  }

  return {
    async set(tenantId, ticketId, present) {
      const now = clock.now().getTime()
      // Tickets that nobody looks at again would be kept for ever.
      if (now - swept > presenceTtlMs) for (const key of byTicket.keys()) prune(key, (swept = now))
      const key = keyOf(tenantId, ticketId)
      prune(key, now)
      const there = byTicket.get(key) ?? new Map<string, Present>()
      const before = there.get(present.agentId)
      byTicket.set(key, there.set(present.agentId, renewed(before, present, now)))
      return before?.activity !== present.activity
    },
    async list(tenantId, ticketId) {
      const key = keyOf(tenantId, ticketId)
      prune(key, clock.now().getTime())
      return inOrder([...(byTicket.get(key)?.values() ?? [])])
    },
    async leave(tenantId, agentId) {
      const left = [...byTicket].filter(([key, there]) => key.startsWith(`${tenantId}/`) && there.delete(agentId))
      return left.map(([key]) => key.slice(tenantId.length + 1))
    },
  }
}

/**
 * The presence of all processes: a hash per ticket and a set per agent, which lapse as a whole, a tenant's in one slot of a
 * cluster. While Redis is away, the presence of this process.
 */
export function redisPresence({ redis, clock }: { redis: RedisClient; clock: Clock }): PresenceStore {
  const memory = memoryPresence({ clock })
  const ofTicket = (tenantId: string, ticketId: string) => `quimbi:presence:{${tenantId}}:ticket:${ticketId}`
  const ofAgent = (tenantId: string, agentId: string) => `quimbi:presence:{${tenantId}}:agent:${agentId}`

  const store: PresenceStore = {
    async set(tenantId, ticketId, present) {
      const now = clock.now().getTime()
      const [ticket, agent] = [ofTicket(tenantId, ticketId), ofAgent(tenantId, present.agentId)]
      const stored = parse(present.agentId, await redis.hget(ticket, present.agentId))
      const before = stored && stored.until > now ? stored : undefined
      const { agentId, ...rest } = renewed(before, present, now)
      await redis.hset(ticket, agentId, JSON.stringify(rest))
      await redis.sadd(agent, ticketId)
      await Promise.all([redis.pexpire(ticket, presenceTtlMs), redis.pexpire(agent, presenceTtlMs)])
      return before?.activity !== present.activity
    },
    async list(tenantId, ticketId) {
      const now = clock.now().getTime()
      const all = Object.entries(await redis.hgetall(ofTicket(tenantId, ticketId)))
      const present = all.flatMap(([agentId, text]) => parse(agentId, text) ?? [])
      return inOrder(present.filter(({ until }) => until > now))
    },
    async leave(tenantId, agentId) {
      const agent = ofAgent(tenantId, agentId)
      const tickets = await redis.smembers(agent)
      await Promise.all(tickets.map((ticketId) => redis.hdel(ofTicket(tenantId, ticketId), agentId)))
      await redis.del(agent)
      return tickets
    },
  }
  // Memory knows what this process was told, so a Redis that goes away takes nobody of it with it.
  return {
    async set(...given) {
      const changed = await memory.set(...given)
      return store.set(...given).catch(() => changed)
    },
    list: (...asked) => store.list(...asked).catch(() => memory.list(...asked)),
    async leave(...who) {
      const left = await memory.leave(...who)
      return store.leave(...who).catch(() => left)
    },
  }
}

const renewed = (before: Present | undefined, present: Omit<Present, 'until'>, now: number): Present => ({
  ...present,
  since: before?.since ?? present.since,
  until: now + presenceTtlMs,
})

const inOrder = (present: Present[]): Present[] =>
  present.sort((a, b) => a.since.getTime() - b.since.getTime() || (a.agentId < b.agentId ? -1 : 1))

function parse(agentId: string, text: string | null): Present | undefined {
  if (text === null) return undefined
  const { activity, since, until } = JSON.parse(text) as { activity: PresenceActivity; since: string; until: number }
  return { agentId, activity, since: new Date(since), until }
}
