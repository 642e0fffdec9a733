import type { Bus } from '@quimbi/events/bus.ts'
import type { LogEntry } from '@quimbi/events/feed.ts'
import { createFollower, type Follower } from '@quimbi/events/follower.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { AutomationRule } from '../../generated/prisma/client.ts'
import type { Db, SupportDatabase } from '../database.ts'
import type { TicketEventPayload, TicketEventType } from '../log/ticket-events.ts'
import { configOf, type TenantConfig } from '../tenants/config.ts'
import { withChain } from './cause.ts'
import { lockTickets } from '../tickets/change-store.ts'
import { rulesFor, runRules, type Occasion } from './engine.ts'
import { triggerOf, watchedTypes, type Happening } from './happening.ts'
import { holding, type Held } from './held.ts'
import { contentsOf, type Arrival, type Arrivals } from './triage-job.ts'

export type AutomationOptions = { database: SupportDatabase; bus: Bus; log: Logger; clock: Clock; arrivals: Arrivals }

/** An entry of the log as rules see it. Pure. */
export const happeningOf = ({ eventId, type, occurredAt, payload }: LogEntry, ticketId: string): Happening => ({
  eventId,
  type: type as TicketEventType,
  at: occurredAt,
  ticketId,
  payload: payload as TicketEventPayload,
})

/** Lets rules react to the log. Small batches: each holds the tickets that it may change. */
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
      const reactions: Reaction[] = []
      for (const entry of entries) reactions.push(...(await reactionTo(tx, entry, { config, now, arrivals, contents })))
      const held = await holdAll(tx, first.tenantId, reactions)
      for (const { occasion, arrival, rules } of reactions) {
        await arrival?.run(tx, held)
        await runRules(tx, occasion, { rules, held })
      }
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

type Means = { config: TenantConfig; now: Date; arrivals: Arrivals; contents: ReadonlyMap<string, string> }

/** What is to come of an entry. */
type Reaction = { occasion: Occasion; arrival: Arrival | null; rules: readonly AutomationRule[] }

/** None of an entry that is nothing to rules. */
async function reactionTo(
  tx: Db,
  entry: LogEntry,
  { config, now, arrivals, contents }: Means,
): Promise<[] | [Reaction]> {
  const { tenantId, ticketId } = entry
  if (ticketId === null) return []
  const found = happeningOf(entry, ticketId)
  if (triggerOf(found) === null) return []
  const happening = await withChain(tx, tenantId, found)
  const occasion = { tenantId, happening, now, config }
  const arrival = arrivals(occasion, contents.get(happening.payload.messageId ?? '') ?? '')
  return [{ occasion, arrival, rules: rulesFor(config, happening) }]
}

/**
 * The tickets that a batch may change, at once and in their ids' order, as everybody locks them; in the events' order two who lock the same
 * would deadlock. What is only read, or only sent to be read, is left to others.
 */
async function holdAll(tx: Db, tenantId: string, reactions: readonly Reaction[]): Promise<Held> {
  const changing = reactions.filter(({ arrival, rules }) => rules.length > 0 || arrival?.changesTicket === true)
  const ids = new Set(changing.map(({ occasion }) => occasion.happening.ticketId))
  return holding(ids.size === 0 ? [] : await lockTickets(tx, tenantId, [...ids]))
}
