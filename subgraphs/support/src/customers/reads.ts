import type { Viewer } from '@quimbi/service/viewer.ts'
import { recordAudit } from '../audit/record.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'

/** Keeps which customers' records an agent asked for. What our own services read on somebody's behalf is theirs to tell. */
export async function recordReads(db: Db, viewer: Viewer, ids: readonly string[], now: Date): Promise<void> {
  if (viewer.kind !== 'agent') return
  const entry = {
    tenantId: viewer.tenantId,
    who: doerOf(viewer),
    now,
    action: 'customer.read',
    subjectType: 'customer',
  }
  await recordAudit(db, ...ids.map((subjectId) => ({ ...entry, subjectId })))
}
