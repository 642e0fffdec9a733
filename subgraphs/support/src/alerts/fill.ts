import type { Context } from '../context.ts'
import { syncTickets } from './matches.ts'
import { awaitWriters } from './writers.ts'

const batchSize = 2_000

/**
 * Fills an alert's matches, once the alert is committed: from then on whoever changes a ticket keeps them too. Each batch is locked against
 * those, looked at again, and written; a matching ticket is missed by neither side.
 */
export async function fillMatches(
  { db, transact }: Pick<Context, 'db' | 'transact'>,
  { tenantId, alertId, keywords }: { tenantId: string; alertId: string; keywords: readonly string[] },
  now: Date,
): Promise<void> {
  await awaitWriters(db)
  const found = await db.$queryRaw<{ id: string }[]>`SELECT app.open_tickets_about(${[...keywords]}::text[]) AS id`
  const known = await db.topicAlertMatch.findMany({ where: { tenantId, alertId }, select: { ticketId: true } })
  const ids = [...new Set([...found.map(({ id }) => id), ...known.map(({ ticketId }) => ticketId)])].toSorted()
  for (let from = 0; from < ids.length; from += batchSize) {
    const batch = ids.slice(from, from + batchSize)
    await transact(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM ticket WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${batch}::uuid[]) ORDER BY id FOR SHARE`
      await syncTickets(tx, tenantId, batch, now, alertId)
    })
  }
}
