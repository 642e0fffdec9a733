import type { Ticket } from '../../generated/prisma/client.ts'
import type { SupportDatabase } from '../database.ts'
import { systemActor, type Doer } from '../log/actors.ts'
import { changeTickets } from '../tickets/change.ts'
import { dueSteps } from '../tickets/timers.ts'
import { lockDue, type DueTicket } from './store.ts'

const who: Doer = { actor: systemActor('TIMER', 'timers') }

type Call = { tenantId: string; tickets: readonly DueTicket[]; now: Date }

/** Tickets that were due and still are: `stuck` although their timers were looked at, `held` because another transaction has them. */
export type StillDue = { stuck: string[]; held: string[] }

/** Does what came by itself to tickets of one tenant by `now`, the real instant. */
export function changeDue(database: SupportDatabase, { tenantId, tickets, now }: Call): Promise<StillDue> {
  return database.transact(tenantId, async (tx) => {
    const wanted = tickets.map(({ id }) => id)
    const ids = await lockDue(tx, tenantId, wanted, now)
    const held = wanted.filter((id) => !ids.includes(id))
    if (ids.length === 0) return { stuck: [], held }
    // Read after the locks: whoever moves the clock moves the timers too, and waits for them.
    const { clockOffsetSeconds } = await tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
    const call = { tenantId, who, now: new Date(now.getTime() + clockOffsetSeconds * 1_000), ids, waits: false }
    const changed = await changeTickets(tx, call, (scene) => dueSteps(scene))
    const isStuck = ({ nextTimerAt }: Ticket): boolean => nextTimerAt !== null && nextTimerAt <= now
    return { stuck: changed.flatMap(({ ticket }) => (isStuck(ticket) ? ticket.id : [])), held }
  })
}
