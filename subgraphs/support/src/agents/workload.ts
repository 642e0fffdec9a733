import type { Db } from '../database.ts'

/** How many of an agent's tickets are in a state. */
export type Load = { open: number; pending: number }

const none: Load = { open: 0, pending: 0 }

/** How many more tickets automatic assignment may give: OPEN and PENDING ones fill the capacity alike, for a pending one may be back any minute. */
export const spareOf = (capacity: number, { open, pending }: Load = none): number =>
  Math.max(0, capacity - open - pending)

/** What agents have to do, by id; one statement, answered from the index by assignee and status. */
export async function loadsOf(db: Db, tenantId: string, agentIds: readonly string[]): Promise<Map<string, Load>> {
  const loads = new Map<string, Load>(agentIds.map((id) => [id, none]))
  if (agentIds.length === 0) return loads
  const counts = await db.ticket.groupBy({
    by: ['assigneeId', 'status'],
    where: { tenantId, assigneeId: { in: [...agentIds] }, status: { in: ['OPEN', 'PENDING'] } },
    _count: true,
  })
  for (const { assigneeId, status, _count } of counts) {
    if (assigneeId === null) continue
    const load = loads.get(assigneeId) ?? none
    loads.set(assigneeId, { ...load, [status === 'OPEN' ? 'open' : 'pending']: _count })
  }
  return loads
}
