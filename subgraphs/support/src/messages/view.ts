import type { Message } from '../../generated/prisma/client.ts'
import type { Loaders } from '../loaders.ts'
import type { ActorRef, SystemActorKind } from '../log/actors.ts'
import { loadActor } from '../log/load-actor.ts'

/** A message's author as the union `Actor`. An agent's message of whom nothing is known came with an import. */
export async function authorOf(loaders: Loaders, message: Message): Promise<ReturnType<typeof loadActor>> {
  const { authorAgentId, authorSystem, fromAgent, authorName, ticketId } = message
  if (authorAgentId !== null) return loadActor(loaders, { kind: 'agent', id: authorAgentId })
  if (authorSystem !== null) return loadActor(loaders, systemOf(authorSystem as SystemAuthor))
  if (fromAgent) return loadActor(loaders, { kind: 'system', system: 'IMPORT', name: authorName })
  const ticket = await loaders.ticketById.load(ticketId)
  return ticket
    ? loadActor(loaders, { kind: 'customer', id: ticket.customerId })
    : loadActor(loaders, { kind: 'system', system: 'INTEGRATION', name: authorName })
}

type SystemAuthor = { kind: SystemActorKind; name: string }
const systemOf = ({ kind, name }: SystemAuthor): ActorRef => ({ kind: 'system', system: kind, name })

type DeliveryStatus = 'QUEUED' | 'HELD' | 'SENT' | 'FAILED' | 'RECALLED'
export type Delivery = {
  status: DeliveryStatus
  attempts: number
  lastError: string | null
  undoUntil: Date | null
}

/** How an outbound message travels; null for what the customer said, and for what travelled before it came here. */
export function deliveryOf({ deliveryStatus, attempts, lastError, undoUntil }: Message, now: Date): Delivery | null {
  if (deliveryStatus === null) return null
  // On its way means as much as about to be: nobody outside can do anything about either.
  const status = (deliveryStatus === 'SENDING' ? 'QUEUED' : deliveryStatus) as DeliveryStatus
  const isHeld = status === 'HELD' && undoUntil !== null && undoUntil > now
  return { status, attempts, lastError, undoUntil: isHeld ? undoUntil : null }
}
