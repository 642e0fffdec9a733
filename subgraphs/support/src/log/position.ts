import { encodePosition, logBounds } from '@quimbi/subgraph/log-cursor.ts'
import type { SupportDatabase } from '../database.ts'

/** The cursor after which only what comes from now on is told. */
export async function positionNow(database: Pick<SupportDatabase, 'forTenant'>, tenantId: string): Promise<string> {
  return encodePosition(tenantId, (await logBounds(database.forTenant(tenantId), tenantId)).head)
}
