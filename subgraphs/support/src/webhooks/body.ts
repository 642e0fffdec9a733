import { encodePosition } from '@quimbi/subgraph/log-cursor.ts'
import type { TicketEntry } from '../log/entries.ts'

/**
 * What an endpoint gets of an event: who, what kind, and the ticket's view after it, never what was said. Changes are those of fields
 * that the view has; other fields hold free text. Pure.
 */
export function bodyOf({ tenantId, sequence, eventId, type, occurredAt, ticketId, payload }: TicketEntry): string {
  const { actor, changes, view, messageId, noteId } = payload
  return JSON.stringify({
    id: eventId,
    type,
    timestamp: occurredAt.toISOString(),
    data: {
      ticketId,
      ticket: view,
      actor,
      changes: type === 'MESSAGE_EDITED' ? [] : changes.filter(({ field }) => field in view),
      messageId: messageId ?? null,
      noteId: noteId ?? null,
      cursor: encodePosition(tenantId, sequence),
    },
  })
}
