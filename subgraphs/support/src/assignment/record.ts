import { newId } from '@quimbi/database/ids.ts'
import { writeLater } from '@quimbi/database/transaction.ts'
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

const byHand: AssignmentReason = { strategy: 'MANUAL', explanation: 'Assigned by hand.' }

/** Ends a ticket's assignment and begins the next, for every step that set its assignee. At most three statements for any number of tickets. */
export async function recordAssignments(tx: Db, tenantId: string, steps: readonly AssignedStep[]): Promise<void> {
  const assigning = steps.filter(({ set }) => set?.assigneeId !== undefined)
  if (assigning.length === 0) return
  if (new Set(assigning.map(({ ticket }) => ticket.id)).size === assigning.length)
    return recordOnce(tx, tenantId, assigning)
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
    const reason = assignment ?? byHand
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

// In one statement, since nobody needs to know what ended. What runs with the same agent goes on.
const recordSql = `
  WITH given AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
      AS g (id, ticket_id, agent_id, strategy, explanation, at)
  ), ended AS (
    UPDATE assignment a SET ended_at = g.at FROM given g
    WHERE a.tenant_id = $1::uuid AND a.ticket_id = g.ticket_id AND a.ended_at IS NULL AND a.agent_id IS DISTINCT FROM g.agent_id
    RETURNING a.id
  )
  INSERT INTO assignment (tenant_id, id, ticket_id, agent_id, strategy, explanation, assigned_at)
  SELECT $1::uuid, g.id, g.ticket_id, g.agent_id, g.strategy, g.explanation, g.at FROM given g
  WHERE g.agent_id IS NOT NULL AND (SELECT count(*) FROM ended) >= 0 AND NOT EXISTS (
    SELECT 1 FROM assignment a
    WHERE a.tenant_id = $1::uuid AND a.ticket_id = g.ticket_id AND a.ended_at IS NULL AND a.agent_id = g.agent_id)`

/** The common case: no ticket changes hands twice. */
async function recordOnce(tx: Db, tenantId: string, steps: readonly AssignedStep[]): Promise<void> {
  const reasons = steps.map(({ assignment }) => assignment ?? byHand)
  await writeLater(
    tx,
    recordSql,
    tenantId,
    steps.map(() => newId()),
    steps.map(({ ticket }) => ticket.id),
    steps.map(({ set }) => set?.assigneeId ?? null),
    reasons.map(({ strategy }) => strategy),
    reasons.map(({ explanation }) => explanation),
    steps.map(({ at }) => at),
  )
}

async function end(tx: Db, tenantId: string, periods: readonly Period[]): Promise<void> {
  if (periods.length === 0) return
  await tx.$executeRaw`
    UPDATE assignment a SET ended_at = ended.at
    FROM unnest(${periods.map(({ id }) => id)}::uuid[], ${periods.map(({ endedAt }) => endedAt)}::timestamptz[]) AS ended (id, at)
    WHERE a.tenant_id = ${tenantId}::uuid AND a.id = ended.id`
}
