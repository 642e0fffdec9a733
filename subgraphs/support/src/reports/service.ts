import { codedError } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { needToRead } from '../agents/permissions.ts'
import type { Context } from '../context.ts'
import type { Db } from '../database.ts'
import { daysOf } from './days.ts'
import { metricsOf } from './metrics.ts'
import { readFigures } from './read.ts'

const maxMs = 366 * 86_400_000
/** Far from where calendars and time zones end. */
const [earliest, latest] = [Date.UTC(1970, 0, 2), Date.UTC(9998, 0, 1)]

/**
 * How the team did from an instant up to another, at most 366 days later. Needs report:read; BAD_USER_INPUT for a time that is none. Reads one
 * state of the database, writes nothing, and gives up after ten seconds a statement.
 */
export async function supportMetrics(
  { viewer, transact }: { viewer: Viewer; transact: Context['transact'] },
  { from, to }: { from: Date; to: Date },
) {
  needToRead(viewer, 'report:read')
  const [start, end] = [from.getTime(), to.getTime()]
  if (start < earliest || end > latest)
    throw codedError('BAD_USER_INPUT', 'from and to must be in the years 1970 to 9997.')
  if (end <= start) throw codedError('BAD_USER_INPUT', 'to must be after from.')
  if (end - start > maxMs) throw codedError('BAD_USER_INPUT', 'A report covers at most 366 days.')
  return transact((tx) => report(tx, viewer.tenantId, from, to))
}

async function report(tx: Db, tenantId: string, from: Date, to: Date) {
  await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`
  await tx.$executeRaw`SET LOCAL statement_timeout = '10s'`
  const { timeZone, isDemo } = await tx.tenant.findFirstOrThrow({ where: { id: tenantId } })
  const figures = await readFigures(tx, { tenantId, from, to, timeZone, withDemo: isDemo })
  const agents = await tx.agent.findMany({ where: { tenantId }, orderBy: [{ name: 'asc' }, { id: 'asc' }] })
  return metricsOf(figures, daysOf(from, to, timeZone), agents)
}
