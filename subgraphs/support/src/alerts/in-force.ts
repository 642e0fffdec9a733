import type { Viewer } from '@quimbi/service/viewer.ts'
import type { TopicAlert } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { TenantConfig } from '../tenants/config.ts'

/** Whether an alert has not ended yet. */
export const isLive = ({ expiresAt }: TopicAlert, now: Date): boolean => expiresAt === null || expiresAt > now

/** Whether an alert changes the inbox of somebody of these teams. Pure. */
export function isFor(alert: TopicAlert, viewer: Viewer, teamIds: readonly string[]): boolean {
  if (viewer.kind === 'partner') return false
  if (alert.scope === 'TENANT') return true
  if (viewer.kind === 'agent' && alert.createdBy === viewer.agentId) return true
  return alert.scope === 'TEAM' && alert.teamIds.some((id) => teamIds.includes(id))
}

/** The saved alerts that change the viewer's inbox now. */
export async function alertsInForce(db: Db, viewer: Viewer, config: TenantConfig, now: Date): Promise<TopicAlert[]> {
  const live = config.alerts.filter((alert) => isLive(alert, now))
  const isAboutTeams = viewer.kind === 'agent' && live.some(({ scope }) => scope === 'TEAM')
  const teamIds = isAboutTeams ? await teamsOf(db, viewer.tenantId, viewer.agentId) : []
  return live.filter((alert) => isFor(alert, viewer, teamIds))
}

export async function teamsOf(db: Db, tenantId: string, agentId: string): Promise<string[]> {
  const rows = await db.teamMember.findMany({ where: { tenantId, agentId }, select: { teamId: true } })
  return rows.map(({ teamId }) => teamId)
}
