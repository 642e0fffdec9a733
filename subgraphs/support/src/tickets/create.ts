import { newId } from '@quimbi/database/ids.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Customer } from '../../generated/prisma/client.ts'
import { once } from '../common/idempotency.ts'
import { labels, text } from '../common/text.ts'
import { checkRef, type GivenRef } from '../customers/given-refs.ts'
import type { Ref } from '../customers/refs.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { receivedSteps } from '../messages/steps.ts'
import { defaultQueue } from '../queues/defaults.ts'
import { placedIn, queueOf } from '../queues/place.ts'
import type { TicketPriority } from '../scoring/score.ts'
import { configOf } from '../tenants/config.ts'
import { changeTicket, openedFact, type Changed } from './change.ts'
import { takeNumbers } from './numbers.ts'
import { originsBy } from './tags.ts'

type Optional<T> = T | null | undefined

export type NewTicket = {
  customerId: string
  subject: string
  channel: string
  priority?: Optional<TicketPriority>
  initialMessage: string
  queueId?: Optional<string>
  tags?: Optional<readonly string[]>
  externalRef?: Optional<GivenRef>
  isDemo?: Optional<boolean>
  idempotencyKey?: Optional<string>
}

type CheckedTicket = {
  subject: string
  content: string
  channel: string
  priority: TicketPriority
  tags: string[]
  ref: Ref | null
  isDemo: boolean
}

/** Opens a ticket with its first message, from the customer. */
export async function createTicket(tx: Db, viewer: Viewer, input: NewTicket, now: Date): Promise<Changed> {
  if (viewer.kind === 'partner') refuse('FORBIDDEN', 'A partner key may not open tickets here.')
  const { tenantId } = viewer
  const checked = check(input)
  const call = { tenantId, operation: 'createTicket', key: input.idempotencyKey, input, now }
  let opened: Changed | undefined
  const id = await once(tx, call, async () => {
    if (checked.isDemo) await needDemo(tx, tenantId)
    const customer = await customerOf(tx, tenantId, input.customerId)
    const { priority } = checked
    const queue = input.queueId
      ? await queueOf(tx, tenantId, input.queueId, ['input', 'queueId'])
      : await defaultQueue(tx, tenantId, priority, now)
    opened = await open(tx, viewer, { ...checked, customer, place: placedIn(queue) }, now)
    return opened.ticket.id
  })
  return opened ?? { ticket: await tx.ticket.findFirstOrThrow({ where: { tenantId, id } }), eventId: null }
}

function check(input: NewTicket): CheckedTicket {
  return {
    subject: text(input.subject, { path: ['input', 'subject'], max: 300 }),
    content: text(input.initialMessage, { path: ['input', 'initialMessage'], max: 50_000 }),
    channel: input.channel,
    priority: input.priority ?? 'NORMAL',
    tags: labels(input.tags, ['input', 'tags']),
    ref: input.externalRef ? checkRef(input.externalRef, ['input', 'externalRef']) : null,
    isDemo: input.isDemo ?? false,
  }
}

/** Demo tickets live beside real ones only where the tenant has switched that on. */
async function needDemo(tx: Db, tenantId: string): Promise<void> {
  const { tenant } = await configOf(tx, tenantId)
  if (!tenant.isDemo && !tenant.demoMode) refuse('INVALID', 'Switch the demo mode on first.', ['input', 'isDemo'])
}

/** A customer by id, also by the id of a record that was merged into theirs. */
async function customerOf(tx: Db, tenantId: string, id: string): Promise<Customer> {
  const missing = () => refuse('NOT_FOUND', 'There is no such customer.', ['input', 'customerId'])
  if (!isUuid(id)) return missing()
  const customer = await tx.customer.findFirst({ where: { tenantId, id } })
  if (customer) return customer
  const alias = await tx.customerAlias.findFirst({ where: { tenantId, id } })
  return (alias && (await tx.customer.findFirst({ where: { tenantId, id: alias.customerId } }))) ?? missing()
}

type Opening = Omit<CheckedTicket, 'isDemo'> & {
  customer: Customer
  place: { queueId: string | null; teamId?: string }
  isDemo: boolean
}

async function open(tx: Db, viewer: Viewer, opening: Opening, now: Date): Promise<Changed> {
  const { tenantId } = viewer
  const { subject, content, channel, priority, tags, ref, isDemo, customer, place } = opening
  const [ticketId, messageId] = [newId(), newId()]
  const who = doerOf(viewer)
  const ticket = {
    tenantId,
    id: ticketId,
    number: await takeNumbers(tx, tenantId, 1),
    subject,
    priority,
    channel,
    customerId: customer.id,
    ...place,
    tags,
    tagOrigins: originsBy(tags, who.actor),
    externalSource: ref?.source ?? null,
    externalId: ref?.externalId ?? null,
    isDemo,
    rank: 0,
    stateSince: now,
    createdAt: now,
    updatedAt: now,
  }
  const author = { fromAgent: false, authorName: customer.name ?? 'Unknown', authorEmail: customer.email }
  await tx.ticket.create({ data: ticket }).catch(alreadyImported)
  await tx.message.create({ data: { tenantId, id: messageId, ticketId, ...author, content, createdAt: now } })
  return changeTicket(tx, { tenantId, who, now, id: ticketId }, (scene) => [
    { type: 'TICKET_CREATED', facts: [openedFact(scene.ticket, scene.customer, false)] },
    ...receivedSteps(scene.ticket, { messageId, now, isAutomatic: false }),
  ])
}

function alreadyImported(error: unknown): never {
  if (violatedUnique(error)?.includes('external')) {
    refuse('ALREADY_EXISTS', 'There is a ticket with this external reference.', ['input', 'externalRef'])
  }
  throw error
}
