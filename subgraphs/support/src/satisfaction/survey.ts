import { newId } from '@quimbi/database/ids.ts'
import type { Surroundings } from '@quimbi/subgraph/module.ts'
import type { Customer, Tenant, Ticket } from '../../generated/prisma/client.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { systemActor, type Doer } from '../log/actors.ts'
import type { TicketEntry } from '../log/entries.ts'
import { followTickets } from '../log/follow.ts'
import { recipientOf } from '../messages/recipient.ts'
import { sentSteps } from '../messages/steps.ts'
import type { SupportDoors } from '../settings.ts'
import { changeTicket } from '../tickets/change.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** An answer that was closed with can be recalled, and a ticket closed by mistake reopened, before the question goes out. */
const delayMs = 10 * minute
const linkMs = 30 * day
/** A customer is not asked again for so long. */
const restMs = 7 * day
/** Of tickets closed longer ago nobody remembers: a log read late asks nobody. */
const staleMs = day

const channels = new Set(['EMAIL', 'SMS', 'CHAT'])
const author = { kind: 'AUTOMATION', name: 'survey' }

type Options = Pick<Surroundings<SupportDatabase>, 'database' | 'bus' | 'log' | 'clock' | 'metrics'> & SupportDoors

/** Asks customers how it was once their ticket is closed, and takes the question back while it waits if the ticket is reopened. */
export const surveys = (options: Options) =>
  followTickets(options, {
    name: 'survey',
    types: ['STATUS_CHANGED'],
    async handle(tx, entries) {
      for (const entry of entries) {
        const change = entry.payload.changes.find(({ field }) => field === 'status')
        if (change?.to === 'CLOSED') await ask(tx, entry, options)
        else if (change?.from === 'CLOSED') await takeBack(tx, entry, options.clock.now())
      }
    },
  })

/** What a link of the survey says: which ticket, and which of its closings. */
export const closingOf = ({ closedAt }: Pick<Ticket, 'closedAt'>): number => closedAt?.getTime() ?? 0

/** Whether somebody is to be asked: an answered conversation of a real customer, still closed, not long ago. Pure. */
export function isToBeAsked(ticket: Ticket, tenant: Pick<Tenant, 'isDemo'>, customer: Customer, now: Date): boolean {
  const { channel, isDemo, mergedIntoId, firstRepliedAt, closedAt } = ticket
  if (isDemo || tenant.isDemo || mergedIntoId !== null || firstRepliedAt === null || closedAt === null) return false
  if (!channels.has(channel) || customer.erasedAt !== null || now.getTime() - closedAt.getTime() > staleMs) return false
  return channel === 'EMAIL' ? customer.email !== null : channel === 'CHAT' || customer.phone !== null
}

const doerOfEntry = ({ eventId, payload: { depth = 0 } }: TicketEntry): Doer => ({
  actor: systemActor('AUTOMATION', author.name),
  causedBy: eventId,
  depth: depth + 1,
})

async function ask(tx: Db, entry: TicketEntry, { clock, links, settings }: Options): Promise<void> {
  const { tenantId, ticketId: id } = entry
  const now = clock.now()
  const found = await tx.ticket.findFirst({ where: { tenantId, id }, include: { customer: true } })
  if (!found || found.closedAt?.getTime() !== entry.occurredAt.getTime()) return
  const tenant = await tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
  const { customer, ...ticket } = found
  if (!isToBeAsked(ticket, tenant, customer, now) || (await wasAsked(tx, customer, now))) return
  const claims = { tenantId, subject: id, data: { closing: closingOf(ticket) } }
  const token = await links.sign('survey', claims, { now, expiresAt: new Date(now.getTime() + linkMs) })
  const brand = tenant.brand ?? tenant.name
  const content = `How did we do? Tell us with one click:\n${settings.publicUrl}/survey/${token}\n\n${brand}`
  const messageId = newId()
  await changeTicket(tx, { tenantId, who: doerOfEntry(entry), now, id }, async (scene) => {
    // Reopened, or merged, between the look and the lock.
    if (scene.ticket.status !== 'CLOSED' || scene.ticket.mergedIntoId !== null) return []
    await tx.message.create({
      data: {
        ...{ tenantId, id: messageId, ticketId: id, fromAgent: true, isAutomatic: true, content, createdAt: now },
        ...{ authorSystem: author, authorName: brand, channel: ticket.channel },
        recipient: recipientOf(ticket.channel, customer),
        deliveryStatus: 'QUEUED',
        nextAttemptAt: new Date(now.getTime() + delayMs),
      },
    })
    return sentSteps(scene.ticket, { messageId, now, isAutomatic: true })
  })
}

/** Whether this customer got, or is about to get, a survey in the last week. By the customer's tickets and their messages. */
async function wasAsked(tx: Db, { tenantId, id: customerId }: Customer, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - restMs)
  const asked = await tx.message.findFirst({
    where: {
      ...{ tenantId, isAutomatic: true, deletedAt: null, createdAt: { gt: since } },
      authorSystem: { equals: author },
      ticket: { tenantId, customerId },
    },
    select: { id: true },
  })
  return asked !== null
}

async function takeBack(tx: Db, entry: TicketEntry, now: Date): Promise<void> {
  const { tenantId, ticketId: id } = entry
  const waiting = { tenantId, ticketId: id, authorSystem: { equals: author }, deliveryStatus: 'QUEUED', attempts: 0 }
  const question = await tx.message.findFirst({ where: waiting, select: { id: true } })
  if (!question) return
  await changeTicket(tx, { tenantId, who: doerOfEntry(entry), now, id }, async ({ ticket }) => {
    const data = { deliveryStatus: 'RECALLED', deletedAt: now, nextAttemptAt: null }
    const { count } = await tx.message.updateMany({ where: { ...waiting, id: question.id }, data })
    if (count === 0) return []
    return [
      {
        type: 'MESSAGE_RECALLED',
        messageId: question.id,
        set: { revision: ticket.revision + 1 },
        reason: 'The ticket was reopened.',
      },
    ]
  })
}
