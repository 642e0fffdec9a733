import { isUuid } from '@quimbi/service/loaders.ts'
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

/** The same, by a source's own id. */
export async function customerInsightByRef(db: Db, viewer: Viewer, source: string, externalId: string) {
  requireScope(viewer, 'insight:read')
  if (!isStorable(source + externalId)) return null
  const ref = await db.customerRef.findFirst({ where: { tenantId: viewer.tenantId, source, externalId } })
  return ref && { id: ref.customerId }
}
