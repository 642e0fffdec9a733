import type { Viewer } from '@quimbi/service/viewer.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import type { Changed } from './change.ts'
import { editTicket } from './edit.ts'

export type CompletedAction = { ticketId: string; actionId: string; outcome?: string | null | undefined }

/**
 * Notes that a suggested action was done. Support keeps no suggestions: one that nobody took up before is noted by its
 * id. Done twice, the later outcome stays, and so does who did it first.
 */
export async function completeAction(tx: Db, viewer: Viewer, input: CompletedAction, now: Date): Promise<Changed> {
  const { tenantId } = viewer
  const id = text(input.actionId, { path: ['input', 'actionId'], max: 200 })
  const outcome = input.outcome ? text(input.outcome, { path: ['input', 'outcome'], max: 2_000 }) : null
  const path = ['input', 'ticketId']
  return editTicket(tx, viewer, { id: input.ticketId, now, path }, async ({ ticket }) => {
    // Alone with this ticket's items: the ticket is locked.
    const where = { tenantId, ticketId: ticket.id, id }
    const known = await tx.actionItem.findFirst({ where })
    if (known?.completedAt && (outcome === null || outcome === known.outcome)) return []
    const { actor } = doerOf(viewer)
    const completedBy = known?.completedBy ?? (actor.kind === 'agent' ? actor.id : null)
    const done = { completedAt: known?.completedAt ?? now, completedBy, outcome: outcome ?? known?.outcome ?? null }
    if (known) await tx.actionItem.updateMany({ where, data: done })
    else await tx.actionItem.create({ data: { ...where, action: id, createdAt: now, ...done } })
    const changes = [{ field: 'outcome', from: known?.outcome ?? null, to: done.outcome }]
    return [
      {
        type: 'ACTION_COMPLETED',
        changes: known?.outcome === done.outcome ? [] : changes,
        data: { actionId: id, action: known?.action ?? id },
      },
    ]
  })
}
