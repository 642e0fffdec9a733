import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import type { UserError, UserErrorCode } from '@quimbi/service/errors.ts'
import { syncTickets } from '../alerts/matches.ts'
import { recordAudit } from '../audit/record.ts'
import { checkAll } from '../common/check-all.ts'
import { refKey } from '../customers/refs.ts'
import type { Db } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { configOf } from '../tenants/config.ts'
import { customerKey, customersOf, insightsOf, meetCustomers, type FoundCustomer } from './import-customers.ts'
import {
  agentsOf,
  messageKeys,
  placesOf,
  takenNumbers,
  takenParts,
  unknownTickets,
  type Placed,
} from './import-known.ts'
import {
  firstStatistics,
  storeContacts,
  storeMessages,
  storeNotes,
  storeTickets,
  type StoredTicket,
} from './import-store.ts'
import { reserveNumbers } from './numbers.ts'
import { checkTicket, type TicketRecord } from './record.ts'

export type TicketImportOptions = {
  /** take a ticket without an assignee, queue, team or mention that is not here, instead of refusing it */
  unassignUnknown?: boolean
  /** takes ticket numbers, as `reserveNumbers`; in another transaction, so that nobody who opens a ticket meanwhile waits for this one */
  reserve?(given: readonly number[], count: number): Promise<number>
}

/** What became of a batch of records; the path of an error begins with the record's place in the batch. */
export type TicketImportResult = { accepted: number; updated: number; duplicates: number; userErrors: UserError[] }

/** Checked records, and what is wrong with the others. */
export type TicketBatch = { readonly checked: readonly Placed[]; readonly userErrors: readonly UserError[] }

/** What needs no database: to be done while it works on the batch before. */
export const checkTickets = (tenantId: string, records: readonly TicketRecord[]): TicketBatch =>
  checkAll(records, (record, path) => checkTicket(tenantId, record, path))

/** What no two tickets may share: ids, external references, numbers, and what tells their messages apart. */
export const keysOfBatch = ({ checked }: TicketBatch): ReadonlySet<string> =>
  new Set(
    checked.flatMap((ticket) => [
      ticket.id,
      ...(ticket.externalRef ? [refKey(ticket.externalRef)] : []),
      ...(ticket.number === null ? [] : [`#${ticket.number}`]),
      ...keysOf(ticket),
    ]),
  )

/** Checks and stores: see `storeTicketBatch`. */
export const importTickets = (
  tx: Db,
  tenantId: string,
  records: readonly TicketRecord[],
  now: Date,
  options: TicketImportOptions = {},
): Promise<TicketImportResult> => storeTicketBatch(tx, tenantId, checkTickets(tenantId, records), now, options)

/**
 * Takes in up to some thousand tickets with their messages and notes. One that is known, by id or by external reference, is left alone:
 * history is not rewritten. A customer known only by a reference gets a placeholder. A constant number of statements whatever the size.
 * Violates a unique constraint where another transaction brought some of them meanwhile: run again, they are known.
 */
export async function storeTicketBatch(
  tx: Db,
  tenantId: string,
  { checked, userErrors: unfit }: TicketBatch,
  now: Date,
  {
    unassignUnknown = false,
    reserve = (...numbers) => reserveNumbers(tx, tenantId, ...numbers),
  }: TicketImportOptions = {},
): Promise<TicketImportResult> {
  if (checked.length === 0) return { accepted: 0, updated: 0, duplicates: 0, userErrors: [...unfit] }
  const fresh = await unknownTickets(tx, tenantId, checked)
  const known = await knownOf(tx, tenantId, fresh)
  const { accepted, userErrors } = admitted(fresh, known, unassignUnknown)
  // Another import may have brought some between one look and the next: they are known then, and in nobody's way.
  if (userErrors.length > 0 && (await unknownTickets(tx, tenantId, fresh)).length < fresh.length)
    throw new RetryTransaction()
  if (accepted.length > 0) await store(tx, { tenantId, accepted, known, now, reserve })
  const duplicates = checked.length - fresh.length
  return { accepted: accepted.length, updated: 0, duplicates, userErrors: [...unfit, ...userErrors] }
}

type Known = Awaited<ReturnType<typeof placesOf>> &
  Awaited<ReturnType<typeof agentsOf>> & {
    numbers: Set<number>
    parts: Set<string>
    customers: ReadonlyMap<string, FoundCustomer>
  }

const knownOf = async (tx: Db, tenantId: string, tickets: readonly Placed[]): Promise<Known> => ({
  numbers: await takenNumbers(tx, tenantId, tickets),
  parts: await takenParts(tx, tenantId, tickets),
  customers: await customersOf(tx, tenantId, tickets),
  ...(await agentsOf(tx, tenantId, tickets)),
  ...(await placesOf(tx, tenantId, tickets)),
})

/** The tickets that may go in, and why the others may not; what is taken in is known to those after it. */
function admitted(fresh: readonly Placed[], known: Known, unassignUnknown: boolean) {
  const userErrors: UserError[] = []
  const accepted = fresh.filter((ticket) => {
    const refused = refusal(ticket, known) ?? (unassignUnknown ? null : unknownName(ticket, known))
    if (refused) {
      const [code, message, field] = refused
      userErrors.push({ code, message, path: [String(ticket.index), field] })
      return false
    }
    if (ticket.number !== null) known.numbers.add(ticket.number)
    for (const key of keysOf(ticket)) known.parts.add(key)
    return true
  })
  return { accepted, userErrors }
}

type Refusal = [UserErrorCode, string, string]

const keysOf = ({ messages, notes }: Placed): string[] => [
  ...messages.flatMap(messageKeys),
  ...notes.map(({ id }) => id),
]

function refusal(ticket: Placed, { customers, numbers, parts }: Known): Refusal | null {
  if (!customers.has(customerKey(ticket))) return ['NOT_FOUND', 'There is no such customer.', 'customer']
  if (ticket.number !== null && numbers.has(ticket.number))
    return ['CONFLICT', 'Another ticket has this number.', 'number']
  const keys = keysOf(ticket)
  if (keys.some((key) => parts.has(key)) || new Set(keys).size < keys.length)
    return ['CONFLICT', 'There is a message or a note with this id already.', 'messages']
  return null
}

function unknownName({ assigneeEmail, queue, team, notes }: Placed, { agents, queues, teams }: Known): Refusal | null {
  if (assigneeEmail !== null && !agents.has(assigneeEmail))
    return ['NOT_FOUND', `There is no agent ${assigneeEmail}.`, 'assigneeEmail']
  if (queue !== null && !queues.has(queue)) return ['NOT_FOUND', `There is no queue ${queue}.`, 'queue']
  if (team !== null && !teams.has(team)) return ['NOT_FOUND', `There is no team ${team}.`, 'team']
  const colleagues = notes.flatMap(({ authorEmail, mentions }) => (authorEmail ? [authorEmail, ...mentions] : mentions))
  const stranger = colleagues.find((email) => !agents.has(email))
  return stranger === undefined ? null : ['NOT_FOUND', `There is no agent ${stranger}.`, 'notes']
}

type Storing = {
  tenantId: string
  accepted: readonly Placed[]
  known: Known
  now: Date
  reserve: NonNullable<TicketImportOptions['reserve']>
}

async function store(tx: Db, { tenantId, accepted, known, now, reserve }: Storing): Promise<void> {
  const { customers, agents, queues, teams } = known
  const given = accepted.flatMap(({ number }) => number ?? [])
  // Before anything is written: who waits here for another batch's numbers keeps nobody waiting.
  let next = await reserve(given, accepted.length - given.length)
  await meetCustomers(tx, tenantId, accepted, customers, now)
  // Somebody opened a ticket with one of these numbers before the counter was above them.
  if ((await takenNumbers(tx, tenantId, accepted)).size > 0) throw new RetryTransaction()
  const stored = accepted.map(
    ({ index: _index, customer, externalRef, assigneeEmail, queue, team, ...ticket }): StoredTicket => ({
      ...ticket,
      number: ticket.number ?? next++,
      customerId: customers.get(customerKey({ customer }))?.id ?? '',
      assigneeId: assigneeOf({ assigneeEmail, status: ticket.status }, known),
      queueId: (queue !== null && queues.get(queue)) || null,
      teamId: (team !== null && teams.get(team)) || null,
      externalSource: externalRef?.source ?? null,
      externalId: externalRef?.externalId ?? null,
    }),
  )
  const insights = await insightsOf(tx, tenantId, [...new Set(stored.map(({ customerId }) => customerId))])
  const { formula, tenant } = await configOf(tx, tenantId)
  // Each statement's rows are made while the database works on the one before.
  await storeTickets(tx, stored, { tenant, formula, insights })
  await firstStatistics(tx)
  await storeMessages(tx, tenantId, stored, agents)
  await storeNotes(tx, tenantId, stored, agents)
  await storeContacts(tx, tenantId, stored)
  await record(tx, tenantId, stored, now)
  // Read once more, after the tickets were written: whoever saves an alert from now on waits for this transaction.
  const { alerts } = await configOf(tx, tenantId)
  const open = stored.filter(({ status }) => status === 'OPEN').map(({ id }) => id)
  if (alerts.length > 0) await syncTickets(tx, tenantId, open, now)
  await needAgentsStill(tx, tenantId, stored)
}

/**
 * Holds off the deactivation of agents who have something to do; if one was deactivated since they were looked up, the batch is tried again.
 * Last, so that whoever gives such an agent a ticket meanwhile need not wait for the whole batch.
 */
async function needAgentsStill(tx: Db, tenantId: string, stored: readonly StoredTicket[]): Promise<void> {
  const ids = new Set(stored.flatMap(({ status, assigneeId }) => (status === 'CLOSED' ? [] : (assigneeId ?? []))))
  if (ids.size === 0) return
  const agents = await tx.$queryRaw<{ isActive: boolean }[]>`
    SELECT is_active AS "isActive" FROM agent WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR SHARE`
  if (agents.some(({ isActive }) => !isActive)) throw new RetryTransaction('An agent was just deactivated.')
}

/** What is still to be done is nobody's where its agent was deactivated, as it would be had they left here. */
function assigneeOf(
  { assigneeEmail, status }: Pick<Placed, 'assigneeEmail' | 'status'>,
  { agents, deactivated }: Known,
): string | null {
  const id = assigneeEmail === null ? undefined : agents.get(assigneeEmail)
  return id === undefined || (status !== 'CLOSED' && deactivated.has(id)) ? null : id
}

/** Imported tickets have no events: the trail says when they came, and how many. */
function record(tx: Db, tenantId: string, tickets: readonly StoredTicket[], now: Date): Promise<void> {
  const count = (field: string, to: number) => ({ field, from: null, to })
  return recordAudit(tx, {
    tenantId,
    who: { actor: systemActor('IMPORT', 'tickets') },
    now,
    action: 'tickets.imported',
    subjectType: 'tenant',
    subjectId: tenantId,
    changes: [
      count('tickets', tickets.length),
      count(
        'messages',
        tickets.reduce((sum, { messages }) => sum + messages.length, 0),
      ),
      count(
        'notes',
        tickets.reduce((sum, { notes }) => sum + notes.length, 0),
      ),
    ],
  })
}
