import { codedError } from '@quimbi/service/errors.ts'
import { byKey, isUuid } from '@quimbi/service/loaders.ts'
import { isStorable } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'

/** The customer if Intelligence knows it. */
export async function customerInsight(db: Db, viewer: Viewer, id: string): Promise<{ id: string } | null> {
  requireScope(viewer, 'insight:read')
  if (!isUuid(id)) return null
  return db.customer.findFirst({ where: { tenantId: viewer.tenantId, id }, select: { id: true } })
}

/** Most customers that one call asks for. */
const maxCustomers = 100

/** Those that Intelligence knows, in the order of the ids, null for the others; one statement. BAD_USER_INPUT for more than 100. */
export async function customerInsights(
  db: Db,
  viewer: Viewer,
  ids: readonly string[],
): Promise<({ id: string } | null)[]> {
  requireScope(viewer, 'insight:read')
  if (ids.length > maxCustomers) throw codedError('BAD_USER_INPUT', `At most ${maxCustomers} customers a call`)
  const asked = ids.map((id) => id.toLowerCase())
  const where = { tenantId: viewer.tenantId, id: { in: [...new Set(asked.filter(isUuid))] } }
  return byKey(asked, await db.customer.findMany({ where, select: { id: true } }), ({ id }) => id)
}

/** The same, by a source's own id. */
export async function customerInsightByRef(db: Db, viewer: Viewer, source: string, externalId: string) {
  requireScope(viewer, 'insight:read')
  if (!isStorable(source + externalId)) return null
  const ref = await db.customerRef.findFirst({ where: { tenantId: viewer.tenantId, source, externalId } })
  return ref && { id: ref.customerId }
}
