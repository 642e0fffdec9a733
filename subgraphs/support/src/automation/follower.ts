import type { Bus } from '@quimbi/events/bus.ts'
import type { LogEntry } from '@quimbi/events/feed.ts'
import { createFollower, type Follower } from '@quimbi/events/follower.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Db, SupportDatabase } from '../database.ts'
import type { TicketEventPayload, TicketEventType } from '../log/ticket-events.ts'
import { configOf, type TenantConfig } from '../tenants/config.ts'
import { withChain } from './cause.ts'
import { lockTickets } from '../tickets/change-store.ts'
import { rulesFor, runRules } from './engine.ts'
import { triggerOf, watchedTypes, type Happening } from './happening.ts'
import { contentsOf, type Arrivals } from './triage-job.ts'

export type AutomationOptions = { database: SupportDatabase; bus: Bus; log: Logger; clock: Clock; arrivals: Arrivals }

/** An entry of the log as rules see it. Pure. */
export const happeningOf = ({ eventId, type, occurredAt, payload }: LogEntry, ticketId: string): Happening => ({
  eventId,
  type: type as TicketEventType,
  at: occurredAt,
  ticketId,
  payload: payload as TicketEventPayload,
})

/** Lets rules react to the log. Small batches: each holds the tickets that it changes. */
export function createAutomation({ database, bus, log, clock, arrivals }: AutomationOptions): Follower {
  return createFollower<Db>({
    name: 'automation',
    logName: 'support',
    pool: database.systemPool,
    database: database.system,
    types: watchedTypes,
    async handle(tx, entries) {
      const [first] = entries
      if (!first) return
      const config = await configOf(tx, first.tenantId)
      const now = new Date(clock.now().getTime() + config.tenant.clockOffsetSeconds * 1_000)
      const contents = await contentsOf(tx, first.tenantId, entries.filter(isArrival).flatMap(messageIdOf))
      await lockAll(tx, entries, config)
      for (const entry of entries) await react(tx, entry, { config, now, arrivals, contents })
    },
    bus,
    log,
    batchSize: 20,
  })
}

const isArrival = ({ type }: LogEntry): boolean => type === 'MESSAGE_RECEIVED'
const messageIdOf = ({ payload }: LogEntry): string[] => {
  const { messageId } = payload as TicketEventPayload
  return messageId === undefined ? [] : [messageId]
}

/** All of a batch's tickets at once, in their ids' order as everybody locks them; in the events' order two who lock the same would deadlock. */
async function lockAll(tx: Db, entries: readonly LogEntry[], config: TenantConfig): Promise<void> {
  const ids = new Set(
    entries.flatMap((entry) => {
      const { ticketId } = entry
      if (ticketId === null) return []
      return isArrival(entry) || rulesFor(config, happeningOf(entry, ticketId)).length > 0 ? [ticketId] : []
    }),
  )
  if (ids.size > 1) await lockTickets(tx, config.tenant.id, [...ids])
}

type Means = { config: TenantConfig; now: Date; arrivals: Arrivals; contents: ReadonlyMap<string, string> }

async function react(tx: Db, entry: LogEntry, { config, now, arrivals, contents }: Means): Promise<void> {
  const { tenantId, ticketId } = entry
  if (ticketId === null) return
  const found = happeningOf(entry, ticketId)
  if (triggerOf(found) === null) return
  const happening = await withChain(tx, tenantId, found)
  const occasion = { tenantId, happening, now, config }
  await arrivals(tx, occasion, contents.get(happening.payload.messageId ?? '') ?? '')
  await runRules(tx, occasion)
}
