import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Message, Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { contentOf } from '../messages/content.ts'
import { receivedSteps, sentSteps } from '../messages/steps.ts'
import { changeTicket } from '../tickets/change.ts'
import { needToChange } from '../tickets/edit.ts'
import { needDemoMode, needDemoTicket } from './needs.ts'

export type DemoMessage = { ticketId: string; content: string; fromAgent: boolean }

const path = ['input', 'ticketId']

/** Plays the customer, or an agent, on a demo ticket: all happens as if it had been said, but for the delivery. INVALID on a real ticket, and while the demo mode is off. */
export async function addDemoMessage(
  tx: Db,
  viewer: Viewer,
  input: DemoMessage,
  now: Date,
): Promise<{ message: Message; eventId: string | null }> {
  const { tenantId } = viewer
  const { ticketId, fromAgent } = input
  const content = contentOf(input.content)
  const where = { tenantId, id: ticketId }
  const known = isUuid(ticketId) ? await tx.ticket.findFirst({ where, include: { customer: true } }) : null
  const who = fromAgent || !known ? doerOf(viewer) : { actor: { kind: 'customer' as const, id: known.customerId } }
  const id = newId()
  const { eventId } = await changeTicket(tx, { tenantId, who, now, id: ticketId, path }, async ({ ticket, config }) => {
    needToChange(viewer, ticket, path)
    needDemoTicket(ticket, path)
    needDemoMode(config.tenant, path)
    if (ticket.mergedIntoId !== null) refuse('CONFLICT', 'The ticket became part of another: say it there.', path)
    const author = fromAgent ? await agentOf(tx, viewer) : customerOf(known?.customer)
    const said = { tenantId, id, ticketId: ticket.id, fromAgent, ...author, content, createdAt: now }
    // Without a delivery: nothing of it is ever taken to be sent.
    await tx.message.create({ data: said })
    return stepsOf(ticket, { messageId: id, now, fromAgent })
  })
  return { message: await tx.message.findFirstOrThrow({ where: { tenantId, id } }), eventId }
}

const stepsOf = (ticket: Ticket, { fromAgent, ...said }: { messageId: string; now: Date; fromAgent: boolean }) =>
  fromAgent
    ? sentSteps(ticket, { ...said, isAutomatic: false })
    : receivedSteps(ticket, { ...said, isAutomatic: false })

const customerOf = (customer: { name: string | null; email: string | null } | undefined) => ({
  authorName: customer?.name ?? 'Unknown',
  authorEmail: customer?.email ?? null,
})

async function agentOf(tx: Db, viewer: Viewer) {
  if (viewer.kind !== 'agent') return { authorName: 'Team', authorSystem: { kind: 'INTEGRATION', name: 'demo' } }
  const { tenantId, agentId } = viewer
  const { name, email } = await tx.agent.findFirstOrThrow({ where: { tenantId, id: agentId } })
  return { authorAgentId: agentId, authorName: name, authorEmail: email }
}
