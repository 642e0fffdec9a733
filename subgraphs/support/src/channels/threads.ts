import type { Db } from '../database.ts'
import type { SupportSettings } from '../settings.ts'
import { keptId, mailDomain, ownMessage, sealedTicket } from './addresses.ts'
import type { Arrived } from './inbound.ts'

/** What a message answers, as far as it tells. */
export type Thread = { ticketId: string | null; inReplyToId: string | null }

/** Nothing goes on with a ticket of a person who was erased. */
const ofSomebody = { customer: { erasedAt: null } }

type Facts = { settings: SupportSettings; customerId: string | null }

/**
 * The ticket that a message goes on with: by the sealed address to which it was sent, else by the ids of what it answers, else by a number in its
 * subject, which counts only from that ticket's own customer: anybody can write a number.
 */
export async function findThread(tx: Db, tenantId: string, arrived: Arrived, facts: Facts): Promise<Thread> {
  const answered = await answeredMessage(tx, tenantId, arrived, facts)
  const inReplyToId = answered?.id ?? null
  const ticketId =
    (await bySeal(tx, tenantId, arrived, facts)) ??
    answered?.ticketId ??
    (await bySubject(tx, tenantId, arrived, facts))
  return { ticketId, inReplyToId }
}

async function bySeal(
  tx: Db,
  tenantId: string,
  { addressed }: Arrived,
  { settings: { inboundToken } }: Facts,
): Promise<string | null> {
  const number = inboundToken === undefined ? null : sealedTicket(addressed, tenantId, inboundToken)
  return number === null ? null : ticketOf(tx, { tenantId, number })
}

async function answeredMessage(tx: Db, tenantId: string, { channel, references }: Arrived, { settings }: Facts) {
  if (references.length === 0) return null
  const domain = mailDomain(settings)
  const ours = references.flatMap((id) => ownMessage(id, domain) ?? [])
  const theirs = references.map(keptId)
  const found = await tx.message.findMany({
    where: { tenantId, OR: [{ id: { in: ours } }, { channel, externalId: { in: theirs } }], ticket: ofSomebody },
    select: { id: true, ticketId: true, externalId: true },
  })
  const placeOf = ({ id, externalId }: (typeof found)[number]) =>
    Math.max(
      theirs.lastIndexOf(externalId ?? ''),
      references.findLastIndex((one) => ownMessage(one, domain) === id),
    )
  return found.toSorted((a, b) => placeOf(b) - placeOf(a))[0] ?? null
}

async function bySubject(
  tx: Db,
  tenantId: string,
  { subject }: Arrived,
  { customerId }: Facts,
): Promise<string | null> {
  const [, digits] = /#(\d{1,9})\b/.exec(subject) ?? []
  if (digits === undefined || customerId === null) return null
  return ticketOf(tx, { tenantId, number: Number(digits), customerId })
}

async function ticketOf(
  tx: Db,
  where: { tenantId: string; number: number; customerId?: string },
): Promise<string | null> {
  if (where.number > 2_147_483_647) return null
  const ticket = await tx.ticket.findFirst({ where: { ...where, ...ofSomebody }, select: { id: true } })
  return ticket?.id ?? null
}
