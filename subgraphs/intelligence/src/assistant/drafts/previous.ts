import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { toldSchema } from '../situations/told.ts'
import type { DraftLength, Tone, Wish } from '../situation.ts'
import { isNewer } from './key.ts'
import { revisionsOf } from './store.ts'
import { wishOf, type Means, type TicketToWrite, type Wished } from './write.ts'

export type Again = Wished & { previousDraftId: string }

/** Partners have no tickets, and what they have written for them is not kept. */
export function requireTeam(viewer: Viewer): void {
  if (viewer.kind === 'partner') refuse('FORBIDDEN', 'Drafts are for the tenant’s own agents.')
}

/**
 * The conversation that a draft was written of, and how the next one is wished. Whoever names the draft has read it: its id is derived from all
 * that it was written from, and only Support shows a ticket's draft, to those who may see the ticket.
 * @throws UserErrors FORBIDDEN, NOT_FOUND, CONVERSATION_ADVANCED
 */
export async function previousOf(
  { db, viewer }: Pick<Means, 'db' | 'viewer'>,
  { previousDraftId, tone, length }: Again,
): Promise<{ ticket: TicketToWrite; wish: Wish }> {
  requireTeam(viewer)
  const path = ['input', 'previousDraftId']
  const { tenantId } = viewer
  const id = previousDraftId.toLowerCase()
  const draft = isUuid(id) ? await db.draft.findFirst({ where: { tenantId, id } }) : null
  if (!draft?.ticketId || !draft.customerId) return refuse('NOT_FOUND', 'There is no such draft.', path)
  const { ticketId, customerId, basedOn } = draft
  const revisions = await revisionsOf(db, tenantId, ticketId)
  if (draft.context === null || revisions.some((revision) => revision !== basedOn && isNewer(revision, basedOn)))
    return refuse('CONVERSATION_ADVANCED', 'The conversation went on since this was written.', path)
  const context = toldSchema.parse(draft.context)
  const before = { tone: draft.tone as Tone, length: draft.length as DraftLength }
  const wish = wishOf(context.channel, { tone: tone ?? before.tone, length: length ?? before.length })
  return { ticket: { ticketId, customerId, context }, wish }
}
