import { codedError, refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Order } from '../../../generated/prisma/client.ts'
import type { Asking } from '../../advice/subject.ts'
import { requireScope } from '../../keys/service.ts'
import { relevantOrders } from '../situations/situation.ts'
import { conversationSchema, hasSaid, toldSchema } from '../situations/told.ts'
import { isNewer } from './key.ts'
import { previousOf, type Again } from './previous.ts'
import { revisionsOf, type KeptDraft } from './store.ts'
import { draftOf, planDraft, wishOf, type Means, type Wished } from './write.ts'

/** A ticket as it comes over the federation door with what it is about; the context is null where Support could not say, or will not. */
export type TicketToAnswer = { id: string; customer?: { id: string } | null; conversationContext?: unknown }

/** Longer than anybody waits for a page: who asks for another one knows that it is being written. */
const patientMs = 9_000

/** The reply that is ready; null where the customer said nothing. Those of a page are looked up together. */
export async function ticketDraft(means: Means, ticket: TicketToAnswer, wished: Wished): Promise<KeptDraft | null> {
  requireScope(means.viewer, 'insight:read')
  if (!ticket.conversationContext || !ticket.customer) return null
  const { data: context } = toldSchema.safeParse(ticket.conversationContext)
  if (!context) throw codedError('BAD_USER_INPUT', 'The conversation is not as Support tells it.')
  if (!hasSaid(context)) return null
  const whose = { ticketId: ticket.id.toLowerCase(), customerId: ticket.customer.id.toLowerCase() }
  const plan = await planDraft(means, { ...whose, context }, wishOf(context.channel, wished))
  return draftOf(means, plan, means.assistant.waitMs)
}

/** Orders that a ticket's conversation is about; null where Support could not say what it is. */
export async function ticketOrders(asking: Asking, ticket: TicketToAnswer): Promise<Order[] | null> {
  requireScope(asking.viewer, 'insight:read')
  const { data: conversation } = conversationSchema.safeParse(ticket.conversationContext)
  if (!conversation || !ticket.customer) return null
  return (await relevantOrders(asking, ticket.customer.id.toLowerCase(), conversation)).orders
}

/**
 * Another draft of the same conversation, by what is known now; the same one where nothing is different.
 * @throws UserErrors FORBIDDEN, NOT_FOUND, CONVERSATION_ADVANCED
 */
export async function regenerateDraft(means: Means, input: Again): Promise<KeptDraft> {
  const { ticket, wish } = await previousOf(means, input)
  return draftOf(means, await planDraft(means, ticket, wish), patientMs)
}

/** @throws UserErrors FORBIDDEN for all but our own services */
export async function keptDraft({ viewer, loaders }: Means, id: string): Promise<KeptDraft | null> {
  requireService(viewer)
  return isUuid(id) ? loaders.draftById.load(id.toLowerCase()) : null
}

function requireService(viewer: Viewer): void {
  if (viewer.kind !== 'service') refuse('FORBIDDEN', 'This is for our own services.')
}

export type Prepare = { ticketId: string; customerId: string; context: unknown }

/**
 * Has a ticket's usual draft written before anybody opens it; null where nothing was said to answer.
 * @throws UserErrors FORBIDDEN for all but our own services, INVALID, CONVERSATION_ADVANCED where a later revision is known
 */
export async function prepareDraft(means: Means, input: Prepare): Promise<KeptDraft | null> {
  const { viewer, db } = means
  requireService(viewer)
  for (const name of ['ticketId', 'customerId'] as const)
    if (!isUuid(input[name])) refuse('INVALID', 'This is no id.', ['input', name])
  const { data: context } = toldSchema.safeParse(input.context)
  if (!context) return refuse('INVALID', 'The conversation is not as Support tells it.', ['input', 'context'])
  if (!hasSaid(context)) return null
  const ticket = { ticketId: input.ticketId.toLowerCase(), customerId: input.customerId.toLowerCase(), context }
  const revisions = await revisionsOf(db, viewer.tenantId, ticket.ticketId)
  if (revisions.some((known) => known !== context.revision && isNewer(known, context.revision)))
    refuse('CONVERSATION_ADVANCED', 'A later revision is known.', ['input', 'context'])
  const plan = await planDraft(means, ticket, wishOf(context.channel, {}))
  return draftOf(means, plan, patientMs)
}
