import DataLoader from 'dataloader'
import { byKey, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { loadsOf } from './workload.ts'

/** Agents, and what they have to do. */
export const createAgentLoaders = (db: Db, { tenantId }: Viewer) => ({
  agentById: new DataLoader(async (ids: readonly string[]) =>
    byKey(ids, await db.agent.findMany({ where: { tenantId, id: { in: ids.filter(isUuid) } } }), ({ id }) => id),
  ),
  loadByAgent: new DataLoader(async (ids: readonly string[]) => {
    const loads = await loadsOf(db, tenantId, ids)
    return ids.map((id) => loads.get(id) ?? { open: 0, pending: 0 })
  }),
})
