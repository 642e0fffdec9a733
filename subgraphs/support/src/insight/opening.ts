import { isUuid } from '@quimbi/service/loaders.ts'
import type { Db } from '../database.ts'

type Optional<T> = T | null | undefined

/** What is about to be said, or opened where no channel is named. */
export type Opening = { ticketId?: Optional<string>; customerId?: Optional<string>; channel?: string }

/**
 * The customer for whom a ticket is about to be opened; null where what they say goes on with one that is not closed. As far as can be told before
 * it is placed.
 */
export async function openingCustomer(
  db: Db,
  tenantId: string,
  { ticketId, customerId, channel }: Opening,
): Promise<string | null> {
  if (ticketId) {
    const where = { tenantId, id: ticketId, status: 'CLOSED' }
    const ticket = isUuid(ticketId) ? await db.ticket.findFirst({ where, select: { customerId: true } }) : null
    return ticket?.customerId ?? null
  }
  if (!customerId || !isUuid(customerId)) return null
  if (channel === undefined) return customerId
  const where = { tenantId, customerId, channel, mergedIntoId: null, status: { not: 'CLOSED' } }
  return (await db.ticket.findFirst({ where, select: { id: true } })) ? null : customerId
}
