import { customerIdOf } from '@quimbi/database/ids.ts'
import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { type UserError, type UserErrorCode } from '@quimbi/service/errors.ts'
import { checkAll } from '../common/check-all.ts'
import { addRefs, erasedAmong, ownersOf, refKey, type Ref } from '../customers/refs.ts'
import type { Db } from '../database.ts'
import { configOf } from '../tenants/config.ts'
import { lockNumbers, raiseNumbers, takeNumbers } from './numbers.ts'
import { storeMessages, storeTickets, type StoredTicket } from './import-store.ts'
import { checkTicket, type CheckedTicket, type TicketRecord } from './record.ts'

export type TicketImportOptions = {
  /** take a ticket whose assignee is not here as unassigned, instead of refusing it */
  unassignUnknown?: boolean
}

/** What became of a batch of records; the path of an error begins with the record's place in the batch. */
export type TicketImportResult = { accepted: number; updated: number; duplicates: number; userErrors: UserError[] }

type Placed = CheckedTicket & { index: number }

/**
 * Takes in up to some thousand tickets with their messages. One that is known, by id or by external reference, is left
 * alone: history is not rewritten. A customer known only by a reference gets a placeholder. A constant number of
 * statements whatever the size.
 */
export async function importTickets(
  tx: Db,
  tenantId: string,
  records: readonly TicketRecord[],
  now: Date,
  { unassignUnknown = false }: TicketImportOptions = {},
): Promise<TicketImportResult> {
  const { checked, userErrors } = checkAll(records, (record, path) => checkTicket(tenantId, record, path))
  if (checked.length === 0) return { accepted: 0, updated: 0, duplicates: 0, userErrors }
  // First of all, since it holds off whoever would take a number, or the same tickets, until this is done.
  await lockNumbers(tx, tenantId)
  const fresh = await unknownTickets(tx, tenantId, checked)
  const [numbers, messages] = [await takenNumbers(tx, tenantId, fresh), await takenMessages(tx, tenantId, fresh)]
  const agents = await agentsOf(tx, tenantId, fresh)
  const customers = await customersOf(tx, tenantId, fresh)

  const refusal = (ticket: Placed): [UserErrorCode, string, string] | null => {
    if (!customers.has(customerKey(ticket))) return ['NOT_FOUND', 'There is no such customer.', 'customer']
    if (ticket.number !== null && numbers.has(ticket.number))
      return ['CONFLICT', 'Another ticket has this number.', 'number']
    if (ticket.messages.some(({ id }, at, all) => messages.has(id) || all.findIndex((one) => one.id === id) !== at)) {
      return ['CONFLICT', 'There is a message with this id already.', 'messages']
    }
    if (ticket.assigneeEmail !== null && !agents.has(ticket.assigneeEmail) && !unassignUnknown) {
      return ['NOT_FOUND', `There is no agent ${ticket.assigneeEmail}.`, 'assigneeEmail']
    }
    return null
  }
  const accepted = fresh.filter((ticket) => {
    const refused = refusal(ticket)
    if (refused) {
      const [code, message, field] = refused
      userErrors.push({ code, message, path: [String(ticket.index), field] })
      return false
    }
    if (ticket.number !== null) numbers.add(ticket.number)
    for (const { id } of ticket.messages) messages.add(id)
    return true
  })
  await meetCustomers(tx, tenantId, accepted, customers, now)
  const given = accepted.flatMap(({ number }) => number ?? [])
  await raiseNumbers(tx, tenantId, given)
  let next = await takeNumbers(tx, tenantId, accepted.length - given.length)
  const stored = accepted.map(
    ({ index: _index, customer: _customer, externalRef, assigneeEmail, ...ticket }): StoredTicket => ({
      ...ticket,
      number: ticket.number ?? next++,
      customerId: customers.get(customerKey({ customer: _customer }))?.id ?? '',
      assigneeId: (assigneeEmail !== null && agents.get(assigneeEmail)) || null,
      externalSource: externalRef?.source ?? null,
      externalId: externalRef?.externalId ?? null,
    }),
  )
  await storeTickets(tx, tenantId, stored, (await configOf(tx, tenantId)).formula)
  await storeMessages(tx, tenantId, stored, agents)
  return { accepted: accepted.length, updated: 0, duplicates: checked.length - fresh.length, userErrors }
}

/** The tickets that are neither in the database nor earlier in the batch, by id or by external reference. */
async function unknownTickets(tx: Db, tenantId: string, checked: readonly Placed[]): Promise<Placed[]> {
  const refs = checked.flatMap(({ externalRef }) => externalRef ?? [])
  const rows = await tx.$queryRaw<{ id: string; source: string | null; externalId: string | null }[]>`
    SELECT id, external_source AS source, external_id AS "externalId" FROM ticket
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${checked.map(({ id }) => id)}::uuid[])
    UNION ALL
    SELECT t.id, t.external_source, t.external_id
    FROM unnest(${refs.map(({ source }) => source)}::text[], ${refs.map(({ externalId }) => externalId)}::text[]) AS r (source, id)
    JOIN ticket t ON t.tenant_id = ${tenantId}::uuid AND t.external_source = r.source AND t.external_id = r.id`
  const known = new Set(
    rows.flatMap(({ id, source, externalId }) => keysOf(id, source && externalId ? { source, externalId } : null)),
  )
  return checked.filter(({ id, externalRef }) => {
    const keys = keysOf(id, externalRef)
    if (keys.some((key) => known.has(key))) return false
    for (const key of keys) known.add(key)
    return true
  })
}

const keysOf = (id: string, externalRef: Ref | null): string[] => (externalRef ? [id, refKey(externalRef)] : [id])

async function takenNumbers(tx: Db, tenantId: string, tickets: readonly Placed[]): Promise<Set<number>> {
  const given = tickets.flatMap(({ number }) => number ?? [])
  const rows = await tx.ticket.findMany({ where: { tenantId, number: { in: given } }, select: { number: true } })
  return new Set(rows.map(({ number }) => number))
}

async function takenMessages(tx: Db, tenantId: string, tickets: readonly Placed[]): Promise<Set<string>> {
  const ids = tickets.flatMap(({ messages }) => messages.map(({ id }) => id))
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM message WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${ids}::uuid[])`
  return new Set(rows.map(({ id }) => id))
}

/** Agents' ids by address: assignees and authors. */
async function agentsOf(tx: Db, tenantId: string, tickets: readonly Placed[]): Promise<Map<string, string>> {
  const emails = tickets.flatMap(({ assigneeEmail, messages }) => [
    assigneeEmail,
    ...messages.map(({ fromAgent, authorEmail }) => (fromAgent ? authorEmail : null)),
  ])
  const wanted = [...new Set(emails.filter((email) => email !== null))]
  const rows = await tx.agent.findMany({
    where: { tenantId, email: { in: wanted } },
    select: { id: true, email: true },
  })
  return new Map(rows.map(({ id, email }) => [email, id]))
}

type Found = { id: string; isNew: boolean }

const customerKey = ({ customer }: Pick<Placed, 'customer'>): string =>
  'id' in customer ? customer.id : refKey(customer)

/** The customers of the tickets by `customerKey`; one named by an unknown id is missing. */
async function customersOf(tx: Db, tenantId: string, tickets: readonly Placed[]): Promise<Map<string, Found>> {
  const refs = new Map<string, Ref>()
  const ids = new Set<string>()
  for (const { customer } of tickets) {
    if ('id' in customer) ids.add(customer.id)
    else refs.set(refKey(customer), customer)
  }
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[]) AND erased_at IS NULL`
  const owners = await ownersOf(tx, tenantId, [...refs.values()])
  const found = new Map<string, Found>(rows.map(({ id }) => [id, { id, isNew: false }]))
  const met = new Map(
    [...refs].flatMap(([key, { source, externalId }]) =>
      owners.has(key) ? [] : [[key, customerIdOf(tenantId, source, externalId)] as const],
    ),
  )
  const gone = await erasedAmong(tx, tenantId, [...met.values()])
  for (const [key, { customerId: id }] of owners) found.set(key, { id, isNew: false })
  for (const [key, id] of met) if (!gone.has(id)) found.set(key, { id, isNew: true })
  return found
}

/** Placeholders for the customers that only a reference names, as for those that Intelligence saw first. */
async function meetCustomers(
  tx: Db,
  tenantId: string,
  tickets: readonly Placed[],
  found: ReadonlyMap<string, Found>,
  now: Date,
) {
  const met = new Map<string, Ref>()
  for (const { customer } of tickets) {
    const known = found.get(customerKey({ customer }))
    if (known?.isNew && 'source' in customer) met.set(known.id, customer)
  }
  if (met.size === 0) return
  const ids = [...met.keys()].toSorted()
  await tx.customer.createMany({
    data: ids.map((id) => ({ tenantId, id, createdAt: now, updatedAt: now })),
    skipDuplicates: true,
  })
  const refs = [...met].map(([customerId, ref]) => ({ ...ref, customerId }))
  const added = await addRefs(tx, tenantId, refs)
  // Somebody was given the reference since it was looked up: the tickets are that customer's.
  if (added.length < refs.length) await refuseOthers(tx, tenantId, refs)
}

async function refuseOthers(tx: Db, tenantId: string, refs: readonly (Ref & { customerId: string })[]): Promise<void> {
  const owners = await ownersOf(tx, tenantId, refs)
  if (refs.some((ref) => owners.get(refKey(ref))?.customerId !== ref.customerId)) throw new RetryTransaction()
}
