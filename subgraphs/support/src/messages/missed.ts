import type { UserError } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import type { TicketEntry } from '../log/entries.ts'
import { missedSince } from '../log/missed.ts'
import { decodeRevision } from '../tickets/revision.ts'

/** A reply that was refused, as far as it says what its author had seen. */
export type RefusedReply = { ticketId: string; expectedRevision?: string | null | undefined }

/** What was said since the author of a refused reply had looked; null where that is not why it was refused. */
export async function missedBy(
  db: Db,
  { tenantId }: Viewer,
  { userErrors, refused }: { userErrors: readonly UserError[]; refused?: RefusedReply | undefined },
): Promise<TicketEntry[] | null> {
  if (!refused?.expectedRevision || !userErrors.some(({ code }) => code === 'CONVERSATION_ADVANCED')) return null
  return missedSince(db, tenantId, refused.ticketId, decodeRevision(refused.expectedRevision))
}
