import { setTimeout as delay } from 'node:timers/promises'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Db } from '../database.ts'
import { saidSince, type TicketEntry } from './entries.ts'

const patienceMs = 1_000
const pauseMs = 25

/**
 * What was said on a ticket after a revision of its conversation, in order: received, sent, edited, deleted, recalled. To be
 * called outside the transaction that found the revision passed: it waits, for a second at most, until the log has what is
 * committed of the ticket.
 */
export async function missedSince(
  db: Db,
  tenantId: string,
  ticketId: string,
  revision: number,
): Promise<TicketEntry[]> {
  if (!isUuid(ticketId)) return []
  const until = Date.now() + patienceMs
  while ((await isOnItsWay(db, tenantId, ticketId)) && Date.now() < until) await delay(pauseMs)
  return saidSince(db, tenantId, ticketId, revision)
}

/** Whether an event of the ticket is committed and not yet in the log. */
async function isOnItsWay(db: Db, tenantId: string, ticketId: string): Promise<boolean> {
  return (await db.outboxEvent.findFirst({ where: { tenantId, ticketId }, select: { id: true } })) !== null
}
