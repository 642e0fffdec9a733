import { Prisma, type Customer } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { addressesOf } from './addresses.ts'

/** What another service knows of a person; null where it knows nothing. May reject. */
export type PersonSource = (tenantId: string, customerId: string) => Promise<object | null>

// Another tenant's rows are out of reach, and the id of our own says nothing to the person.
const without = <T extends { tenantId: string }>({ tenantId: _, ...row }: T): Omit<T, 'tenantId'> => row

/**
 * All that is known of a person here: the record, every ticket with what was said and written on it, what they said on others' tickets, and who
 * looked at or changed it.
 */
export async function gatherPerson(db: Db, customer: Customer): Promise<object> {
  const { tenantId, id } = customer
  const refs = await db.customerRef.findMany({ where: { tenantId, customerId: id } })
  const aliases = await db.customerAlias.findMany({ where: { tenantId, customerId: id } })
  const formerIds = aliases.map((alias) => alias.id)
  const tickets = await db.ticket.findMany({ where: { tenantId, customerId: id }, orderBy: { number: 'asc' } })
  const ids = tickets.map((ticket) => ticket.id)
  const written = await writtenOn(db, tenantId, ids)
  const audit = await db.auditEntry.findMany({
    where: { tenantId, subjectId: { in: [id, ...formerIds, ...ids] } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  })
  const externalRefs = refs.map((ref) => ({ source: ref.source, id: ref.externalId }))
  return {
    customer: { ...without(customer), externalRefs, formerIds },
    tickets: tickets.map((ticket) => ({ ...without(ticket), ...written(ticket.id) })),
    saidElsewhere: await saidElsewhere(db, customer, ids),
    events: await eventsOf(db, tenantId, ids),
    audit: audit.map(without),
  }
}

/** What was said and written on tickets, by ticket. One statement after the other: they share a connection. */
async function writtenOn(db: Db, tenantId: string, ticketIds: string[]) {
  const where = { tenantId, ticketId: { in: ticketIds } }
  const orderBy = [{ createdAt: 'asc' as const }, { id: 'asc' as const }]
  const messages = await db.message.findMany({ where: { ...where, deletedAt: null }, orderBy })
  const links = await db.messageAttachment.findMany({
    where: { tenantId, messageId: { in: messages.map((message) => message.id) } },
    include: { attachment: true },
  })
  const notes = await db.note.findMany({ where, orderBy })
  const decisions = await db.decision.findMany({ where, orderBy: [{ madeAt: 'asc' }, { id: 'asc' }] })
  const actions = await db.actionItem.findMany({ where, orderBy })
  const answers = await db.satisfaction.findMany({ where })
  const filesOf = (id: string) =>
    links
      .filter(({ messageId }) => messageId === id)
      .map(({ attachment: { fileName, contentType, byteSize, sha256 } }) => ({
        fileName,
        contentType,
        byteSize,
        sha256,
      }))
  return (ticketId: string) => {
    const of = <T extends { tenantId: string; ticketId: string }>(rows: readonly T[]) =>
      rows.filter((row) => row.ticketId === ticketId).map(without)
    return {
      messages: of(messages).map((message) => ({ ...message, attachments: filesOf(message.id) })),
      ...{ notes: of(notes), decisions: of(decisions), actions: of(actions) },
      satisfaction: of(answers)[0] ?? null,
    }
  }
}

/** By their address, as an erasure finds it. */
async function saidElsewhere(db: Db, customer: Customer, ticketIds: readonly string[]): Promise<object[]> {
  const addresses = await addressesOf(db, customer)
  if (addresses.length === 0) return []
  return db.$queryRaw<object[]>`
    SELECT id, ticket_id AS "ticketId", author_name AS "authorName", author_email AS "authorEmail", content, created_at AS "createdAt" FROM message
    WHERE tenant_id = ${customer.tenantId}::uuid AND lower(author_email) = ANY (${addresses}::text[]) AND NOT from_agent
      AND ticket_id <> ALL (${[...ticketIds]}::uuid[]) AND deleted_at IS NULL ORDER BY created_at, id`
}

/** What happened to the tickets, as the log tells it; not which of our traces it was in. */
const eventsOf = (db: Db, tenantId: string, ids: readonly string[]) =>
  db.$queryRaw<object[]>(Prisma.sql`
    SELECT sequence::text, type, occurred_at AS "occurredAt", ticket_id AS "ticketId", payload - 'traceparent' AS payload FROM event_log
    WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ANY (${[...ids]}::uuid[]) AND payload IS NOT NULL ORDER BY event_log.sequence`)
