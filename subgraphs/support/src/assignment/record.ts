import { newId } from '@quimbi/database/ids.ts'
import type { Db } from '../database.ts'

/** Why an agent got a ticket: `MANUAL`, `TAKEN`, `BEST_FIT`, `RULE`, …, and one sentence. */
export type AssignmentReason = { strategy: string; explanation: string }

type AssignedStep = {
  set?: { assigneeId?: string | null }
  assignment?: AssignmentReason
  at: Date
  ticket: { id: string }
}

type Period = { id: string; ticketId: string; agentId: string; endedAt: Date | null }

/** Ends a ticket's assignment and begins the next, for every step that set its assignee. Three statements for any number of tickets. */
export async function recordAssignments(tx: Db, tenantId: string, steps: readonly AssignedStep[]): Promise<void> {
  const assigning = steps.filter(({ set }) => set?.assigneeId !== undefined)
  if (assigning.length === 0) return
  const ticketId = { in: [...new Set(assigning.map(({ ticket }) => ticket.id))] }
  const running = await tx.assignment.findMany({ where: { tenantId, ticketId, endedAt: null } })
  const current = new Map<string, Period>(running.map((period) => [period.ticketId, period]))
  const begun: (Period & AssignmentReason & { tenantId: string; assignedAt: Date })[] = []
  for (const { set, assignment, at, ticket } of assigning) {
    const agentId = set?.assigneeId ?? null
    const last = current.get(ticket.id)
    if ((last?.agentId ?? null) === agentId) continue
    if (last) last.endedAt = at
    current.delete(ticket.id)
    if (agentId === null) continue
    const reason = assignment ?? { strategy: 'MANUAL', explanation: 'Assigned by hand.' }
    const period = { tenantId, id: newId(), ticketId: ticket.id, agentId, ...reason, assignedAt: at, endedAt: null }
    begun.push(period)
    current.set(ticket.id, period)
  }
  await end(
    tx,
    tenantId,
    running.filter(({ endedAt }) => endedAt !== null),
  )
  if (begun.length > 0) await tx.assignment.createMany({ data: begun })
}

async function end(tx: Db, tenantId: string, periods: readonly Period[]): Promise<void> {
  if (periods.length === 0) return
  await tx.$executeRaw`
    UPDATE assignment a SET ended_at = ended.at
    FROM unnest(${periods.map(({ id }) => id)}::uuid[], ${periods.map(({ endedAt }) => endedAt)}::timestamptz[]) AS ended (id, at)
    WHERE a.tenant_id = ${tenantId}::uuid AND a.id = ended.id`
}
