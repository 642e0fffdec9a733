import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma, type Agent } from '../../generated/prisma/client.ts'
import { findAssignable } from '../agents/find.ts'
import { need } from '../agents/permissions.ts'
import { loadsOf, spareOf } from '../agents/workload.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import type { Formula } from '../scoring/score.ts'
import { configOf } from '../tenants/config.ts'
import { changeTicket } from '../tickets/change.ts'
import type { AssignmentOutcome } from './automatic.ts'
import { assigned } from './by-hand.ts'
import { lockAgents, noteTurn } from './candidates.ts'
import { hasSkills } from './choose.ts'

const path = ['input', 'agentId']

/** Gives an agent the best ticket of the inbox that nobody has and that fits; none when none does. OVER_CAPACITY without room. */
export async function assignNextTicket(
  tx: Db,
  viewer: Viewer,
  input: { agentId: string },
  now: Date,
): Promise<AssignmentOutcome> {
  const { tenantId } = viewer
  const agentId = input.agentId.toLowerCase()
  need(viewer, viewer.kind === 'agent' && viewer.agentId === agentId ? 'ticket:take' : 'ticket:assign')
  // Held before the room is counted: of two calls for one agent, the second one counts the first one's ticket.
  if (isUuid(agentId)) await lockAgents(tx, tenantId, [agentId])
  const agent = await findAssignable(tx, tenantId, agentId, path)
  const loads = await loadsOf(tx, tenantId, [agentId])
  if (spareOf(agent.capacity, loads.get(agentId)) === 0)
    refuse('OVER_CAPACITY', `${agent.name} has no room for another ticket.`, path)
  const ticketId = await lockBest(tx, agent, now)
  if (ticketId === null)
    return { ticket: null, agent: null, explanation: `No ticket that nobody has fits ${agent.name}.` }
  let explanation = ''
  const { ticket } = await changeTicket(tx, { tenantId, who: doerOf(viewer), now, id: ticketId }, (scene) => {
    explanation = `#${scene.ticket.number} stands highest of the tickets that nobody has and that fit ${agent.name}.`
    return [assigned(agentId, { strategy: 'NEXT', explanation })]
  })
  await noteTurn(tx, tenantId, agentId, now)
  return { ticket, agent, explanation }
}

/** The best fitting ticket by its place in the inbox, locked; those that another run holds are passed over. */
async function lockBest(tx: Db, { tenantId, id, skills }: Agent, now: Date): Promise<string | null> {
  const memberships = await tx.teamMember.findMany({ where: { tenantId, agentId: id } })
  const teams = memberships.map(({ teamId }) => teamId)
  const queues = await tx.queue.findMany({ where: { tenantId } })
  const fitting = queues.filter((queue) => hasSkills(skills, queue.skills))
  const open = fitting.filter(({ teamId }) => teamId === null || teams.includes(teamId))
  const { formula } = await configOf(tx, tenantId)
  // A ticket's own team decides before its queue's.
  const [best] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM ticket
    WHERE tenant_id = ${tenantId}::uuid AND status = 'OPEN' AND assignee_id IS NULL
      AND ((team_id IS NULL AND (queue_id IS NULL OR queue_id = ANY (${open.map((queue) => queue.id)}::uuid[])))
        OR (team_id = ANY (${teams}::uuid[]) AND (queue_id IS NULL OR queue_id = ANY (${fitting.map((queue) => queue.id)}::uuid[]))))
    ORDER BY ${orderOf(formula, now)}, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`
  return best?.id ?? null
}

/** The inbox's order of what nobody has. With INVERSE_HOURS the rank lacks the age, and no index has the order. */
function orderOf({ ageCurve, weights }: Formula, now: Date): Prisma.Sql {
  // The planner does not see that IS NULL leaves one value only: named first, the index by assignee gives the order.
  if (ageCurve === 'LINEAR_DAYS') return Prisma.sql`assignee_id, rank DESC`
  return Prisma.sql`rank + ${weights.age}::float8 / greatest(1, extract(epoch FROM ${now}::timestamptz - created_at)::float8 / 3600) DESC`
}
