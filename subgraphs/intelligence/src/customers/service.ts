import { isUuid } from '@quimbi/service/loaders.ts'
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
  // PostgreSQL knows no such text, and would refuse the question.
  if (`${source}${externalId}`.includes('\u0000')) return null
  const ref = await db.customerRef.findFirst({ where: { tenantId: viewer.tenantId, source, externalId } })
  return ref && { id: ref.customerId }
}
