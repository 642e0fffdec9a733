import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Message, Tenant, Ticket } from '../../generated/prisma/client.ts'
import { findAssignable } from '../agents/find.ts'
import { may, maySee, mayUpdate, need } from '../agents/permissions.ts'
import { linkAttachments } from '../attachments/link.ts'
import { onceAsking, stillThere } from '../common/idempotency.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { needDemoMode } from '../demo/needs.ts'
import { draftWasSent } from '../drafts/service.ts'
import { doerOf } from '../log/actors.ts'
import { lockTickets } from '../tickets/change-store.ts'
import { changeTicket } from '../tickets/change.ts'
import type { Scene, Step } from '../tickets/steps.ts'
import { expectRevision } from '../tickets/revision.ts'
import { stateOf, type State, type TicketStatus } from '../tickets/status.ts'
import type { Said } from './at-hand.ts'
import { outboundContentOf } from './content.ts'
import { recipientOf } from './recipient.ts'
import { sentSteps } from './steps.ts'
import { writeMessage } from './write.ts'

type Optional<T> = T | null | undefined

/** An answer to a customer. */
export type Reply = {
  ticketId: string
  /** Plain text, up to 50,000 characters; 1,600 by SMS. */
  content: string
  attachmentIds?: Optional<readonly string[]>
  inReplyToId?: Optional<string>
  /** CONVERSATION_ADVANCED if the conversation is not there any more. */
  expectedRevision?: Optional<string>
  /** PENDING waits on the customer. A closed ticket stays closed unless this opens it. */
  thenStatus?: Optional<TicketStatus>
  draftId?: Optional<string>
  /** 1 to 200 characters: the same again with the same input gives the first answer. */
  idempotencyKey: string
}

/**
 * Answers the customer: the message is held for the tenant's time of recall, then due for delivery. An agent who may only change
 * their own tickets takes one of nobody's by answering it. What a service sends is automatic: it answers nobody. `draft`: the text of the one
 * that it was made of, where that is known.
 */
export async function sendMessage(
  tx: Db,
  viewer: Viewer,
  input: Reply,
  now: Date,
  draft: string | null = null,
): Promise<Said> {
  need(viewer, 'ticket:update_own')
  const { tenantId } = viewer
  const { idempotencyKey: key, ...reply } = input
  // Who says it belongs to what was said: a colleague's same key is another call.
  const said = [viewer.kind === 'agent' ? viewer.agentId : viewer.kind, reply]
  let fresh: Said | undefined
  const ask = () => {
    const author = authorOf(tx, viewer)
    const locked = lockTickets(tx, tenantId, [input.ticketId].filter(isUuid))
    for (const asked of [author, locked]) asked.catch(() => {})
    return { author, locked }
  }
  const claim = { tenantId, operation: 'sendMessage', key, input: said, now }
  const id = await onceAsking(tx, claim, ask, async (messageId, { author, locked }) => {
    const call = { tenantId, who: doerOf(viewer), now, id: input.ticketId, path: ['input', 'ticketId'], locked }
    let message: Message | undefined
    const { eventId } = await changeTicket(tx, call, async (scene) => {
      const sent = await send(tx, viewer, scene, { ...input, messageId, author: await author, draft })
      message = sent.message
      return sent.steps
    })
    if (message) fresh = { message, eventId }
    return messageId
  })
  return fresh ?? { message: stillThere(await tx.message.findFirst({ where: { tenantId, id } })), eventId: null }
}

type Sending = { message: Message; steps: Step[] }

async function send(
  tx: Db,
  viewer: Viewer,
  scene: Scene,
  input: Reply & { messageId: string; author: Author; draft: string | null },
): Promise<Sending> {
  const { ticket, customer, config, now } = scene
  const { messageId } = input
  const takenBy = needReply(viewer, ticket)
  // Who answers may have been deactivated while they waited for the ticket.
  if (takenBy !== undefined) await findAssignable(tx, ticket.tenantId, takenBy, ['input', 'ticketId'])
  if (ticket.mergedIntoId !== null)
    refuse('CONFLICT', 'The ticket became part of another: answer there.', ['input', 'ticketId'])
  if (ticket.isDemo) needDemoMode(config.tenant, ['input', 'ticketId'])
  expectRevision(ticket, input.expectedRevision)
  const content = outboundContentOf(input.content, ticket.channel)
  const then = input.thenStatus ? stateAfter(input.thenStatus) : undefined
  const isAutomatic = viewer.kind !== 'agent'
  // Before anything is written: it refuses a state that cannot be reached.
  const steps = sentSteps(ticket, { messageId, now, isAutomatic, takenBy, then })
  const draftId = input.draftId ? text(input.draftId, { path: ['input', 'draftId'], max: 200 }) : null
  const message = await writeMessage(tx, {
    tenantId: ticket.tenantId,
    id: messageId,
    ticketId: ticket.id,
    fromAgent: true,
    ...input.author,
    content,
    channel: ticket.channel,
    inReplyToId: await answered(tx, ticket, input.inReplyToId),
    isAutomatic,
    draftId,
    // What is said on a demo ticket reaches nobody.
    recipient: ticket.isDemo ? null : recipientOf(ticket.channel, { ...customer, id: ticket.customerId }),
    ...held(config.tenant, now),
    createdAt: now,
  })
  await linkAttachments(tx, viewer, { messageId, ticketId: ticket.id, ids: input.attachmentIds ?? [] })
  if (draftId !== null) {
    const texts = { draft: input.draft, sent: content }
    await draftWasSent(tx, viewer, { draftId, ticketId: ticket.id, now, ...texts })
  }
  return { message, steps }
}

/** Refuses who may not answer here. The agent who takes the ticket by it, if one does. */
function needReply(viewer: Viewer, ticket: Ticket): string | undefined {
  const path = ['input', 'ticketId']
  if (!maySee(viewer, ticket)) refuse('NOT_FOUND', 'There is no such ticket.', path)
  if (mayUpdate(viewer, ticket)) return undefined
  if (viewer.kind === 'agent' && ticket.assigneeId === null && may(viewer, 'ticket:take')) return viewer.agentId
  return refuse('FORBIDDEN', 'The ticket is not yours to answer.', path)
}

const stateAfter = (status: TicketStatus): State =>
  stateOf(status === 'PENDING' ? { status, waitingOn: 'CUSTOMER' } : { status })

type Author = Pick<Message, 'authorAgentId' | 'authorSystem' | 'authorName' | 'authorEmail'>

async function authorOf(tx: Db, viewer: Viewer): Promise<Author> {
  if (viewer.kind !== 'agent') {
    const name = viewer.kind === 'service' ? viewer.service : 'partner'
    return { authorAgentId: null, authorSystem: { kind: 'INTEGRATION', name }, authorName: name, authorEmail: null }
  }
  const [agent] = await tx.$queryRaw<Pick<Author, 'authorName' | 'authorEmail'>[]>`
    SELECT name AS "authorName", email AS "authorEmail" FROM agent WHERE tenant_id = ${viewer.tenantId}::uuid AND id = ${viewer.agentId}::uuid`
  if (!agent) throw new Error('The agent who writes is not there.')
  return { authorAgentId: viewer.agentId, authorSystem: null, ...agent }
}

async function answered(tx: Db, { tenantId, id: ticketId }: Ticket, id: Optional<string>): Promise<string | null> {
  if (!id) return null
  const message = isUuid(id) ? await tx.message.findFirst({ where: { tenantId, ticketId, id } }) : null
  return message?.id ?? refuse('NOT_FOUND', 'There is no such message on the ticket.', ['input', 'inReplyToId'])
}

/** How a message waits: held while it can be recalled, else due at once. When it may go out is on the real clock. */
function held({ undoSendSeconds, clockOffsetSeconds }: Tenant, now: Date) {
  const goesOut = new Date(now.getTime() + undoSendSeconds * 1_000)
  const nextAttemptAt = new Date(goesOut.getTime() - clockOffsetSeconds * 1_000)
  return undoSendSeconds > 0
    ? { deliveryStatus: 'HELD', undoUntil: goesOut, nextAttemptAt }
    : { deliveryStatus: 'QUEUED', nextAttemptAt }
}
