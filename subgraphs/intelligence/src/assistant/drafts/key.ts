import { createHash } from 'node:crypto'
import { derivedId } from '@quimbi/database/ids.ts'
import type { Situation, Wish } from '../situation.ts'
import type { Surroundings, ToldTicket } from '../situations/situation.ts'

/** What a draft was written from: the revisions of all of it. */
export type Basis = { conversation: string; orders: string; insight: string; policies: string }

/** A draft's identity: the same for the same text of the same conversation. */
export type Identity = { id: string; key: Uint8Array<ArrayBuffer> }

const digest = (value: unknown): Buffer => createHash('sha256').update(JSON.stringify(value)).digest()

/** A revision as it is shown: of something that has no number of its own. */
const revisionOf = (value: unknown): string => digest(value).toString('base64url').slice(0, 16)

/** An order's fingerprint is of all that is in it, its parcels included. */
export const basisOf = ({ context }: Pick<ToldTicket, 'context'>, { customer, orders }: Surroundings): Basis => ({
  conversation: context.revision,
  orders: revisionOf(orders.map(({ id, fingerprint }) => [id, Buffer.from(fingerprint).toString('base64')])),
  insight: revisionOf(customer),
  policies: revisionOf(context.policies),
})

/** Of a ticket's draft. Whatever else of the context a message may say counts too: names, brand, earlier tickets; its words by their revision. */
export function identityOf(
  tenantId: string,
  { ticketId, context }: Pick<ToldTicket, 'context'> & { ticketId: string },
  { basis, wish, generator }: { basis: Basis; wish: Wish; generator: string },
): Identity {
  const { turns: _words, ...rest } = context
  const key = digest([ticketId, rest, basis, wish.tone, wish.length, generator])
  return { id: derivedId(tenantId, 'draft', ticketId, key.toString('hex')), key: Uint8Array.from(key) }
}

/** Of a message that belongs to no ticket, with what it was written from. */
export function messageIdentity(
  tenantId: string,
  { now, ...situation }: Situation,
  { wish, generator }: { wish: Wish; generator: string },
): { id: string; basis: Basis } {
  const { orders, customer, policies, turns, ...rest } = situation
  // What has no time of its own was said just now, whenever that is.
  const said = turns.map((turn) => (turn.createdAt.getTime() === now.getTime() ? { ...turn, createdAt: null } : turn))
  const conversation = { ...rest, turns: said }
  const basis = {
    conversation: revisionOf(conversation),
    orders: revisionOf(orders),
    insight: revisionOf(customer),
    policies: revisionOf(policies),
  }
  return { basis, id: derivedId(tenantId, 'message', JSON.stringify([basis, wish, generator])) }
}

/** Whether a conversation at this revision has gone on since the other. Support counts its revisions; others are told apart only. */
export function isNewer(revision: string, than: string): boolean {
  const [a, b] = [revision, than].map((text) => (/^r\d{1,15}$/.test(text) ? Number(text.slice(1)) : NaN))
  return Number.isNaN(a) || Number.isNaN(b) ? revision !== than : a! > b!
}
