import { codedError } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../../database.ts'
import { requireManager } from '../../models/permissions.ts'
import { dayOf } from '../model/usage.ts'

export type ListedUsage = {
  day: Date
  generator: string
  purpose: string
  calls: number
  failures: number
  inputTokens: string
  outputTokens: string
  cost: string
}

export const mostDays = 90
const dayMs = 86_400_000

/** What models were used for in so many days, today's included. FORBIDDEN; BAD_USER_INPUT for another number of days. */
export async function listUsage(db: Db, viewer: Viewer, days: number, now: Date): Promise<ListedUsage[]> {
  requireManager(viewer)
  if (days < 1 || days > mostDays) throw codedError('BAD_USER_INPUT', `days is 1 to ${mostDays}.`, { reason: 'DAYS' })
  const since = new Date(dayOf(now).getTime() - (days - 1) * dayMs)
  const rows = await db.generationUsage.findMany({
    where: { tenantId: viewer.tenantId, day: { gte: since } },
    orderBy: [{ day: 'desc' }, { purpose: 'asc' }, { generator: 'asc' }],
  })
  return rows.map(({ day, generator, purpose, calls, failures, ...spent }) => ({
    ...{ day, generator, purpose, calls, failures },
    inputTokens: String(spent.inputTokens),
    outputTokens: String(spent.outputTokens),
    cost: dollars(spent.costMicros),
  }))
}

/** Exact: a millionth of a dollar is the last digit. */
const dollars = (micros: bigint): string => `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`
