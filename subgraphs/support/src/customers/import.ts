import { customerIdOf } from '@quimbi/database/ids.ts'
import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { publish } from '@quimbi/events/outbox.ts'
import { UserErrors, refuse, type UserError } from '@quimbi/service/errors.ts'
import { checkAll } from '../common/check-all.ts'
import type { Db } from '../database.ts'
import { identify, type Owner } from './identity.ts'
import { checkCustomer, type CheckedCustomer, type CustomerFields, type CustomerRecord } from './record.ts'
import { addRefs, ownersOf, refKey, type Ref } from './refs.ts'

export type { CustomerRecord } from './record.ts'

/** What became of a batch of records; the path of an error begins with the record's place in the batch. */
export type ImportResult = { accepted: number; updated: number; duplicates: number; userErrors: UserError[] }

/** A customer as the batch leaves it. */
type State = {
  id: string
  isErased?: boolean
  isKnown: boolean
  isChanged: boolean
  fields: CustomerFields
  refs: Ref[]
}

/**
 * Takes in up to some thousand customers: adds new ones, changes those that differ, names placeholders and absorbs them,
 * by the rules of `identify`. A record may build on an earlier one of the batch. Idempotent; a constant number of
 * statements whatever the size. New and changed ones are announced in the same transaction.
 */
export async function importCustomers(
  tx: Db,
  tenantId: string,
  records: readonly CustomerRecord[],
  now: Date,
): Promise<ImportResult> {
  const { checked, userErrors } = checkAll(records, checkCustomer)
  const owners = await ownersOf(tx, tenantId, distinct(checked.flatMap(({ refs }) => refs)))
  const states = await statesOf(tx, tenantId, checked, owners)
  const ended = await endedAmong(tx, tenantId, checked, states)
  const absorbed = new Map<string, string>()
  const counts = { accepted: 0, updated: 0, duplicates: 0 }

  for (const record of checked) {
    try {
      const known = record.refs.flatMap((ref) => owners.get(refKey(ref)) ?? [])
      const { id: said, absorb } = whose(tenantId, { ...record, id: ended.get(record.id ?? '') ?? record.id }, known)
      const id = final(said, absorbed)
      if (states.get(id)?.isErased)
        refuse('CONFLICT', 'This person asked to be forgotten.', [String(record.index), 'id'])
      const parts = absorb.flatMap((other) => states.get(other) ?? [])
      const { state, outcome } = merge(states.get(id), id, record, { owners, parts, now })
      states.set(id, state)
      counts[outcome] += 1
      const named = state.fields.name !== null
      for (const other of absorb) absorbed.set(other, id)
      for (const ref of record.refs) owners.set(refKey(ref), { customerId: id, named })
      settle(owners, absorb, { customerId: id, named })
    } catch (error) {
      if (!(error instanceof UserErrors)) throw error
      userErrors.push(...error.errors)
    }
  }
  await write(tx, tenantId, states, absorbed, now)
  return { ...counts, userErrors }
}

type Placed = CheckedCustomer & { index: number }

const distinct = (refs: readonly Ref[]): Ref[] => [...new Map(refs.map((ref) => [refKey(ref), ref])).values()]

/** The id of a record; a given one stands, and then another named customer may not have its references. */
function whose(
  tenantId: string,
  { id, refs, index }: Placed,
  owners: readonly Owner[],
): { id: string; absorb: string[] } {
  const path = [String(index), 'externalRefs']
  if (id === null) return identify(tenantId, refs, owners, path)
  const others = owners.filter((owner) => owner.customerId !== id)
  if (others.some((owner) => owner.named))
    refuse('CONFLICT', 'An external reference belongs to another customer.', path)
  return { id, absorb: [...new Set(others.map((owner) => owner.customerId))] }
}

/** Points the batch's references at who has them now. */
function settle(owners: Map<string, Owner>, absorb: readonly string[], owner: Owner): void {
  if (absorb.length === 0) return
  for (const [key, { customerId }] of owners) if (absorb.includes(customerId)) owners.set(key, owner)
}

async function statesOf(tx: Db, tenantId: string, checked: readonly Placed[], owners: ReadonlyMap<string, Owner>) {
  const ids = new Set([...owners.values()].map((owner) => owner.customerId))
  for (const { id, refs } of checked) {
    if (id) ids.add(id)
    else if (refs[0]) ids.add(customerIdOf(tenantId, refs[0].source, refs[0].externalId))
  }
  return lockStates(tx, tenantId, [...ids])
}

/** Ids that a merge ended, with the person's. Looked for once all else is locked, and added to the states: a merge meanwhile is seen. */
async function endedAmong(tx: Db, tenantId: string, checked: readonly Placed[], states: Map<string, State>) {
  const missing = checked.flatMap(({ id }) => (id !== null && !states.has(id) ? [id] : []))
  if (missing.length === 0) return new Map<string, string>()
  const aliases = await tx.customerAlias.findMany({ where: { tenantId, id: { in: missing } } })
  const people = aliases.map(({ customerId }) => customerId).filter((id) => !states.has(id))
  if (people.length > 0) for (const [id, state] of await lockStates(tx, tenantId, people)) states.set(id, state)
  return new Map(aliases.map(({ id, customerId }) => [id, customerId]))
}

async function lockStates(tx: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, State>> {
  // Locked in one order everywhere: what is compared here must still be so when it is written.
  const rows = await tx.$queryRaw<(CustomerFields & { id: string; isErased: boolean })[]>`
    SELECT id, name, email, phone, locale, time_zone AS "timeZone", tags, is_vip AS "isVip", created_at AS "createdAt",
      last_contact_at AS "lastContactAt", erased_at IS NOT NULL AS "isErased"
    FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`
  return new Map(
    rows.map(({ id, isErased, ...fields }): [string, State] => [
      id,
      { id, isErased, isKnown: true, isChanged: false, fields, refs: [] },
    ]),
  )
}

const unknown = (now: Date): CustomerFields => ({
  ...{ name: null, email: null, phone: null, locale: null, timeZone: null, tags: [], isVip: false },
  ...{ createdAt: now, lastContactAt: null },
})

/** `parts` are the placeholders that become this customer. */
type Merging = { owners: ReadonlyMap<string, Owner>; parts: readonly State[]; now: Date }

function merge(before: State | undefined, id: string, record: Placed, { owners, parts, now }: Merging) {
  const old = before?.fields ?? unknown(now)
  const fields = { ...old, ...record.fields }
  fields.name ??= old.name // a name once learnt is not unlearnt
  // A contact that was seen since, or under another reference, is not forgotten.
  for (const { lastContactAt } of [old, ...parts.map((part) => part.fields)]) {
    if (lastContactAt && !(fields.lastContactAt && fields.lastContactAt > lastContactAt))
      fields.lastContactAt = lastContactAt
  }
  const newRefs = record.refs.some((ref) => owners.get(refKey(ref))?.customerId !== id)
  const differs = JSON.stringify(fields) !== JSON.stringify(old)
  const changes = !before || differs || newRefs || parts.length > 0
  const refs = changes ? distinct([...(before?.refs ?? []), ...record.refs]) : (before?.refs ?? [])
  const state: State = {
    id,
    isKnown: before?.isKnown ?? false,
    isChanged: changes || (before?.isChanged ?? false),
    fields,
    refs,
  }
  return { state, outcome: !before ? ('accepted' as const) : changes ? ('updated' as const) : ('duplicates' as const) }
}

async function write(tx: Db, tenantId: string, states: Map<string, State>, absorbed: Map<string, string>, now: Date) {
  const changed = [...states.values()].filter(({ isChanged }) => isChanged)
  if (changed.length === 0) return
  await upsert(tx, tenantId, changed, now)
  await absorbAll(tx, tenantId, absorbed)
  const kept = changed.filter(({ id }) => !absorbed.has(id))
  const refs = changed.flatMap((state) => state.refs.map((ref) => ({ ...ref, customerId: final(state.id, absorbed) })))
  await claimRefs(tx, tenantId, refs)
  await publish(
    tx,
    kept.map(({ id, refs }) => ({
      tenantId,
      type: 'customer.saved',
      occurredAt: now,
      payload: { customerId: id, refs },
    })),
  )
}

function final(id: string, absorbed: ReadonlyMap<string, string>): string {
  const into = absorbed.get(id)
  return into === undefined ? id : final(into, absorbed)
}

async function upsert(tx: Db, tenantId: string, states: readonly State[], now: Date): Promise<void> {
  const rows = states.map(({ id, fields }) => ({ id, ...fields })).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  await tx.$executeRaw`
    INSERT INTO customer (tenant_id, id, name, email, phone, locale, time_zone, tags, is_vip, last_contact_at, created_at, updated_at)
    SELECT ${tenantId}::uuid, id, name, email, phone, locale, "timeZone", tags, "isVip", "lastContactAt", "createdAt", ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, name text, email text, phone text, locale text,
      "timeZone" text, tags text[], "isVip" boolean, "lastContactAt" timestamptz, "createdAt" timestamptz)
    ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone,
      locale = excluded.locale, time_zone = excluded.time_zone, tags = excluded.tags, is_vip = excluded.is_vip,
      last_contact_at = excluded.last_contact_at, created_at = excluded.created_at, updated_at = excluded.updated_at`
}

/** As `absorb`, for many pairs at once. */
async function absorbAll(tx: Db, tenantId: string, absorbed: ReadonlyMap<string, string>): Promise<void> {
  if (absorbed.size === 0) return
  const from = [...absorbed.keys()]
  const into = from.map((id) => final(id, absorbed))
  await tx.$queryRaw`
    SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${from}::uuid[]) ORDER BY id FOR UPDATE`
  await tx.$executeRaw`
    UPDATE customer_ref r SET customer_id = pair.into_id FROM unnest(${from}::uuid[], ${into}::uuid[]) AS pair (from_id, into_id)
    WHERE r.tenant_id = ${tenantId}::uuid AND r.customer_id = pair.from_id`
  await tx.$executeRaw`
    UPDATE customer_alias a SET customer_id = pair.into_id FROM unnest(${from}::uuid[], ${into}::uuid[]) AS pair (from_id, into_id)
    WHERE a.tenant_id = ${tenantId}::uuid AND a.customer_id = pair.from_id`
  await tx.$executeRaw`
    UPDATE data_export e SET customer_id = pair.into_id FROM unnest(${from}::uuid[], ${into}::uuid[]) AS pair (from_id, into_id)
    WHERE e.tenant_id = ${tenantId}::uuid AND e.customer_id = pair.from_id`
  await tx.$executeRaw`
    UPDATE ticket t SET customer_id = pair.into_id FROM unnest(${from}::uuid[], ${into}::uuid[]) AS pair (from_id, into_id)
    WHERE t.tenant_id = ${tenantId}::uuid AND t.customer_id = pair.from_id`
  await tx.customer.deleteMany({ where: { tenantId, id: { in: from } } })
}

// Another transaction may have taken a reference since it was looked up: then all of this is run again.
async function claimRefs(tx: Db, tenantId: string, refs: readonly (Ref & { customerId: string })[]): Promise<void> {
  await addRefs(tx, tenantId, refs)
  const owners = await ownersOf(tx, tenantId, distinct(refs))
  if (refs.some((ref) => owners.get(refKey(ref))?.customerId !== ref.customerId)) throw new RetryTransaction()
}
