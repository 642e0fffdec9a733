import { publish } from '@quimbi/events/outbox.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Customer } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { findCustomers } from '../customers/find.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { rerankTickets } from '../scoring/rerank.ts'
import { changeTickets } from '../tickets/change.ts'
import { holdCustomers } from './hold.ts'

const atFrom = ['input', 'fromId']
const atInto = ['input', 'intoId']

/**
 * Makes one customer of two records of the same person: tickets, references and earlier ids move to the one that goes on, which also takes
 * what it lacks. The id that ends still finds the person. To be run in a transaction that is retried (`transact`).
 */
export async function mergeCustomers(
  tx: Db,
  viewer: Viewer,
  input: { fromId: string; intoId: string },
  now: Date,
): Promise<Customer> {
  need(viewer, 'ticket:read_all')
  need(viewer, 'customer:write')
  const { tenantId } = viewer
  const { from, into, fromTickets, intoTickets } = await holdBoth(tx, tenantId, input)
  const merged = mergedFields(from, into)
  // On both: the tickets that move are ranked while they still are of the one that ends.
  await tx.customer.updateMany({
    where: { tenantId, id: { in: [from.id, into.id] } },
    data: { ...merged, updatedAt: now },
  })
  const who = doerOf(viewer)
  const reason = 'Two records of the customer became one.'
  await changeTickets(tx, { tenantId, who, now, ids: fromTickets }, () => [
    { type: 'TICKET_UPDATED', set: { customerId: into.id }, reason },
  ])
  const { clockOffsetSeconds } = await tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
  const realNow = new Date(now.getTime() - clockOffsetSeconds * 1_000)
  await rerankTickets(tx, { tenantId, ids: intoTickets, who, now: realNow, reason, isTold: true })
  await moveIds(tx, tenantId, from.id, into.id, now)
  await announce(tx, tenantId, from.id, into.id, now)
  const after = await tx.customer.findFirstOrThrow({ where: { tenantId, id: into.id } })
  const changes = [
    { field: 'mergedFrom', from: null, to: from.id },
    ...differences<Customer>(into, after, ['name', 'email', 'phone', 'locale', 'timeZone', 'tags', 'isVip']),
  ]
  const subject = { subjectType: 'customer', subjectId: into.id }
  await recordAudit(tx, { tenantId, who, now, action: 'customer.merged', ...subject, changes })
  return after
}

/** Both locked. NOT_FOUND, INVALID for one record given twice, CONFLICT for a person who was erased. */
async function holdBoth(tx: Db, tenantId: string, { fromId, intoId }: { fromId: string; intoId: string }) {
  const asked = { from: fromId.toLowerCase(), into: intoId.toLowerCase() }
  const found = await findCustomers(tx, tenantId, Object.values(asked))
  const idOf = (id: string, path: string[]) =>
    found.get(id)?.id ?? refuse('NOT_FOUND', 'There is no such customer.', path)
  const ids = { from: idOf(asked.from, atFrom), into: idOf(asked.into, atInto) }
  if (ids.from === ids.into) refuse('INVALID', 'They are one customer already.', atInto)
  const [from, into] = await holdCustomers(tx, tenantId, [ids.from, ids.into])
  const needPerson = ({ erasedAt }: Customer, path: string[]) =>
    erasedAt !== null && refuse('CONFLICT', 'This person asked to be forgotten.', path)
  needPerson(from.customer, atFrom)
  needPerson(into.customer, atInto)
  return {
    ...{ from: from.customer, into: into.customer },
    ...{ fromTickets: from.ticketIds, intoTickets: into.ticketIds },
  }
}

/** What is known of the person by both records; where both say something, the one that goes on is right. Pure. */
export function mergedFields(from: Customer, into: Customer) {
  const isFresher = (mine: Date | null, theirs: Date | null) => mine !== null && (theirs === null || mine > theirs)
  const heard = isFresher(from.lastContactAt, into.lastContactAt) ? from : into
  const judged = isFresher(from.insightAt, into.insightAt) ? from : into
  return {
    name: into.name ?? from.name,
    email: into.email ?? from.email,
    phone: into.phone ?? from.phone,
    locale: into.locale ?? from.locale,
    timeZone: into.timeZone ?? from.timeZone,
    tags: [...new Set([...into.tags, ...from.tags])],
    isVip: into.isVip || from.isVip,
    lastContactAt: heard.lastContactAt,
    lastChannel: heard.lastChannel,
    churnRisk: judged.churnRisk,
    lifetimeValue: judged.lifetimeValue,
    archetype: judged.archetype,
    insightAt: judged.insightAt,
    createdAt: from.createdAt < into.createdAt ? from.createdAt : into.createdAt,
  }
}

async function moveIds(tx: Db, tenantId: string, fromId: string, intoId: string, now: Date): Promise<void> {
  const [where, data] = [{ tenantId, customerId: fromId }, { customerId: intoId }]
  await tx.customerRef.updateMany({ where, data })
  // Earlier ids too: one step from any of them to the person.
  await tx.customerAlias.updateMany({ where, data })
  await tx.dataExport.updateMany({ where, data })
  await tx.customer.deleteMany({ where: { tenantId, id: fromId } })
  await tx.customerAlias.create({ data: { tenantId, id: fromId, customerId: intoId, createdAt: now } })
}

async function announce(tx: Db, tenantId: string, fromId: string, intoId: string, now: Date): Promise<void> {
  const rows = await tx.customerRef.findMany({ where: { tenantId, customerId: intoId } })
  const refs = rows.map(({ source, externalId }) => ({ source, externalId }))
  await publish(tx, [
    { tenantId, type: 'customer.merged', occurredAt: now, payload: { fromId, intoId } },
    { tenantId, type: 'customer.saved', occurredAt: now, payload: { customerId: intoId, refs } },
  ])
}
