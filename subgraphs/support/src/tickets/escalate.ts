import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf, type ActorRef } from '../log/actors.ts'
import type { Changed } from './change.ts'
import type { Step } from './steps.ts'
import { editTicket } from './edit.ts'

/** How a ticket was escalated, as it is kept: `at` in ISO form. */
export type TicketEscalation = { level: number; reason: string; at: string; by: ActorRef }

export type EscalateInput = { id: string; reason: string; toTeamId?: string | null | undefined }

/** The step that calls for somebody more senior: one level up. Pure. */
export function escalationStep(
  { escalation }: Pick<Ticket, 'escalation'>,
  { reason, by, teamId, now }: { reason: string; by: ActorRef; teamId?: string | null; now: Date },
): Step {
  const level = ((escalation as TicketEscalation | null)?.level ?? 0) + 1
  const next: TicketEscalation = { level, reason, at: now.toISOString(), by }
  return {
    type: 'ESCALATED',
    set: { escalation: next, ...(teamId && { teamId }) },
    reason,
    data: { level, toTeamId: teamId ?? null },
  }
}

/** Calls for somebody more senior. INVALID_TRANSITION of a closed ticket. */
export async function escalateTicket(tx: Db, viewer: Viewer, input: EscalateInput, now: Date): Promise<Changed> {
  const reason = text(input.reason, { path: ['input', 'reason'], max: 1_000 })
  const teamId = input.toTeamId ? await teamOf(tx, viewer.tenantId, input.toTeamId) : null
  return editTicket(tx, viewer, { id: input.id, now }, ({ ticket }) => {
    if (ticket.status === 'CLOSED')
      refuse('INVALID_TRANSITION', 'The ticket is closed: reopen it first.', ['input', 'id'])
    return [escalationStep(ticket, { reason, by: doerOf(viewer).actor, teamId, now })]
  })
}

async function teamOf(tx: Db, tenantId: string, id: string): Promise<string> {
  const team = isUuid(id) && (await tx.team.findFirst({ where: { tenantId, id }, select: { id: true } }))
  return team ? team.id : refuse('NOT_FOUND', 'There is no such team.', ['input', 'toTeamId'])
}
