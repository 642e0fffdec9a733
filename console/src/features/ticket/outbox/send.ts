import type { ApolloClient } from '@apollo/client'
import type { UserError } from '../../../graph/errors.ts'
import { mutate } from '../../../graph/mutate.ts'
import type { TicketMessageFragment } from '../generated/Ticket.ts'
import { TicketRevisionDocument, TicketSendDocument } from './generated/Outbox.ts'
import type { OutboxEvent, Reply } from './outbox.ts'

/** Codes of failures after which nobody knows whether the reply arrived: it is sent again, under the same key. */
const passing = new Set([
  ...['OFFLINE', 'UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'THROTTLED', 'UNAUTHENTICATED'],
])

export type Told = { event: OutboxEvent; message?: TicketMessageFragment; missed?: TicketMessageFragment[] }

/** Sends one reply and tells what became of it. */
export async function sendReply(apollo: ApolloClient, reply: Reply): Promise<Told> {
  const { key } = reply
  const outcome = await mutate(apollo, TicketSendDocument, { input: inputOf(reply) }, { isQuiet: true })
  const { payload } = outcome
  if (payload?.message) {
    const { conversationRevision } = payload.message.ticket
    return { event: { type: 'accepted', key, revision: conversationRevision }, message: payload.message }
  }
  const errors = outcome.isGood ? [] : outcome.errors
  if (isPassing(errors)) return { event: { type: 'unreachable', key } }
  if (!errors.some(({ code }) => code === 'CONVERSATION_ADVANCED')) return { event: { type: 'refused', key, errors } }
  const missed = (payload?.missed ?? []).flatMap(({ message }) => (message ? [message] : []))
  const known = payload?.missed?.findLast(({ ticket }) => ticket)?.ticket?.conversationRevision
  const revision = known ?? (await revisionOf(apollo, reply.ticketId))
  if (revision === undefined) return { event: { type: 'unreachable', key } }
  return { event: { type: 'advanced', key, revision, missedIds: missed.map(({ id }) => id) }, missed }
}

const isPassing = (errors: readonly UserError[]) => errors.length === 0 || errors.some(({ code }) => passing.has(code))

function inputOf({ key, ticketId, content, revision, draftId, thenStatus, files }: Reply) {
  return {
    ticketId,
    content,
    idempotencyKey: key,
    expectedRevision: revision,
    ...(draftId !== null && { draftId }),
    ...(thenStatus !== null && { thenStatus }),
    ...(files.length > 0 && { attachmentIds: files.map(({ id }) => id) }),
  }
}

async function revisionOf(apollo: ApolloClient, id: string): Promise<string | undefined> {
  const { data } = await apollo
    .query({ query: TicketRevisionDocument, variables: { id }, fetchPolicy: 'network-only' })
    .catch(() => ({ data: undefined }))
  return data?.ticket?.conversationRevision
}
