import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { instant } from '../common/instant.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import type { Changed } from './change.ts'
import { differing, editTicket, needStanding } from './edit.ts'
import { statusSteps } from './status.ts'

const minute = 60_000
const year = 366 * 24 * 60 * minute

/** Takes a ticket out of the inbox for a minute to a year. INVALID_TRANSITION of one that is closed. */
export async function snoozeTicket(
  tx: Db,
  viewer: Viewer,
  input: { id: string; until: Date },
  now: Date,
): Promise<Changed> {
  const path = ['input', 'until']
  const until = instant(input.until, path)
  const wait = until.getTime() - now.getTime()
  if (wait < minute || wait > year) refuse('INVALID', 'A snooze lasts from a minute to a year.', path)
  return editTicket(tx, viewer, { id: input.id, now }, ({ ticket, now: at }) =>
    statusSteps(ticket, { status: 'PENDING', waitingOn: 'SNOOZE', until }, at, { path: ['input', 'id'] }).map(
      (step) => ({
        ...step,
        type: 'SNOOZED' as const,
      }),
    ),
  )
}

export type FollowUp = { id: string; at: Date; note?: string | null | undefined }

/** Plans that somebody looks at a ticket again, whatever its state; a plan that was there gives way. */
export async function scheduleFollowUp(tx: Db, viewer: Viewer, input: FollowUp, now: Date): Promise<Changed> {
  const path = ['input', 'at']
  const followUpAt = instant(input.at, path)
  const wait = followUpAt.getTime() - now.getTime()
  if (wait <= 0 || wait > 5 * year) refuse('INVALID', 'A follow-up lies in the next five years.', path)
  const followUpNote = input.note ? text(input.note, { path: ['input', 'note'], max: 1_000 }) : null
  return editTicket(tx, viewer, { id: input.id, now }, ({ ticket }) => {
    needStanding(ticket)
    const set = differing(ticket, { followUpAt, followUpNote })
    return set ? [{ type: 'TICKET_UPDATED', set }] : []
  })
}

/** Takes a planned follow-up back, with its note. Without one nothing happens: it may just have been due. */
export const cancelFollowUp = (tx: Db, viewer: Viewer, { id }: { id: string }, now: Date): Promise<Changed> =>
  editTicket(tx, viewer, { id, now }, ({ ticket }) =>
    ticket.followUpAt === null ? [] : [{ type: 'TICKET_UPDATED', set: { followUpAt: null, followUpNote: null } }],
  )
