import { newId } from '@quimbi/database/ids.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type PageRequest } from '@quimbi/service/pagination.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { agentRoles, type AgentRole, type Viewer } from '@quimbi/service/viewer.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { placeOf } from '@quimbi/service/places.ts'
import { labels, text } from '../common/text.ts'
import { hashPassword } from './password.ts'

export type NewAgent = {
  name: string
  email: string
  password: string
  role: AgentRole
  capacity?: number | null | undefined
  skills?: readonly string[] | null | undefined
}

const authority = (role: AgentRole): number => agentRoles.indexOf(role)

/** A manager adds roles below their own, an administrator any. */
export function mayAppoint(viewer: Viewer, role: AgentRole): boolean {
  if (viewer.kind === 'service') return true
  if (viewer.kind === 'partner') return false
  return viewer.role === 'ADMIN' || (viewer.role === 'MANAGER' && authority(role) < authority('MANAGER'))
}

export async function createAgent(tx: Db, viewer: Viewer, input: NewAgent, now: Date): Promise<Agent> {
  if (!mayAppoint(viewer, input.role))
    refuse('FORBIDDEN', `Your role may not add an agent with the role ${input.role}.`)
  const { tenantId } = viewer
  const name = text(input.name, { path: ['input', 'name'], max: 200 })
  const skills = labels(input.skills, ['input', 'skills'])
  if (input.password.length < 10) refuse('INVALID', 'A password has at least 10 characters.', ['input', 'password'])
  if (input.password.length > 1_024)
    refuse('TOO_LONG', 'A password has at most 1,024 characters.', ['input', 'password'])
  const capacity = input.capacity ?? 25
  if (capacity < 0 || capacity > 1_000) refuse('INVALID', 'A capacity lies between 0 and 1,000.', ['input', 'capacity'])
  try {
    return await tx.agent.create({
      data: {
        tenantId,
        id: newId(),
        name,
        email: input.email,
        passwordHash: await hashPassword(input.password),
        role: input.role,
        capacity,
        skills,
        createdAt: now,
      },
    })
  } catch (error) {
    if (violatedUnique(error) === null) throw error
    return refuse('ALREADY_EXISTS', 'There is an agent with this address.', ['input', 'email'])
  }
}

/** Agents by name. */
export async function listAgents(db: Db, { tenantId }: Viewer, page: PageRequest) {
  const size = pageSize(page.first, { default: 50 })
  const after = placeOf(page.after, 'string')
  const rows = await db.agent.findMany({
    where: {
      tenantId,
      ...(after && {
        AND: [{ name: { gte: after[0] } }, { OR: [{ name: { gt: after[0] } }, { id: { gt: after[1] } }] }],
      }),
    },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: size + 1,
  })
  return connection(rows, size, (agent) => encodeCursor([agent.name, agent.id]), page)
}
