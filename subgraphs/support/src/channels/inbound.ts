import { UserErrors } from '@quimbi/service/errors.ts'
import type { ServiceViewer } from '@quimbi/service/viewer.ts'
import type { Message, Tenant } from '../../generated/prisma/client.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { refreshOpening, type AskDependencies } from '../insight/ask.ts'
import { receive } from '../messages/receive.ts'
import { keepFiles } from '../attachments/keep.ts'
import type { SupportSettings } from '../settings.ts'
import type { Channel } from './adapter.ts'
import { isOwnAddress, mailDomain, ownMessage } from './addresses.ts'
import type { AutomaticKind } from './automatic.ts'
import { settle } from './deliveries.ts'
import type { DeliveryState } from './delivery.ts'
import type { InboundFile, InboundMail } from './parse-mail.ts'
import { findCustomer, isFlooding, madeCustomer, type Sender } from './senders.ts'
import { findThread } from './threads.ts'

/** What came in by a channel, read and cleaned. */
export type Arrived = {
  channel: Channel
  /** The channel's own id of it. */
  externalId: string
  /** Null where nobody can be told. */
  sender: Sender | null
  subject: string
  content: string
  html: string | null
  files: readonly InboundFile[]
  /** Files that are not among them. */
  leftOut: number
  automatic: AutomaticKind | null
  /** Addresses to which it was sent. */
  addressed: readonly string[]
  /** Ids of what it answers, the nearest last. */
  references: readonly string[]
}

/** RECEIVED: it is on a ticket. BOUNCED: it told of a message of ours that did not arrive. IGNORED: it concerns nobody. */
export type Outcome = { outcome: 'RECEIVED' | 'BOUNCED' | 'IGNORED'; messageId: string | null }

export type InboundOptions = AskDependencies & { settings: SupportSettings }

const ignored: Outcome = { outcome: 'IGNORED', messageId: null }

/** Takes in a mail. `now` is real. UserErrors when it breaks a rule. */
export async function takeInMail(
  options: InboundOptions,
  tenant: Tenant,
  mail: InboundMail,
  now: Date,
): Promise<Outcome> {
  const { from, report, externalId } = mail
  const { settings, database } = options
  const domain = mailDomain(settings)
  // A message of ours that came back: taking it in, somebody would answer ourselves.
  if (ownMessage(externalId, domain) !== null || (from && isOwnAddress(from.address, settings.mailFrom))) return ignored
  const failed = report && (await bounce(database, tenant.id, mail, { domain, now, error: report.reason }))
  if (failed) return failed
  const sender: Sender | null = from && { kind: 'email', value: from.address, name: from.name }
  return takeIn(options, tenant, { ...mail, channel: 'EMAIL', sender }, now)
}

async function bounce(
  database: SupportDatabase,
  tenantId: string,
  { reported }: InboundMail,
  { domain, now, error }: { domain: string; now: Date; error: string },
): Promise<Outcome | null> {
  const ids = reported.flatMap((id) => ownMessage(id, domain) ?? [])
  const where = { tenantId, id: { in: ids }, fromAgent: true }
  const found = await database.forTenant(tenantId).message.findMany({ where })
  const returned = ids.flatMap((id) => found.find((message) => message.id === id) ?? [])[0]
  if (!returned) return null
  await settleBounced(database, returned, { now, error })
  return { outcome: 'BOUNCED', messageId: returned.id }
}

/** Again where its delivery was written meanwhile: a report may be faster than the acknowledgement. */
async function settleBounced(
  database: SupportDatabase,
  { tenantId, id, deliveryStatus, attempts }: Message,
  { now, error }: { now: Date; error: string },
): Promise<void> {
  const state = { status: deliveryStatus, attempts } as DeliveryState
  if (await settle(database, { tenantId, id }, { kind: 'bounced', error }, { state, now, chance: 0 })) return
  const after = await database.forTenant(tenantId).message.findFirst({ where: { tenantId, id } })
  const hasMoved = after !== null && (after.deliveryStatus !== deliveryStatus || after.attempts !== attempts)
  if (hasMoved) await settleBounced(database, after, { now, error })
}

/** Takes in what came by any channel: on the ticket that it answers, else on the sender's. Idempotent by channel and external id. */
export async function takeIn(
  options: InboundOptions,
  tenant: Tenant,
  arrived: Arrived,
  realNow: Date,
): Promise<Outcome> {
  const viewer: ServiceViewer = { kind: 'service', service: 'support', tenantId: tenant.id }
  const now = new Date(realNow.getTime() + tenant.clockOffsetSeconds * 1_000)
  const { channel, externalId, sender, automatic, subject } = arrived
  const { database, settings } = options
  await askBefore(options, tenant.id, arrived)
  try {
    return await database.transact(tenant.id, async (tx): Promise<Outcome> => {
      const known = await receivedBefore(tx, tenant.id, arrived)
      if (known) return known
      if (sender) await holdSender(tx, tenant.id, sender)
      const customer = sender && (await findCustomer(tx, tenant.id, sender))
      const thread = await findThread(tx, tenant.id, arrived, { settings, customerId: customer?.id ?? null })
      const isResponse = automatic === 'RESPONSE'
      if (!thread.ticketId && !customer && (!sender || isResponse)) return ignored
      const customerId = thread.ticketId
        ? null
        : (customer?.id ?? (sender && (await madeCustomer(tx, viewer, sender, now))))
      const mayOpen = !isResponse && !(sender && (await isFlooding(tx, tenant.id, sender, customer?.id ?? null, now)))
      const attachmentIds = await keepFiles(tx, tenant.id, arrived.files, now, { settings })
      const content = arrived.content + noteOf(arrived.leftOut + arrived.files.length - attachmentIds.length)
      const { message } = await receive(
        tx,
        viewer,
        { ticketId: thread.ticketId, customerId, channel, content, subject, externalId, attachmentIds },
        now,
        {
          isAutomatic: automatic !== null,
          contentHtml: arrived.html,
          authorName: sender?.name,
          authorEmail: sender?.kind === 'email' ? sender.value : null,
          inReplyToId: thread.inReplyToId,
          mayOpen,
        },
      )
      return { outcome: 'RECEIVED', messageId: message.id }
    })
  } catch (error) {
    if (error instanceof UserErrors && error.errors[0]?.code === 'LIMIT_EXCEEDED' && error.errors[0].path === null)
      return ignored
    throw error
  }
}

/** Outside the transaction, since it may wait. A stranger, a machine or a repeat is not asked about. */
async function askBefore(options: InboundOptions, tenantId: string, arrived: Arrived): Promise<void> {
  const { sender, automatic, channel } = arrived
  if (!options.insight || !sender || automatic !== null) return
  const db = options.database.forTenant(tenantId)
  const customer = await findCustomer(db, tenantId, sender)
  if (!customer || (await receivedBefore(db, tenantId, arrived))) return
  const customerId = customer.id
  const { ticketId } = await findThread(db, tenantId, arrived, { settings: options.settings, customerId })
  await refreshOpening(options, tenantId, { ticketId, customerId, channel })
}

const noteOf = (leftOut: number): string =>
  leftOut === 0 ? '' : `\n\n[${leftOut} ${leftOut === 1 ? 'file was' : 'files were'} left out]`

/** Before its files are kept and a customer is made: a repeat costs a look. */
async function receivedBefore(
  tx: Db,
  tenantId: string,
  { channel, externalId }: Pick<Arrived, 'channel' | 'externalId'>,
): Promise<Outcome | null> {
  const message = await tx.message.findFirst({ where: { tenantId, channel, externalId, fromAgent: false } })
  return message && { outcome: 'RECEIVED', messageId: message.id }
}

// One at a time of one sender, until commit: two first mails make one customer, and the count of a flood is right.
async function holdSender(tx: Db, tenantId: string, { kind, value }: Sender): Promise<void> {
  const key = JSON.stringify([tenantId, 'inbound', kind, value])
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`
}
