import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { syncMatches } from '../alerts/matches.ts'
import { notToWhoIsGone } from '../assignment/gone.ts'
import { recordAssignments } from '../assignment/record.ts'
import type { Db } from '../database.ts'
import { recordDecisions } from '../decisions/record.ts'
import { configOf } from '../tenants/config.ts'
import { lockTickets, writeChanges, writeOpened, type LockedTicket, type Written } from './change-store.ts'
import { isOfOne, writeOne } from './write-one.ts'
import { apply, nowOn, type ChangeCall, type Outcome, type Scene, type Step, type TakenStep } from './steps.ts'

export type Changed = {
  ticket: Ticket
  /** The last event written; null when nothing happened. */
  eventId: string | null
}

/** The tickets of a change, where they were asked for before. */
type Locked = readonly LockedTicket[] | Promise<readonly LockedTicket[]>

/**
 * The one way by which a ticket changes: locks, lets the pure `decide` say what happens, and writes the tickets, their SLA clocks, ranks and
 * timers, and an event for each step, in the caller's transaction. No steps, no change. Unknown ids are left out.
 */
export async function changeTickets(
  tx: Db,
  call: ChangeCall & { ids: readonly string[]; waits?: boolean; locked?: Locked },
  decide: (scene: Scene) => Step[] | Promise<Step[]>,
): Promise<Changed[]> {
  const { tenantId, now, ids, waits = true } = call
  const locked = await (call.locked ?? lockTickets(tx, tenantId, ids.filter(isUuid), { waits }))
  const outcomes: Outcome[] = []
  for (const { configVersion, ...rest } of locked) {
    const at = nowOn(rest.ticket, now)
    const scene: Scene = { ...rest, config: await configOf(tx, tenantId, configVersion), now: at }
    const steps = await notToWhoIsGone(tx, scene.ticket, await decide(scene))
    outcomes.push(apply(scene, steps, { ...call, now: at }))
  }
  await store(tx, tenantId, outcomes)
  return outcomes.map(changedBy)
}

const changedBy = ({ ticket, events }: Outcome): Changed => ({
  ticket,
  eventId: events.findLast(({ ticketId }) => ticketId !== null)?.eventId ?? null,
})

/** The same for one ticket; NOT_FOUND if it is not there. */
export async function changeTicket(
  tx: Db,
  call: ChangeCall & { id: string; path?: string[]; locked?: Locked },
  decide: (scene: Scene) => Step[] | Promise<Step[]>,
): Promise<Changed> {
  const [changed] = await changeTickets(tx, { ...call, ids: [call.id] }, decide)
  return changed ?? refuse('NOT_FOUND', 'There is no such ticket.', call.path ?? ['input', 'id'])
}

/** Opens a ticket: the same for one that is not there yet, with what else is written before who watches it is told. */
export async function openTicket(
  tx: Db,
  { call, scene, steps }: { call: ChangeCall; scene: Scene; steps: Step[] },
  writeMore: (ticket: Ticket) => Promise<unknown>,
): Promise<Changed> {
  const outcome = apply(scene, steps, call)
  await store(tx, call.tenantId, [outcome], async (written) => {
    await writeOpened(tx, call.tenantId, written)
    await writeMore(outcome.ticket)
  })
  return changedBy(outcome)
}

async function store(
  tx: Db,
  tenantId: string,
  outcomes: readonly Outcome[],
  write?: (written: Written) => Promise<void>,
): Promise<void> {
  const changed = outcomes.filter(({ sla }) => sla !== null)
  const [first] = changed
  if (!first) return
  const steps = changed.flatMap((outcome) => outcome.steps)
  const written: Written = {
    tickets: changed.map(({ ticket }) => ticket),
    sla: changed.flatMap(({ ticket, sla, before }) =>
      sla && JSON.stringify(sla) !== JSON.stringify(before.sla) ? { ticketId: ticket.id, ...sla } : [],
    ),
    events: changed.flatMap(({ events }) => events),
    contacts: steps
      .filter(isContact)
      .map(({ ticket, at }) => ({ customerId: ticket.customerId, at, channel: ticket.channel })),
  }
  if (write) await write(written)
  else if (isOfOne(written)) await writeOne(tx, tenantId, { before: first.before.ticket, written })
  else await writeChanges(tx, tenantId, written)
  await recordAssignments(tx, tenantId, steps)
  await recordDecisions(tx, tenantId, steps)
  await syncMatches(tx, tenantId, changed)
}

/** The customer's own word; an auto-reply is none. */
const isContact = ({ type, data }: TakenStep): boolean => type === 'MESSAGE_RECEIVED' && data?.['isAutomatic'] !== true
