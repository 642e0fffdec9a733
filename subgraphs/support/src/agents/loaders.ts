import DataLoader from 'dataloader'
import { byKey, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma, type Agent } from '../../generated/prisma/client.ts'
import { selectColumns } from '../common/select-columns.ts'
import type { Db } from '../database.ts'
import { loadsOf } from './workload.ts'

/** Agents, and what they have to do. */
export const createAgentLoaders = (db: Db, { tenantId }: Viewer) => ({
  agentById: new DataLoader(async (ids: readonly string[]) =>
    byKey(ids, await agents(db, tenantId, ids), ({ id }) => id),
  ),
  loadByAgent: new DataLoader(async (ids: readonly string[]) => {
    const loads = await loadsOf(db, tenantId, ids)
    return ids.map((id) => loads.get(id) ?? { open: 0, pending: 0 })
  }),
})

const columns = selectColumns('a', Prisma.AgentScalarFieldEnum)

const agents = (db: Db, tenantId: string, ids: readonly string[]): Promise<Agent[]> =>
  db.$queryRaw<Agent[]>`
    SELECT ${columns} FROM agent a
    WHERE a.tenant_id = ${tenantId}::uuid AND a.id = ANY ((SELECT ${ids.filter(isUuid)}::uuid[])::uuid[])`
