import type { TicketMessageFragment, TicketNoteFragment } from '../generated/Ticket.ts'
import type { Entry } from '../outbox/outbox.ts'

/** One thing in a thread: something said, something noted, or a reply that has not arrived. */
export type ThreadItem =
  | { is: 'message'; id: string; at: string; message: TicketMessageFragment }
  | { is: 'note'; id: string; at: string; note: TicketNoteFragment }
  | { is: 'pending'; id: string; at: string; entry: Entry }

/** Everything in the order of time; what is on its way stands last. */
export function itemsOf(
  messages: readonly TicketMessageFragment[],
  notes: readonly TicketNoteFragment[],
  entries: readonly Entry[] = [],
): ThreadItem[] {
  const said: ThreadItem[] = [
    ...messages.map((message): ThreadItem => ({ is: 'message', id: message.id, at: message.createdAt, message })),
    ...notes.map((note): ThreadItem => ({ is: 'note', id: note.id, at: note.createdAt, note })),
  ]
  said.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1))
  const pending = entries.map((entry): ThreadItem => ({
    is: 'pending',
    id: entry.reply.key,
    at: entry.reply.writtenAt,
    entry,
  }))
  return [...said, ...pending]
}

/** What was said, one line each, as it is compared when a conversation went on. Recalled and deleted messages were not said. */
export const transcriptOf = (messages: readonly TicketMessageFragment[]): string[] =>
  messages
    .filter(({ delivery, content }) => delivery?.status !== 'RECALLED' && content !== '')
    .map(({ authorName, content }) => `${authorName}: ${content}`)

/** Whether the customer said the last word. */
export function awaitsAnswer(messages: readonly TicketMessageFragment[]): boolean {
  const last = itemsOf(messages, []).findLast(
    (item) => item.is === 'message' && item.message.delivery?.status !== 'RECALLED' && item.message.content !== '',
  )
  return last?.is === 'message' && !last.message.fromAgent
}
