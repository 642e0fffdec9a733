import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { ApiKey } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { requireManager } from './permissions.ts'
import { liveAt } from './status.ts'

/** Ended keys that are shown. */
const endedShown = 100
const omit = { hash: true } as const

/** A key without its hash, which leaves the database for nothing. */
export type ListedKey = Omit<ApiKey, 'hash'>

/** All that open the door and the newest 100 that do not, newest first. @throws UserErrors FORBIDDEN */
export async function listKeys(db: Db, viewer: Viewer, now: Date): Promise<ListedKey[]> {
  requireManager(viewer)
  const { tenantId } = viewer
  const orderBy = [{ createdAt: 'desc' }, { id: 'desc' }] as const
  const [live, ended] = await Promise.all([
    db.apiKey.findMany({ where: { tenantId, ...liveAt(now) }, omit, orderBy: [...orderBy] }),
    db.apiKey.findMany({ where: { tenantId, NOT: liveAt(now) }, omit, orderBy: [...orderBy], take: endedShown }),
  ])
  return [...live, ...ended].toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
}

/** One of them, or null. @throws UserErrors FORBIDDEN */
export async function oneKey(db: Db, viewer: Viewer, id: string): Promise<ListedKey | null> {
  requireManager(viewer)
  return isUuid(id) ? db.apiKey.findFirst({ where: { tenantId: viewer.tenantId, id }, omit }) : null
}
