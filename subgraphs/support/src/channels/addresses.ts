import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { SupportSettings } from '../settings.ts'

/** One plain address: no list, no name, no comment, nothing that a header could be broken with. */
export const isMailAddress = (value: string): boolean =>
  value.length <= 254 &&
  /^[^\s@<>(),;:"[\]\\\u0000-\u001F\u007F]{1,64}@[^\s@<>(),;:"[\]\\\u0000-\u001F\u007F]+$/.test(value)

/** The domain of our Message-IDs. */
export const mailDomain = ({ mailFrom, publicUrl }: Pick<SupportSettings, 'mailFrom' | 'publicUrl'>): string =>
  (mailFrom?.split('@')[1] ?? new URL(publicUrl).hostname).toLowerCase()

/** The Message-ID of a message of ours: the same at every attempt. */
export const messageIdOf = (id: string, domain: string): string => `<${id}@${domain}>`

/** The message of ours that a Message-ID names; null for anybody else's. */
export function ownMessage(messageId: string, domain: string): string | null {
  const [, id = '', at = ''] = /^<?([^<>@\s]+)@([^<>@\s]+)>?$/.exec(messageId.trim()) ?? []
  return at.toLowerCase() === domain && isUuid(id) ? id.toLowerCase() : null
}

/** The Message-IDs in a header's text, in order, at most `limit` of the last. */
export const messageIdsIn = (header: string, limit = 50): string[] =>
  (header.slice(-20_000).match(/<[^<>\s]{3,998}>/g) ?? []).slice(-limit)

/** A channel's own id in the form in which it is kept: what is too long or not text is kept by its hash. */
export const keptId = (id: string): string =>
  id.length <= 200 && /^[\x21-\x7E]+$/.test(id) ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`

/** Any id of a channel in the form in which it is kept: an index has no room for more than some 2,700 bytes. */
export const indexableId = (id: string): string => (Buffer.byteLength(id) <= 1_000 ? id : keptId(id))

/**
 * The address to which answers about a ticket come: `support+1042-<seal>@shop.example`. The seal is 80 bits of a keyed hash, in the case-insensitive
 * alphabet that mail servers keep.
 */
export function replyAddress(mailFrom: string, ticket: TicketName, key: string): string {
  const [local = '', domain = ''] = mailFrom.split('@')
  return `${local}+${ticket.number}-${sealOf(ticket, key)}@${domain}`
}

/** A tenant's ticket by its number. */
export type TicketName = { tenantId: string; number: number }

/** The number of the tenant's ticket that one of the addresses names under our seal; null if none does. */
export function sealedTicket(addresses: readonly string[], tenantId: string, key: string): number | null {
  for (const address of addresses) {
    const [, digits = '', seal = ''] = /\+(\d{1,10})-([0-9a-f]{20})@/.exec(address.toLowerCase()) ?? []
    if (digits === '') continue
    const expected = sealOf({ tenantId, number: Number(digits) }, key)
    if (timingSafeEqual(Buffer.from(expected), Buffer.from(seal))) return Number(digits)
  }
  return null
}

const sealOf = ({ tenantId, number }: TicketName, key: string): string =>
  createHmac('sha256', key).update(`quimbi:reply-to:${tenantId}:${number}`).digest('hex').slice(0, 20)

/** Whether an address is ours, with or without a ticket in it. */
export function isOwnAddress(address: string, mailFrom: string | undefined): boolean {
  const plain = (value: string) => value.toLowerCase().replace(/\+[^@]*@/, '@')
  return mailFrom !== undefined && plain(address) === plain(mailFrom)
}
