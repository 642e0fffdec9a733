import type { Db } from '../database.ts'
import { markAllStale } from '../profiles/stale.ts'
import { modelKinds } from './kinds.ts'

export type Role = 'CHAMPION' | 'CHALLENGER' | 'RETIRED'

/** Who changes what serves a tenant waits here for the other, until its transaction ends. */
export async function lockModels(tx: Db, tenantId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`models:${tenantId}`}, 0))`
}

/** Makes the models of this version the champions, in the place of those that were; a challenger keeps its share of the customers. */
export async function putToUse(tx: Db, tenantId: string, version: string): Promise<void> {
  const champions = { tenantId, role: 'CHAMPION', kind: { in: [...modelKinds] } }
  await tx.model.updateMany({ where: champions, data: { role: 'RETIRED', trafficShare: 0 } })
  await tx.model.updateMany({ where: { tenantId, version }, data: { role: 'CHAMPION' } })
  await shareTraffic(tx, tenantId)
  await computeAnew(tx, tenantId)
}

// The champion has whom no challenger has.
export async function shareTraffic(tx: Db, tenantId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE model SET traffic_share = 1 - coalesce((
      SELECT max(other.traffic_share) FROM model other WHERE other.tenant_id = ${tenantId}::uuid AND other.kind = model.kind AND other.role = 'CHALLENGER'), 0)
    WHERE tenant_id = ${tenantId}::uuid AND role = 'CHAMPION'`
}

/** After any change of what insight is computed by: whoever keeps models reads them again, and all customers are computed anew. */
export async function computeAnew(tx: Db, tenantId: string): Promise<void> {
  await tx.$executeRaw`UPDATE tenant_profile SET models_version = models_version + 1 WHERE tenant_id = ${tenantId}::uuid`
  await markAllStale(tx, tenantId)
}
