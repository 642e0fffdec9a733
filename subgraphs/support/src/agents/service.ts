import { newId } from '@quimbi/database/ids.ts'
import { RetryTransaction, violatedUnique } from '@quimbi/database/outcomes.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import type { AgentRole, Viewer } from '@quimbi/service/viewer.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import { recordAudit } from '../audit/record.ts'
import { labels, text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { keepAnAdmin, mayAppoint } from './authority.ts'
import { findAgent } from './find.ts'
import { checkNewPassword, hashPassword } from './password.ts'
import { need } from './permissions.ts'

type Optional<T> = T | null | undefined

export type NewAgent = {
  name: string
  email: string
  password: string
  role: AgentRole
  capacity?: Optional<number>
  skills?: Optional<readonly string[]>
}

export type AgentChanges = {
  id: string
  name?: Optional<string>
  role?: Optional<AgentRole>
  capacity?: Optional<number>
  skills?: Optional<readonly string[]>
  acceptsNewTickets?: Optional<boolean>
}

export type StatusChange = { id?: Optional<string>; status: string; acceptsNewTickets?: Optional<boolean> }

const path = (field: string): string[] => ['input', field]
const shown = ['name', 'email', 'role', 'status', 'isActive', 'acceptsNewTickets', 'capacity', 'skills'] as const

/** Adds an agent. */
export async function createAgent(tx: Db, viewer: Viewer, input: NewAgent, now: Date): Promise<Agent> {
  if (!mayAppoint(viewer, input.role))
    refuse('FORBIDDEN', `Your role may not add an agent with the role ${input.role}.`)
  const { tenantId } = viewer
  const data = {
    tenantId,
    id: newId(),
    name: text(input.name, { path: path('name'), max: 200 }),
    email: input.email,
    role: input.role,
    capacity: checkCapacity(input.capacity ?? 25),
    skills: labels(input.skills, path('skills')),
    createdAt: now,
  }
  checkNewPassword(input.password, path('password'))
  const passwordHash = await hashPassword(input.password)
  const agent = await tx.agent.create({ data: { ...data, passwordHash } }).catch((error: unknown) => {
    if (violatedUnique(error) === null) throw error
    return refuse('ALREADY_EXISTS', 'There is an agent with this address.', path('email'))
  })
  const changes = differences({}, agent, shown)
  await recordAudit(tx, { ...aboutAgent(viewer, agent.id, now), action: 'agent.created', changes })
  return agent
}

/** Changes an agent: team leads anybody's skills and room, managers roles below their own. */
export async function updateAgent(tx: Db, viewer: Viewer, input: AgentChanges, now: Date): Promise<Agent> {
  need(viewer, 'agent:update')
  const { tenantId } = viewer
  const agent = await findAgent(tx, tenantId, input.id, path('id'))
  const { name, role, capacity, skills, acceptsNewTickets } = input
  if (role && role !== agent.role) {
    if (!mayAppoint(viewer, role) || !mayAppoint(viewer, agent.role as AgentRole))
      refuse('FORBIDDEN', `Your role may not make ${role} of ${agent.role}.`, path('role'))
    await keepAnAdmin(tx, agent)
  }
  return changeAgent(tx, viewer, now, agent, 'agent.changed', {
    ...(typeof name === 'string' && { name: text(name, { path: path('name'), max: 200 }) }),
    ...(role && { role }),
    ...(typeof capacity === 'number' && { capacity: checkCapacity(capacity) }),
    ...(skills && { skills: labels(skills, path('skills')) }),
    ...(typeof acceptsNewTickets === 'boolean' && { acceptsNewTickets }),
  })
}

/** Says whether an agent is at work: everybody of themselves, team leads of anybody. */
export async function setAgentStatus(tx: Db, viewer: Viewer, input: StatusChange, now: Date): Promise<Agent> {
  const self = viewer.kind === 'agent' ? viewer.agentId : null
  const id = input.id?.toLowerCase() ?? self
  if (id === null) refuse('REQUIRED', 'Say whose status it is.', path('id'))
  need(viewer, id === self ? 'agent:own_status' : 'agent:update')
  const agent = await findAgent(tx, viewer.tenantId, id, path('id'))
  if (!agent.isActive) refuse('CONFLICT', `${agent.name} was deactivated.`, path('id'))
  const { status, acceptsNewTickets } = input
  return changeAgent(tx, viewer, now, agent, 'agent.status_changed', {
    status,
    ...(typeof acceptsNewTickets === 'boolean' && { acceptsNewTickets }),
  })
}

type Changeable = Partial<
  Pick<Agent, 'name' | 'role' | 'capacity' | 'skills' | 'status' | 'isActive' | 'acceptsNewTickets'>
>

/** Writes what differs, and that it did. To be run in a transaction that is retried (`transact`). */
export async function changeAgent(
  tx: Db,
  viewer: Viewer,
  now: Date,
  agent: Agent,
  action: string,
  data: Changeable,
): Promise<Agent> {
  const changes = differences(agent, { ...agent, ...data }, shown)
  if (changes.length === 0) return agent
  const { tenantId, id, role, isActive } = agent
  // What was allowed was allowed of this role, and of somebody who is, or is not, there.
  const { count } = await tx.agent.updateMany({ where: { tenantId, id, role, isActive }, data })
  if (count === 0) throw new RetryTransaction('The agent was just changed.')
  await recordAudit(tx, { ...aboutAgent(viewer, id, now), action, changes })
  return tx.agent.findFirstOrThrow({ where: { tenantId, id } })
}

/** An audit entry about an agent, but for what was done. */
export const aboutAgent = (viewer: Viewer, agentId: string, now: Date) => ({
  tenantId: viewer.tenantId,
  who: doerOf(viewer),
  now,
  subjectType: 'agent',
  subjectId: agentId,
})

function checkCapacity(capacity: number): number {
  if (capacity < 0 || capacity > 1_000) refuse('INVALID', 'A capacity lies between 0 and 1,000.', path('capacity'))
  return capacity
}
