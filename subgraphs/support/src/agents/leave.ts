import { refuse } from '@quimbi/service/errors.ts'
import type { AgentRole, Viewer } from '@quimbi/service/viewer.ts'
import type { Agent } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { changeInBatches, forgetReturns } from '../assignment/batches.ts'
import { assigned, unassigned } from '../assignment/by-hand.ts'
import { keepAnAdmin, mayAppoint } from './authority.ts'
import { findAgent, findAssignable } from './find.ts'
import { need } from './permissions.ts'
import { changeAgent } from './service.ts'
import { revokeSessionsOf } from './sessions.ts'

type Leaving = { id: string; reassignTo?: string | null | undefined }

/** Ends an agent's access at once; the tickets that are not closed go to a colleague, or back to their queues. Repeating it changes nothing. */
export async function deactivateAgent(tx: Db, viewer: Viewer, input: Leaving, now: Date): Promise<Agent> {
  const agent = await manageable(tx, viewer, input.id)
  const { tenantId, id, name } = agent
  await keepAnAdmin(tx, agent)
  const away = { isActive: false, status: 'OFFLINE', acceptsNewTickets: false }
  // Before the tickets are looked for: from here on nobody gives the agent another one.
  const left = await changeAgent(tx, viewer, now, agent, 'agent.deactivated', away)
  const heir = input.reassignTo ? await findAssignable(tx, tenantId, input.reassignTo, ['input', 'reassignTo']) : null
  await revokeSessionsOf(tx, { tenantId, agentId: id }, now)
  const explanation = heir ? `Taken over from ${name}, who was deactivated.` : `${name} was deactivated.`
  const call = { tenantId, who: doerOf(viewer), now }
  const open = { tenantId, assigneeId: id, status: { in: ['OPEN', 'PENDING'] } }
  const step = heir ? assigned(heir.id, { strategy: 'TAKEN_OVER', explanation }) : unassigned(explanation)
  await changeInBatches(tx, call, open, ({ ticket }) =>
    ticket.assigneeId === id && ticket.status !== 'CLOSED' ? [step] : [],
  )
  await forgetReturns(tx, call, 'agentId', id)
  return left
}

/** Gives a deactivated agent access again; they come back OFFLINE and without tickets. */
export async function reactivateAgent(tx: Db, viewer: Viewer, { id }: { id: string }, now: Date): Promise<Agent> {
  const agent = await manageable(tx, viewer, id)
  if (agent.isActive) return agent
  return changeAgent(tx, viewer, now, agent, 'agent.reactivated', { isActive: true, acceptsNewTickets: true })
}

async function manageable(tx: Db, viewer: Viewer, id: string): Promise<Agent> {
  need(viewer, 'agent:manage')
  const agent = await findAgent(tx, viewer.tenantId, id, ['input', 'id'])
  if (!mayAppoint(viewer, agent.role as AgentRole))
    refuse('FORBIDDEN', `Your role may not decide about the role ${agent.role}.`, ['input', 'id'])
  return agent
}
