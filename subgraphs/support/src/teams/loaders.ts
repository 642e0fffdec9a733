import DataLoader from 'dataloader'
import { byKey, groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

/** Teams, who is in them, and in which somebody is. */
export const createTeamLoaders = (db: Db, { tenantId }: Viewer) => ({
  teamById: new DataLoader(async (ids: readonly string[]) =>
    byKey(ids, await db.team.findMany({ where: { tenantId, id: { in: ids.filter(isUuid) } } }), ({ id }) => id),
  ),
  membersByTeam: new DataLoader(async (ids: readonly string[]) => {
    const where = { tenantId, teamId: { in: [...ids] } }
    const orderBy = [{ agent: { name: 'asc' } }, { agentId: 'asc' }] as const
    const rows = await db.teamMember.findMany({ where, orderBy: [...orderBy], include: { agent: true } })
    return groupBy(ids, rows, ({ teamId }) => teamId).map((group) => group.map(({ agent }) => agent))
  }),
  teamsByAgent: new DataLoader(async (ids: readonly string[]) => {
    const where = { tenantId, agentId: { in: [...ids] } }
    const orderBy = [{ team: { name: 'asc' } }, { teamId: 'asc' }] as const
    const rows = await db.teamMember.findMany({ where, orderBy: [...orderBy], include: { team: true } })
    return groupBy(ids, rows, ({ agentId }) => agentId).map((group) => group.map(({ team }) => team))
  }),
})
