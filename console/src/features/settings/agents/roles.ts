import type { AgentRole } from './generated/Agents.ts'

/** From the one who may least to the one who may all. */
export const roleNames: readonly AgentRole[] = ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN']

/** Roles that somebody may give: a manager those below their own, an administrator any. */
export const rolesToGive = (own: AgentRole): readonly AgentRole[] => {
  if (own === 'ADMIN') return roleNames
  return own === 'MANAGER' ? roleNames.slice(0, roleNames.indexOf('MANAGER')) : []
}
