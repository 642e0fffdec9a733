import type { TicketStatus } from '../../../graph/generated/schema.ts'
import type { MessageRecord, TicketRecord } from './records.ts'
import { refusal } from './refusal.ts'
import { tenant } from './tenant.ts'
import { viewEvent, viewMessage, viewNote, viewTicket } from './view.ts'
import { byId, meId, type World } from './world.ts'

const undoMs = 10_000
const longestContent = 50_000
type Of<Input> = { input: Input }
type Said = { ticketId: string; content: string }
type Sent = Said & { idempotencyKey: string; expectedRevision?: string | null; thenStatus?: TicketStatus | null }

/** What is said on tickets: replies, notes, taken back, and by the customers of the demo. */
export function talk(world: World) {
  const sent = new Map<string, object>()
  return {
    sendMessage: ({ input }: Of<Sent>) => {
      const before = sent.get(input.idempotencyKey)
      if (before) return before
      const answer = send(world, input)
      if (answer.userErrors.length === 0) sent.set(input.idempotencyKey, answer)
      return answer
    },
    recallMessage: ({ input }: Of<{ id: string }>) => recall(world, input.id),
    addNote: ({ input }: Of<Said & { mentionIds?: string[] | null }>) => {
      const ticket = byId(world.tickets, input.ticketId)
      if (!ticket) return refusal('NOT_FOUND', 'There is no such ticket.')
      const wrong = wrongContent(input.content)
      if (wrong) return wrong
      const { content } = input
      const mentionIds = input.mentionIds ?? []
      const note = { id: world.newId('note'), authorId: meId, content, createdAt: world.now(), mentionIds }
      ticket.notes.push(note)
      const { cursor } = world.happen(ticket, 'NOTE_ADDED', { noteId: note.id })
      return { note: viewNote(world, ticket, note), asOf: cursor, userErrors: [] }
    },
    addDemoMessage: ({ input }: Of<Said & { fromAgent: boolean }>) => {
      const ticket = byId(world.tickets, input.ticketId)
      if (!ticket) return refusal('NOT_FOUND', 'There is no such ticket.')
      const wrong = wrongContent(input.content)
      if (wrong) return wrong
      const message = say(world, ticket, input.content, input.fromAgent)
      return { message: viewMessage(world, message), asOf: world.cursor(), userErrors: [] }
    },
    resetDemoConversation: ({ input }: Of<{ ticketId: string }>) => {
      const first = world.first.get(input.ticketId)
      const ticket = byId(world.tickets, input.ticketId)
      if (!first || !ticket) return refusal('NOT_FOUND', 'There is no such ticket.')
      Object.assign(ticket, structuredClone(first), { revision: ticket.revision + 1 })
      const { cursor } = world.happen(ticket, 'DEMO_RESET')
      return { ticket: viewTicket(world, ticket), asOf: cursor, userErrors: [] }
    },
    clearDemoData: () => {
      for (const ticket of world.tickets.splice(0)) world.happen(ticket, 'TICKET_DELETED')
      world.notifications.splice(0)
      return { deletedId: 'demo-tenant', userErrors: [] }
    },
    advanceDemoClock: ({ input }: Of<{ seconds: number }>) => {
      if (input.seconds < 1) return refusal('INVALID', 'A clock moves forward.', ['input', 'seconds'])
      age(world, input.seconds * 1_000)
      return { tenant: tenant(), userErrors: [] }
    },
  }
}

const wrongContent = (content: string) =>
  content.trim() === ''
    ? refusal('REQUIRED', 'Say something.', ['input', 'content'])
    : content.length > longestContent
      ? refusal('TOO_LONG', 'At most 50,000 characters.', ['input', 'content'])
      : null

function send(world: World, { ticketId, content, expectedRevision, thenStatus }: Sent) {
  const ticket = byId(world.tickets, ticketId)
  if (!ticket) return refusal('NOT_FOUND', 'There is no such ticket.', ['input', 'ticketId'])
  const wrong = wrongContent(content)
  if (wrong) return wrong
  if (expectedRevision && expectedRevision !== String(ticket.revision)) {
    const missed = ticket.events.filter(({ messageId }) => messageId !== null).slice(-1)
    return {
      ...refusal('CONVERSATION_ADVANCED', 'The customer has written meanwhile.'),
      missed: missed.map((event) => viewEvent(world, event, ticket)),
    }
  }
  const message = say(world, ticket, content, true, world.now() + undoMs)
  if (thenStatus && thenStatus !== ticket.status) {
    const from = ticket.status
    ticket.status = thenStatus
    ticket.waitingOn = thenStatus === 'PENDING' ? 'CUSTOMER' : null
    ticket.closedAt = thenStatus === 'CLOSED' ? world.now() : null
    world.happen(ticket, 'STATUS_CHANGED', { changes: [{ field: 'status', from, to: thenStatus }] })
  }
  return { message: viewMessage(world, message), asOf: world.cursor(), missed: null, userErrors: [] }
}

/** Somebody says something, and the log has it. */
export function say(
  world: World,
  ticket: TicketRecord,
  content: string,
  fromAgent: boolean,
  undoUntil: number | null = null,
): MessageRecord {
  const message: MessageRecord = {
    id: world.newId('message'),
    ticketId: ticket.id,
    fromAgent,
    authorId: fromAgent ? meId : ticket.customerId,
    content,
    createdAt: world.now(),
    undoUntil,
    isRecalled: false,
  }
  ticket.messages.push(message)
  ticket.revision += 1
  if (fromAgent) ticket.assigneeId ??= meId
  else if (ticket.status !== 'OPEN' || ticket.snoozedUntil !== null)
    Object.assign(ticket, { status: 'OPEN', waitingOn: null, closedAt: null, snoozedUntil: null })
  world.happen(ticket, fromAgent ? 'MESSAGE_SENT' : 'MESSAGE_RECEIVED', {
    messageId: message.id,
    actorId: message.authorId,
  })
  return message
}

function recall(world: World, id: string) {
  const ticket = world.tickets.find(({ messages }) => messages.some((message) => message.id === id))
  const message = byId(ticket?.messages ?? [], id)
  if (!ticket || !message) return refusal('NOT_FOUND', 'There is no such message.')
  if ((message.undoUntil ?? 0) <= world.now()) return refusal('CONFLICT', 'It is on its way already.', ['input', 'id'])
  message.isRecalled = true
  ticket.revision += 1
  const { cursor } = world.happen(ticket, 'MESSAGE_RECALLED', { messageId: id })
  return { message: viewMessage(world, message), asOf: cursor, userErrors: [] }
}

/** Time passes: all that has happened lies so much further back. */
function age(world: World, ms: number): void {
  for (const ticket of world.tickets) {
    ticket.createdAt -= ms
    ticket.updatedAt -= ms
    if (ticket.closedAt !== null) ticket.closedAt -= ms
    if (ticket.followUpAt !== null) ticket.followUpAt -= ms
    for (const message of ticket.messages) message.createdAt -= ms
    for (const note of ticket.notes) note.createdAt -= ms
    for (const decision of ticket.decisions) decision.madeAt -= ms
    const woke = ticket.snoozedUntil !== null && (ticket.snoozedUntil -= ms) <= world.now()
    if (woke) Object.assign(ticket, { snoozedUntil: null, waitingOn: null })
    world.happen(ticket, woke ? 'WOKE' : 'RERANKED', { actorId: null })
  }
  for (const one of world.notifications) one.createdAt -= ms
}
