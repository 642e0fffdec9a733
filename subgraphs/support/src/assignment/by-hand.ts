import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import { findAssignable } from '../agents/find.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { changeTicket, type Changed } from '../tickets/change.ts'
import type { Step } from '../tickets/steps.ts'
import type { AssignmentReason } from './record.ts'
import { needAssign } from './permitted.ts'

type Handing = { id: string; agentId?: string | null | undefined }

/** Gives a ticket to an agent, or (nobody named) back. By hand nobody's capacity is a limit. */
export async function assignTicket(tx: Db, viewer: Viewer, input: Handing, now: Date): Promise<Changed> {
  const { tenantId } = viewer
  const agentId = input.agentId?.toLowerCase() ?? null
  let finding: Promise<Agent> | null = null
  const changing = changeTicket(tx, { tenantId, who: doerOf(viewer), now, id: input.id }, async ({ ticket }) => {
    needAssign(viewer, ticket, agentId)
    const agent = await finding
    if (ticket.assigneeId === agentId) return []
    if (!agent) return [unassigned('Given back by hand.')]
    const isTaken = viewer.kind === 'agent' && viewer.agentId === agent.id
    return [
      assigned(agent.id, {
        strategy: isTaken ? 'TAKEN' : 'MANUAL',
        explanation: isTaken ? `${agent.name} took it.` : `Assigned to ${agent.name} by hand.`,
      }),
    ]
  })
  // Sent behind the lock of the ticket, and so read once that is there, in the same round trip.
  if (agentId !== null) finding = findAssignable(tx, tenantId, agentId, ['input', 'agentId'])
  finding?.catch(() => {})
  return changing
}

/** The step that gives a ticket to an agent. */
export const assigned = (agentId: string, assignment: AssignmentReason): Step => ({
  type: 'ASSIGNED',
  set: { assigneeId: agentId },
  reason: assignment.explanation,
  assignment,
})

/** The step that takes a ticket from whoever has it. */
export const unassigned = (reason: string): Step => ({ type: 'UNASSIGNED', set: { assigneeId: null }, reason })
