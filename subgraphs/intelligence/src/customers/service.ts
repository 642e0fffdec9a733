import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { isStorable } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import type { Loaders } from '../loaders.ts'

type Looks = Pick<Loaders['lookByCustomer'], 'load'>

/** The customer if Intelligence knows it. */
export async function customerInsight(looks: Looks, viewer: Viewer, id: string): Promise<{ id: string } | null> {
  requireScope(viewer, 'insight:read')
  if (!isUuid(id)) return null
  const { known } = await looks.load(id.toLowerCase())
  return known && { id: known.customerId }
}

/** Most customers that one call asks for. */
const maxCustomers = 100

/** Those that Intelligence knows, in the order of the ids, null for the others; one statement. BAD_USER_INPUT for more than 100. */
export async function customerInsights(
  looks: Looks,
  viewer: Viewer,
  ids: readonly string[],
): Promise<({ id: string } | null)[]> {
  requireScope(viewer, 'insight:read')
  if (ids.length > maxCustomers) throw codedError('BAD_USER_INPUT', `At most ${maxCustomers} customers a call`)
  return Promise.all(ids.map((id) => customerInsight(looks, viewer, id)))
}

/** The same, by a source's own id. */
export async function customerInsightByRef(db: Db, viewer: Viewer, source: string, externalId: string) {
  requireScope(viewer, 'insight:read')
  if (!isStorable(source + externalId)) return null
  const ref = await db.customerRef.findFirst({ where: { tenantId: viewer.tenantId, source, externalId } })
  return ref && { id: ref.customerId }
}
