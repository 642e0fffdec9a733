import { encodeCursor } from '@quimbi/service/cursors.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { isStorable, placeInTime } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { AuditEntry } from '../../generated/prisma/client.ts'
import { needToRead } from '../agents/permissions.ts'
import type { Db } from '../database.ts'

type Optional<T> = T | null | undefined

export type AuditRequest = PageRequest & {
  actorId?: Optional<string>
  subjectId?: Optional<string>
  action?: Optional<string>
  from?: Optional<Date>
  to?: Optional<Date>
}

/** What was done, newest first; for who may read the audit trail. */
export async function listAudit(db: Db, viewer: Viewer, request: AuditRequest): Promise<Connection<AuditEntry>> {
  needToRead(viewer, 'audit:read')
  const { actorId, subjectId, action, from, to, first, after } = request
  const size = pageSize(first, { default: 50 })
  const place = placeInTime(after)
  const rows = await db.auditEntry.findMany({
    where: {
      tenantId: viewer.tenantId,
      AND: [
        actorId ? { actorId: checked(isUuid(actorId), actorId, 'actorId') } : {},
        subjectId ? { subjectId: checked(isStorable(subjectId), subjectId, 'subjectId') } : {},
        action ? { action: checked(isStorable(action), action, 'action') } : {},
        from ? { at: { gte: from } } : {},
        to ? { at: { lt: to } } : {},
        place ? { at: { lte: place[0] } } : {},
        place ? { OR: [{ at: { lt: place[0] } }, { id: { gt: place[1] } }] } : {},
      ],
    },
    orderBy: [{ at: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  return connection(rows, size, ({ at, id }) => encodeCursor([at.toISOString(), id]), { after })
}

function checked(isFine: boolean, value: string, field: string): string {
  if (isFine) return value
  throw codedError('BAD_USER_INPUT', `${field} cannot be that.`)
}
