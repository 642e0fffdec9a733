import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { AssignmentStrategy } from '../../generated/resolvers.ts'
import type { Agent, Ticket } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import { isVip } from '../insight/vip.ts'
import { doerOf } from '../log/actors.ts'
import { changeTicket, type Changed } from '../tickets/change.ts'
import type { ChangeCall, Scene } from '../tickets/steps.ts'
import { assigned } from './by-hand.ts'
import { lockCandidates, noteTurn } from './candidates.ts'
import { choose, type Choice } from './choose.ts'

/** What an automatic assignment answers. */
export type AssignmentOutcome = { ticket: Ticket | null; agent: Agent | null; explanation: string }

/**
 * Lets a strategy choose who gets a ticket that nobody has. Never beyond an agent's capacity: OVER_CAPACITY when nobody
 * fits who has room. CONFLICT when somebody has it already, or it is closed. For rules too: `call.who` is who acts.
 */
export async function autoAssign(
  tx: Db,
  call: ChangeCall,
  ticketId: string,
  strategy: AssignmentStrategy,
): Promise<Changed & Choice> {
  const chosen: Choice[] = []
  const changed = await changeTicket(tx, { ...call, id: ticketId }, async (scene) => {
    const choice = await chooseFor(tx, call, scene, strategy)
    chosen.push(choice)
    return [assigned(choice.agentId, { strategy, explanation: choice.explanation })]
  })
  const [choice] = chosen
  if (!choice) throw new Error('A ticket was assigned without a choice.')
  return { ...changed, ...choice }
}

async function chooseFor(
  tx: Db,
  { tenantId, now }: ChangeCall,
  { ticket, customer, config }: Scene,
  strategy: AssignmentStrategy,
): Promise<Choice> {
  if (ticket.assigneeId !== null) refuse('CONFLICT', 'Somebody has the ticket already.', ['input', 'id'])
  if (ticket.status === 'CLOSED') refuse('CONFLICT', 'The ticket is closed.', ['input', 'id'])
  const queue = ticket.queueId ? await tx.queue.findFirst({ where: { tenantId, id: ticket.queueId } }) : null
  const wanted = {
    skills: queue?.skills ?? [],
    topics: [...ticket.tags, ...(ticket.category === null ? [] : [ticket.category])],
    isVip: isVip(customer, config.tenant),
    churnRisk: customer.churnRisk,
  }
  const candidates = await lockCandidates(tx, tenantId, ticket.teamId ?? queue?.teamId ?? null)
  const choice = choose(candidates, wanted, strategy)
  if (!choice) return refuse('OVER_CAPACITY', 'Nobody who fits has room for another ticket.', ['input', 'id'])
  await noteTurn(tx, tenantId, choice.agentId, now)
  return choice
}

/** The same for a caller. */
export async function autoAssignTicket(
  tx: Db,
  viewer: Viewer,
  { id, strategy }: { id: string; strategy?: AssignmentStrategy | null | undefined },
  now: Date,
): Promise<AssignmentOutcome> {
  need(viewer, 'ticket:assign')
  const { tenantId } = viewer
  const { ticket, agentId, explanation } = await autoAssign(
    tx,
    { tenantId, who: doerOf(viewer), now },
    id,
    strategy ?? 'BEST_FIT',
  )
  const agent = await tx.agent.findFirst({ where: { tenantId, id: agentId } })
  return { ticket, agent, explanation }
}
