import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Tenant } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { touchConfig } from '../tenants/config.ts'
import { shiftTimers } from '../timers/store.ts'

const longest = 30 * 86_400
/** Some thirty years: later than any demo. */
const furthest = 1_000_000_000

/**
 * Moves a demo tenant's clock forward by up to 30 days: whatever waits for an instant that is over then happens, each at its own instant.
 * INVALID for any other tenant.
 */
export async function advanceDemoClock(
  tx: Db,
  viewer: Viewer,
  { seconds }: { seconds: number },
  now: Date,
): Promise<Tenant> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const path = ['input', 'seconds']
  if (seconds < 1 || seconds > longest) refuse('INVALID', 'A clock moves forward by a second to 30 days.', path)
  // First, since it holds off whoever else moves it.
  await touchConfig(tx, tenantId)
  const { isDemo, clockOffsetSeconds } = await tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
  if (!isDemo) refuse('INVALID', 'Only a demo tenant’s clock can be moved.')
  const offset = clockOffsetSeconds + seconds
  if (offset > furthest) refuse('LIMIT_EXCEEDED', 'The clock is far ahead already.', path)
  await tx.tenant.updateMany({ where: { id: tenantId }, data: { clockOffsetSeconds: offset } })
  await shiftTimers(tx, tenantId, seconds)
  // What is on its way keeps its lease, which is real time.
  await tx.$executeRaw`
    UPDATE message SET next_attempt_at = next_attempt_at - make_interval(secs => ${seconds}::int)
    WHERE tenant_id = ${tenantId}::uuid AND next_attempt_at IS NOT NULL AND delivery_status IN ('HELD', 'QUEUED')`
  const changes = [{ field: 'clockOffsetSeconds', from: clockOffsetSeconds, to: offset }]
  const subject = { subjectType: 'tenant', subjectId: tenantId }
  await recordAudit(tx, { tenantId, who: doerOf(viewer), now, action: 'demo.clock_advanced', ...subject, changes })
  return tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
}
