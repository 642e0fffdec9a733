import { publish } from '@quimbi/events/outbox.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { findCustomer } from '../customers/find.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { eraseEntries } from '../log/erase.ts'
import { changeTickets } from '../tickets/change.ts'
import { addressesOf } from './addresses.ts'
import { holdCustomers } from './hold.ts'
import { dropFiles, emptyMessages, removeBytes, type Bytes, type Said } from './said.ts'
import { eraseDeliveries, eraseTexts } from './texts.ts'

const nobody = {
  ...{ name: 'Erased customer', email: null, phone: null, locale: null, timeZone: null, tags: [], isVip: false },
  ...{ churnRisk: null, lifetimeValue: null, archetype: null, insightAt: null, lastChannel: null },
}

/**
 * Forgets a person: what they are called and reached by, what was said with them and written about them, in tables, files and log. The
 * record, its tickets and messages stay, empty, so that counts hold. Irrevocable; again changes nothing. To be run in a transaction that
 * is retried (`transact`).
 */
export async function eraseCustomer(
  tx: Db,
  viewer: Viewer,
  input: { id: string },
  now: Date,
  bytes: Bytes,
): Promise<{ deletedId: string }> {
  need(viewer, 'customer:erase')
  const { tenantId } = viewer
  const known = await findCustomer(tx, tenantId, input.id)
  if (!known) return refuse('NOT_FOUND', 'There is no such customer.', ['input', 'id'])
  const [{ customer, ticketIds }] = await holdCustomers(tx, tenantId, [known.id])
  const { id } = customer
  if (customer.erasedAt) return { deletedId: id }
  const aliases = await tx.customerAlias.findMany({ where: { tenantId, customerId: id }, select: { id: true } })
  const ids = [id, ...aliases.map((alias) => alias.id)]
  const addresses = await addressesOf(tx, customer)
  const said = await saidWith(tx, tenantId, ticketIds, addresses)
  const messageIds = said.map((message) => message.id)

  await eraseDeliveries(tx, tenantId, ticketIds)
  await forgetAddresses(tx, tenantId, messageIds, addresses)
  const files = await dropFiles(tx, tenantId, messageIds)
  await emptyMessages(tx, tenantId, messageIds, now)
  await eraseTexts(tx, tenantId, ticketIds)
  await eraseRecord(tx, tenantId, ids, now)
  await tx.idempotencyRecord.deleteMany({
    where: { tenantId, resultId: { in: [...ids, ...ticketIds, ...messageIds] } },
  })
  await tx.$executeRaw`SELECT app.erase_audit(${[...ids, ...ticketIds, ...messageIds]}::text[])`
  await eraseEntries(tx, { ticketIds, customerIds: ids })

  const who = doerOf(viewer)
  // Who looks at one of the tickets sees it go, and the rank without the person's value.
  await changeTickets(tx, { tenantId, who, now, ids: ticketIds }, ({ ticket }) => [
    { type: 'TICKET_UPDATED', set: { revision: ticket.revision + 1 }, reason: 'The customer was erased.' },
  ])
  await publish(tx, [{ tenantId, type: 'customer.erased', occurredAt: now, payload: { customerId: id } }])
  const subject = { subjectType: 'customer', subjectId: id }
  await recordAudit(tx, { tenantId, who, now, action: 'customer.erased', ...subject })
  await removeBytes(bytes, files, said)
  return { deletedId: id }
}

// No index on addresses: reads the tenant's messages once, which happens rarely enough.
/** All that was said on the person's tickets, and what they wrote on others'. */
function saidWith(tx: Db, tenantId: string, ticketIds: readonly string[], addresses: readonly string[]) {
  return tx.$queryRaw<Said[]>`
    SELECT m.id, coalesce(m.channel, t.channel) AS channel
    FROM message m JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id
    WHERE m.tenant_id = ${tenantId}::uuid
      AND (m.ticket_id = ANY (${[...ticketIds]}::uuid[]) OR lower(m.author_email) = ANY (${[...addresses]}::text[]))`
}

/** Also the counts of what went out to an address, which name it. */
async function forgetAddresses(
  tx: Db,
  tenantId: string,
  messageIds: readonly string[],
  addresses: readonly string[],
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM recipient_fuse WHERE tenant_id = ${tenantId}::uuid AND (lower(recipient) = ANY (${[...addresses]}::text[])
      OR lower(recipient) IN (SELECT lower(recipient) FROM message WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...messageIds]}::uuid[])
        UNION SELECT lower(author_email) FROM message
          WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...messageIds]}::uuid[]) AND NOT from_agent))`
  await tx.$executeRaw`
    UPDATE message SET recipient = NULL WHERE tenant_id = ${tenantId}::uuid AND lower(recipient) = ANY (${[...addresses]}::text[])`
}

async function eraseRecord(tx: Db, tenantId: string, ids: readonly string[], now: Date): Promise<void> {
  const [id = ''] = ids
  await tx.customerRef.deleteMany({ where: { tenantId, customerId: id } })
  await tx.dataExport.deleteMany({ where: { tenantId, customerId: { in: [...ids] } } })
  await tx.customer.updateMany({ where: { tenantId, id }, data: { ...nobody, erasedAt: now, updatedAt: now } })
}
