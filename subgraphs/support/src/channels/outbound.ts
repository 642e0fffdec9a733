import type { FileStore } from '../attachments/store.ts'
import type { Db } from '../database.ts'
import type { SupportSettings } from '../settings.ts'
import type { Channel, Outbound } from './adapter.ts'
import { mailDomain, messageIdOf } from './addresses.ts'

export type Loaded = {
  channel: Channel
  /** Demo tickets, and demo worlds as a whole, reach nobody. */
  isDemo: boolean
  /** Null where nobody's address is known. */
  outbound: Outbound | null
}

/** Ids of what was said before that a message carries with it. */
const threadLength = 20

/** A message as it goes out; null if it is gone. */
export async function loadOutbound(
  db: Db,
  { tenantId, id }: { tenantId: string; id: string },
  { settings, files }: { settings: SupportSettings; files: Pick<FileStore, 'open'> },
): Promise<Loaded | null> {
  const message = await db.message.findFirst({
    where: { tenantId, id },
    include: { ticket: { include: { customer: true } }, attachments: { include: { attachment: true } } },
  })
  if (!message) return null
  const tenant = await db.tenant.findFirstOrThrow({ where: { id: tenantId } })
  const { ticket, recipient, content, contentHtml, isAutomatic, inReplyToId } = message
  const channel = (message.channel ?? ticket.channel) as Channel
  const isDemo = ticket.isDemo || tenant.isDemo
  if (recipient === null || recipient === '') return { channel, isDemo, outbound: null }
  const outbound: Outbound = {
    ...{ tenantId, id, recipient, content, contentHtml, isAutomatic },
    ticketNumber: ticket.number,
    subject: ticket.subject,
    recipientName: ticket.customer.name,
    brand: tenant.brand ?? tenant.name,
    signature: tenant.signature,
    thread: await threadOf(db, { ...message, inReplyToId }, mailDomain(settings)),
    files: message.attachments.map(({ attachment: { fileName, contentType, sha256 } }) => ({
      fileName,
      contentType,
      open: () => files.open({ tenantId, sha256 }),
    })),
  }
  return { channel, isDemo, outbound }
}

type Said = { tenantId: string; id: string; ticketId: string; createdAt: Date; inReplyToId: string | null }

// What it answers comes last: where that is not said, the last thing that the customer said.
async function threadOf(db: Db, message: Said, domain: string): Promise<string[]> {
  const { tenantId, id, ticketId, createdAt, inReplyToId } = message
  const before = await db.message.findMany({
    where: { tenantId, ticketId, id: { not: id }, createdAt: { lte: createdAt } },
    select: { id: true, fromAgent: true, externalId: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: threadLength,
  })
  const idOf = ({ id, fromAgent, externalId }: (typeof before)[number]) =>
    externalId?.startsWith('<') ? externalId : fromAgent ? messageIdOf(id, domain) : null
  const ids = before.toReversed().flatMap((one) => idOf(one) ?? [])
  const answered = before.find((one) => (inReplyToId === null ? !one.fromAgent : one.id === inReplyToId))
  const last = answered && idOf(answered)
  return last ? [...ids.filter((one) => one !== last), last] : ids
}
