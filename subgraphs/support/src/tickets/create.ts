import { newId } from '@quimbi/database/ids.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { once, stillThere } from '../common/idempotency.ts'
import { labels, text } from '../common/text.ts'
import { checkRef, type GivenRef } from '../customers/given-refs.ts'
import type { Ref } from '../customers/refs.ts'
import type { Db } from '../database.ts'
import { needDemoMode } from '../demo/needs.ts'
import { doerOf, type Doer } from '../log/actors.ts'
import { receivedSteps } from '../messages/steps.ts'
import { writeMessage } from '../messages/write.ts'
import { defaultQueue } from '../queues/defaults.ts'
import { placedIn, queueOf } from '../queues/place.ts'
import type { TicketPriority } from '../scoring/score.ts'
import { configOf } from '../tenants/config.ts'
import { openTicket, type Changed } from './change.ts'
import { openedFact } from './steps.ts'
import type { CustomerFacts } from './change-store.ts'
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
    if (checked.isDemo) needDemoMode((await configOf(tx, tenantId)).tenant, ['input', 'isDemo'])
    const { priority } = checked
    // Asked for together: one round trip less.
    const [finding, placing] = [
      customerOf(tx, tenantId, input.customerId),
      input.queueId
        ? queueOf(tx, tenantId, input.queueId, ['input', 'queueId'])
        : defaultQueue(tx, tenantId, priority, now),
    ]
    placing.catch(() => {})
    const customer = await finding
    opened = await open(tx, viewer, { ...checked, customer, place: placedIn(await placing) }, now)
    return opened.ticket.id
  })
  return opened ?? { ticket: stillThere(await tx.ticket.findFirst({ where: { tenantId, id } })), eventId: null }
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

type KnownCustomer = CustomerFacts & { id: string; configVersion: number }

/** A customer by id, also by the id of a record that was merged into theirs. */
async function customerOf(tx: Db, tenantId: string, id: string): Promise<KnownCustomer> {
  const missing = () => refuse('NOT_FOUND', 'There is no such customer.', ['input', 'customerId'])
  if (!isUuid(id)) return missing()
  const customer = (await customerById(tx, tenantId, id)) ?? (await customerByAlias(tx, tenantId, id)) ?? missing()
  if (customer.erasedAt !== null) refuse('CONFLICT', 'The customer was erased.', ['input', 'customerId'])
  return customer
}

async function customerByAlias(tx: Db, tenantId: string, id: string): Promise<KnownCustomer | undefined> {
  const alias = await tx.customerAlias.findFirst({ where: { tenantId, id } })
  return alias ? customerById(tx, tenantId, alias.customerId) : undefined
}

// Held as the ticket's reference to it holds it anyway, but from here on: what is read is not erased before the ticket is written.

async function customerById(tx: Db, tenantId: string, id: string): Promise<KnownCustomer | undefined> {
  const [customer] = await tx.$queryRaw<KnownCustomer[]>`
    SELECT c.id, c.name, c.email, c.phone, c.is_vip AS "isVip", c.churn_risk AS "churnRisk", c.lifetime_value::float8 AS "lifetimeValue",
      c.insight_at AS "insightAt", c.erased_at AS "erasedAt", (SELECT config_version FROM tenant WHERE id = c.tenant_id) AS "configVersion"
    FROM customer c WHERE c.tenant_id = ${tenantId}::uuid AND c.id = ${id}::uuid FOR KEY SHARE OF c`
  return customer
}

type Opening = Omit<CheckedTicket, 'isDemo'> & {
  customer: KnownCustomer
  place: { queueId: string | null; teamId?: string }
  isDemo: boolean
}

async function open(tx: Db, viewer: Viewer, opening: Opening, now: Date): Promise<Changed> {
  const { tenantId } = viewer
  const { content, customer } = opening
  const messageId = newId()
  const call = { tenantId, who: doerOf(viewer), now }
  const config = await configOf(tx, tenantId, customer.configVersion)
  const ticket = newTicket(call, opening, await takeNumbers(tx, tenantId, 1))
  const scene = { ticket, customer, config, now, sla: { history: [], clocks: [] } }
  const steps = [
    { type: 'TICKET_CREATED' as const, facts: [openedFact(scene)] },
    ...receivedSteps(ticket, { messageId, now, isAutomatic: false }),
  ]
  const author = { fromAgent: false, authorName: customer.name ?? 'Unknown', authorEmail: customer.email }
  return openTicket(tx, { call, scene, steps }, ({ id: ticketId }) =>
    writeMessage(tx, { tenantId, id: messageId, ticketId, ...author, content, createdAt: now }),
  ).catch(alreadyImported)
}

function newTicket(call: { tenantId: string; who: Doer; now: Date }, opening: Opening, number: number): Ticket {
  const { tenantId, who, now } = call
  const { subject, channel, priority, tags, ref, isDemo, customer, place } = opening
  return {
    ...unset,
    tenantId,
    id: newId(),
    number,
    subject,
    priority,
    channel,
    customerId: customer.id,
    teamId: null,
    ...place,
    tags,
    tagOrigins: originsBy(tags, who.actor),
    orderNumbers: [],
    externalSource: ref?.source ?? null,
    externalId: ref?.externalId ?? null,
    isDemo,
    stateSince: now,
    createdAt: now,
    updatedAt: now,
  }
}

/** What a ticket does not have when it is opened. */
const unset = {
  status: 'OPEN',
  waitingOn: null,
  assigneeId: null,
  category: null,
  intent: null,
  sentiment: null,
  difficulty: null,
  resolution: null,
  rank: 0,
  slaStatus: null,
  nextBreachAt: null,
  nextTimerAt: null,
  snoozedUntil: null,
  followUpAt: null,
  followUpNote: null,
  returnTo: null,
  returnAt: null,
  escalation: null,
  mergedIntoId: null,
  revision: 0,
  waitingSince: null,
  firstRepliedAt: null,
  reopenCount: 0,
  closedAt: null,
} satisfies Partial<Ticket>

function alreadyImported(error: unknown): never {
  if (violatedUnique(error)?.includes('external')) {
    refuse('ALREADY_EXISTS', 'There is a ticket with this external reference.', ['input', 'externalRef'])
  }
  throw error
}
