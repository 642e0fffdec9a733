import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Agent, Queue, Team, Ticket } from '../../generated/prisma/client.ts'
import { findAssignable } from '../agents/find.ts'
import { may, needUpdate } from '../agents/permissions.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf, type Doer } from '../log/actors.ts'
import { findTeam } from '../teams/service.ts'
import { changeTicket, type Changed } from '../tickets/change.ts'
import type { Step } from '../tickets/steps.ts'
import type { ReturnTo } from '../tickets/timers.ts'

type Optional<T> = T | null | undefined

export type Transfer = {
  id: string
  toQueueId?: Optional<string>
  toTeamId?: Optional<string>
  toAgentId?: Optional<string>
  note?: Optional<string>
  returnAt?: Optional<Date>
}

type Target = { queue: Queue | null; team: Team | null; agent: Agent | null }

const path = (field: string): string[] => ['input', field]

/** Hands a ticket on to a queue, a team or an agent; without an agent nobody has it then. A new transfer takes the place of an earlier return. */
export async function transferTicket(tx: Db, viewer: Viewer, input: Transfer, now: Date): Promise<Changed> {
  const { tenantId } = viewer
  const who = doerOf(viewer)
  const content = typeof input.note === 'string' ? text(input.note, { path: path('note'), max: 50_000 }) : null
  if (!input.toQueueId && !input.toTeamId && !input.toAgentId)
    refuse('REQUIRED', 'Say where to: a queue, a team or an agent.', ['input'])
  if (input.returnAt && input.returnAt <= now)
    refuse('INVALID', 'A ticket can only return in the future.', path('returnAt'))
  return changeTicket(tx, { tenantId, who, now, id: input.id }, async ({ ticket }) => {
    needUpdate(viewer, ticket)
    if (input.toAgentId && !may(viewer, 'ticket:assign'))
      refuse('FORBIDDEN', 'Handing it to an agent needs the permission ticket:assign.', path('toAgentId'))
    if (ticket.status === 'CLOSED') refuse('INVALID_TRANSITION', 'The ticket is closed.', path('id'))
    const target = await findTarget(tx, tenantId, input)
    const step = transferred(ticket, target, { now, returnAt: input.returnAt ?? null })
    return content === null ? [step] : [step, await noted(tx, ticket, who, content, now)]
  })
}

async function findTarget(tx: Db, tenantId: string, { toQueueId, toTeamId, toAgentId }: Transfer): Promise<Target> {
  const queue = toQueueId && isUuid(toQueueId) ? await tx.queue.findFirst({ where: { tenantId, id: toQueueId } }) : null
  if (toQueueId && !queue) refuse('NOT_FOUND', 'There is no such queue.', path('toQueueId'))
  return {
    queue,
    team: toTeamId ? await findTeam(tx, tenantId, toTeamId, path('toTeamId')) : null,
    agent: toAgentId ? await findAssignable(tx, tenantId, toAgentId, path('toAgentId')) : null,
  }
}

/** Pure. A queue brings its team, unless another is named; whatever is not named stays. */
export function transferred(
  { assigneeId, teamId, queueId }: Pick<Ticket, 'assigneeId' | 'teamId' | 'queueId'>,
  { queue, team, agent }: Target,
  { now, returnAt }: { now: Date; returnAt: Date | null },
): Step {
  const returnTo: ReturnTo = { agentId: assigneeId, teamId, queueId, since: now.toISOString() }
  const names = [queue && `the queue ${queue.name}`, team && `the team ${team.name}`, agent?.name].filter(Boolean)
  const explanation = `Handed on to ${names.join(', ')}.`
  return {
    type: 'TRANSFERRED',
    set: {
      ...(queue && { queueId: queue.id, teamId: queue.teamId }),
      ...(team && { teamId: team.id }),
      assigneeId: agent?.id ?? null,
      returnTo: returnAt ? returnTo : null,
      returnAt,
    },
    reason: explanation,
    assignment: { strategy: 'TRANSFER', explanation },
  }
}

async function noted(tx: Db, { tenantId, id: ticketId }: Ticket, who: Doer, content: string, now: Date): Promise<Step> {
  const noteId = newId()
  await tx.note.create({ data: { tenantId, id: noteId, ticketId, author: who.actor, content, createdAt: now } })
  return { type: 'NOTE_ADDED', noteId }
}
