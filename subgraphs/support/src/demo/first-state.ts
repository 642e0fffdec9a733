import type { TicketEventPayload } from '../log/ticket-events.ts'
import type { TicketPatch } from '../tickets/steps.ts'

/** An entry of a ticket's history, as far as it decides about where the ticket began. */
export type Past = { type: string; payload: Pick<TicketEventPayload, 'changes' | 'messageId' | 'noteId'> }

const dates = ['snoozedUntil', 'followUpAt', 'returnAt', 'closedAt'] as const
const fields = [
  ...(['subject', 'status', 'waitingOn', 'priority', 'assigneeId', 'teamId', 'queueId', 'tags', 'category'] as const),
  ...(['intent', 'sentiment', 'difficulty', 'orderNumbers', 'followUpNote', 'returnTo', 'escalation'] as const),
  ...dates,
]
const isDate = new Set<string>(dates)

/** What a ticket's fields were before its history changed them: of each the first value that was ever replaced. Pure. */
export function firstState(past: readonly Past[]): TicketPatch {
  const first = new Map<string, unknown>()
  for (const { field, from } of past.flatMap(({ payload }) => payload.changes)) {
    if (!first.has(field)) first.set(field, isDate.has(field) && from !== null ? new Date(from as string) : from)
  }
  return Object.fromEntries(fields.filter((field) => first.has(field)).map((field) => [field, first.get(field)]))
}

/** What was said and noted since: but for the message that opened the ticket. Pure. */
export function addedSince(past: readonly Past[]): { messageIds: string[]; noteIds: string[] } {
  const said = past.filter(({ type }) => type === 'MESSAGE_RECEIVED' || type === 'MESSAGE_SENT')
  const isOpened = past[0]?.type === 'TICKET_CREATED'
  return {
    messageIds: said.flatMap(({ payload }) => payload.messageId ?? []).slice(isOpened ? 1 : 0),
    noteIds: past.flatMap(({ type, payload }) => (type === 'NOTE_ADDED' && payload.noteId ? [payload.noteId] : [])),
  }
}

/** What messages that were edited said at first, by id. Pure. */
export function firstContents(past: readonly Past[]): Map<string, string> {
  const first = new Map<string, string>()
  for (const { type, payload } of past) {
    const change = type === 'MESSAGE_EDITED' && payload.changes.find(({ field }) => field === 'content')
    if (change && payload.messageId && typeof change.from === 'string' && !first.has(payload.messageId))
      first.set(payload.messageId, change.from)
  }
  return first
}
