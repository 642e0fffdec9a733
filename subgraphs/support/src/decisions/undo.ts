import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Decision, Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import type { Changed } from '../tickets/change.ts'
import { editTicket } from '../tickets/edit.ts'
import { restoring, type Places } from './restore.ts'

const path = ['input', 'decisionId']

/**
 * Takes an automatic decision back: the ticket gets the value that it had, and nothing decides so again on it. CONFLICT when the value has
 * changed since, or it was taken back already; INVALID_TRANSITION of a merge.
 */
export async function undoDecision(tx: Db, viewer: Viewer, id: string, now: Date): Promise<Changed> {
  const { tenantId } = viewer
  const missing = () => refuse('NOT_FOUND', 'There is no such decision.', path)
  const known = isUuid(id) ? await tx.decision.findFirst({ where: { tenantId, id } }) : null
  if (!known) return missing()
  return editTicket(tx, viewer, { id: known.ticketId, now, path }, async ({ ticket, now: at }) => {
    const { actor } = doerOf(viewer)
    // Alone with this ticket's decisions: the ticket is locked.
    const where = { tenantId, id: known.id, undoneAt: null }
    const { count } = await tx.decision.updateMany({
      where,
      data: { undoneAt: now, undoneBy: actor satisfies Prisma.InputJsonObject },
    })
    if (count === 0) refuse('CONFLICT', 'It was taken back already.', path)
    const { field, from, to } = known
    const steps = restoring(ticket, known, { now: at, by: actor, ...(await placesOf(tx, known)) })
    return [...steps, { type: 'DECISION_UNDONE', data: { decisionId: known.id, field, from, to } }]
  })
}

/** What it goes back to, where that is still there. */
async function placesOf(tx: Db, { tenantId, field, from }: Decision): Promise<Places> {
  const none: Places = { agent: null, queue: null, team: null }
  if (from === null) return none
  if (field === 'ASSIGNEE')
    return { ...none, agent: await tx.agent.findFirst({ where: { tenantId, id: from, isActive: true } }) }
  if (field !== 'QUEUE') return none
  const teamId = from.startsWith('team:') ? from.slice('team:'.length) : null
  if (teamId === null) return { ...none, queue: await tx.queue.findFirst({ where: { tenantId, id: from } }) }
  return { ...none, team: isUuid(teamId) ? await tx.team.findFirst({ where: { tenantId, id: teamId } }) : null }
}
