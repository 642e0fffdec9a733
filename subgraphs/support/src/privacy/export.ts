import { newId } from '@quimbi/database/ids.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { codedError, refuse } from '@quimbi/service/errors.ts'
import type { Links } from '@quimbi/service/links.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { findCustomer } from '../customers/find.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { gatherPerson, type PersonSource } from './person.ts'

export const exportMs = 24 * 3_600_000

export type ExportDependencies = {
  db: Db
  transact<T>(run: (tx: Db) => Promise<T>): Promise<T>
  /** The tenant's; links and expiry are on the real one. */
  clock: Clock
  realClock: Clock
  links: Links
  publicUrl: string
  person?: PersonSource | undefined
}

/**
 * Writes down all that is known of a person, here and in Intelligence, for whoever has the link, for 24 hours. NOT_FOUND; CONFLICT for one
 * who was erased; throws SUBGRAPH_UNAVAILABLE rather than leave half of it out.
 */
export async function exportCustomerData(
  viewer: Viewer,
  input: { id: string },
  { db, transact, clock, realClock, links, publicUrl, person }: ExportDependencies,
): Promise<{ url: string; expiresAt: Date }> {
  need(viewer, 'audit:read')
  const { tenantId } = viewer
  const path = ['input', 'id']
  const known = await findCustomer(db, tenantId, input.id)
  if (!known) return refuse('NOT_FOUND', 'There is no such customer.', path)
  if (known.erasedAt) return refuse('CONFLICT', 'This person asked to be forgotten.', path)
  const intelligence = person ? await ask(person, tenantId, known.id) : 'not available in this installation'
  const now = realClock.now()
  const expiresAt = new Date(now.getTime() + exportMs)
  const id = newId()
  await transact(async (tx) => {
    // Who erases the person waits for this, and then finds it; who did so first is seen here.
    await tx.$queryRaw`SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ${known.id}::uuid FOR SHARE`
    const customer = await findCustomer(tx, tenantId, known.id)
    if (!customer || customer.erasedAt) refuse('CONFLICT', 'This person asked to be forgotten.', path)
    const content = JSON.stringify(
      { exportedAt: clock.now(), ...(await gatherPerson(tx, customer)), intelligence },
      null,
      2,
    )
    const requestedBy = viewer.kind === 'agent' ? viewer.agentId : tenantId
    await tx.dataExport.create({
      data: { tenantId, id, customerId: customer.id, requestedBy, content, createdAt: now, expiresAt },
    })
    const subject = { subjectType: 'customer', subjectId: customer.id }
    const changes = [{ field: 'export', from: null, to: id }]
    const entry = { tenantId, who: doerOf(viewer), now: clock.now(), action: 'customer.exported', ...subject, changes }
    await recordAudit(tx, entry)
  })
  const token = await links.sign('export', { tenantId, subject: id }, { now, expiresAt })
  return { url: `${publicUrl}/exports/${token}`, expiresAt }
}

async function ask(person: PersonSource, tenantId: string, customerId: string): Promise<object | null> {
  try {
    return await person(tenantId, customerId)
  } catch {
    throw codedError('SUBGRAPH_UNAVAILABLE', 'Intelligence did not answer, and its part would be missing. Try again.', {
      retryable: true,
    })
  }
}

/** Deletes exports of all tenants whose links are over; returns how many. */
export async function purgeExports(system: Db, now: Date): Promise<number> {
  return (await system.dataExport.deleteMany({ where: { expiresAt: { lt: now } } })).count
}
