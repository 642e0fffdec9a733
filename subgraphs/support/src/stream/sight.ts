import type { Audience } from '@quimbi/service/audience.ts'
import type { Loaders } from '../loaders.ts'
import type { TicketEntry } from '../log/entries.ts'
import { sightOf } from './audience.ts'

type Loading = Pick<Loaders, 'ticketById' | 'messageById' | 'noteById'>

/** Who may see what an entry is about as it is now: its ticket, and that of its message or note, which may have moved. */
export async function sightOfEntry(loaders: Loading, { ticketId, payload }: TicketEntry): Promise<Audience | null> {
  const [message, note] = await Promise.all([
    payload.messageId ? loaders.messageById.load(payload.messageId) : null,
    payload.noteId ? loaders.noteById.load(payload.noteId) : null,
  ])
  const ids = new Set([ticketId, ...[message, note].flatMap((said) => said?.ticketId ?? [])])
  return sightOf(await Promise.all([...ids].map((id) => loaders.ticketById.load(id))))
}
