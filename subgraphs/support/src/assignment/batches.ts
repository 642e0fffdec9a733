import type { Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { changeTickets } from '../tickets/change.ts'
import type { ChangeCall, Scene, Step } from '../tickets/steps.ts'
import type { ReturnTo } from '../tickets/timers.ts'

/** Tickets in one statement: enough that a round trip does not count, few enough for one JSON parameter. */
const batchSize = 500

/**
 * The same change for all tickets that match, in the caller's transaction. `decide` looks again whether its ticket still does: whoever had it
 * when it was looked for may have moved it on.
 */
export async function changeInBatches(
  tx: Db,
  call: ChangeCall,
  where: Prisma.TicketWhereInput,
  decide: (scene: Scene) => Step[],
): Promise<void> {
  // By a list taken once, not "until none match": a ticket that another transaction took meanwhile would be asked for for ever.
  const tickets = await tx.ticket.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } })
  for (let start = 0; start < tickets.length; start += batchSize) {
    const ids = tickets.slice(start, start + batchSize).map(({ id }) => id)
    await changeTickets(tx, { ...call, ids }, decide)
  }
}

/** Transfers that would end with somebody, or in a team, that is gone, end with nobody. */
export const forgetReturns = (tx: Db, call: ChangeCall, field: 'agentId' | 'teamId', id: string): Promise<void> =>
  changeInBatches(
    tx,
    call,
    { tenantId: call.tenantId, returnAt: { not: null }, returnTo: { path: [field], equals: id } },
    ({ ticket }) => {
      const returnTo = ticket.returnTo as ReturnTo | null
      return returnTo?.[field] === id
        ? [{ type: 'TICKET_UPDATED', set: { returnTo: { ...returnTo, [field]: null } } }]
        : []
    },
  )
