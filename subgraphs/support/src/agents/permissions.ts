import { codedError, refuse } from '@quimbi/service/errors.ts'
import type { AgentRole, Viewer } from '@quimbi/service/viewer.ts'

/** What one may do. A role is a set of these; so is what a service of ours may do. */
export const permissions = [
  'ticket:read_own',
  'ticket:update_own',
  'ticket:take',
  'ticket:read_all',
  'ticket:update_all',
  'ticket:assign',
  'ticket:delete',
  'customer:write',
  'customer:erase',
  'agent:own_status',
  'agent:update',
  'agent:manage',
  'config:read',
  'config:write',
  'audit:read',
  'report:read',
] as const

export type Permission = (typeof permissions)[number]

const agent: Permission[] = [
  'ticket:read_own',
  'ticket:update_own',
  'ticket:take',
  'customer:write',
  'agent:own_status',
]
const senior: Permission[] = [...agent, 'ticket:read_all', 'ticket:update_all']
const lead: Permission[] = [...senior, 'ticket:assign', 'agent:update', 'config:read', 'report:read']
const manager: Permission[] = [...lead, 'agent:manage', 'config:write', 'audit:read']

/** Source: design/support.md, "Roles". */
const roles: Record<AgentRole, ReadonlySet<Permission>> = {
  AGENT: new Set(agent),
  SENIOR_AGENT: new Set(senior),
  TEAM_LEAD: new Set(lead),
  MANAGER: new Set(manager),
  ADMIN: new Set(permissions),
}
const everything: ReadonlySet<Permission> = new Set(permissions)
const nothing: ReadonlySet<Permission> = new Set()

/** What agents of a role may do. */
export const permissionsOfRole = (role: AgentRole): ReadonlySet<Permission> => roles[role]

/** What the viewer may do: an agent by role, a service of ours everything, a partner nothing. */
export function permissionsOf(viewer: Viewer): ReadonlySet<Permission> {
  if (viewer.kind === 'agent') return roles[viewer.role]
  return viewer.kind === 'service' ? everything : nothing
}

export const may = (viewer: Viewer, permission: Permission): boolean => permissionsOf(viewer).has(permission)

/** Refuses a mutation, as data, unless the viewer has the permission. */
export function need(viewer: Viewer, permission: Permission): void {
  if (!may(viewer, permission)) refuse('FORBIDDEN', `This needs the permission ${permission}.`)
}

/** Refuses a query, as an error, unless the viewer has the permission. */
export function needToRead(viewer: Viewer, permission: Permission): void {
  if (!may(viewer, permission)) throw codedError('FORBIDDEN', `This needs the permission ${permission}.`)
}

type Assigned = { assigneeId: string | null }

/** Whether the viewer may see a ticket: their own and nobody's, or all. */
export const maySee = (viewer: Viewer, { assigneeId }: Assigned): boolean =>
  may(viewer, 'ticket:read_all') ||
  (viewer.kind === 'agent' && may(viewer, 'ticket:read_own') && (assigneeId === null || assigneeId === viewer.agentId))

/** Whether the viewer may change a ticket: their own, or all. Nobody's must be taken first. */
export const mayUpdate = (viewer: Viewer, { assigneeId }: Assigned): boolean =>
  may(viewer, 'ticket:update_all') ||
  (viewer.kind === 'agent' && may(viewer, 'ticket:update_own') && assigneeId === viewer.agentId)

/** Refuses a change: NOT_FOUND of what the viewer may not see, FORBIDDEN of what is not theirs to change. */
export function needUpdate(viewer: Viewer, ticket: Assigned): void {
  if (!maySee(viewer, ticket)) refuse('NOT_FOUND', 'There is no such ticket.', ['input', 'id'])
  if (!mayUpdate(viewer, ticket)) refuse('FORBIDDEN', 'Take the ticket first: it is nobody’s.', ['input', 'id'])
}
