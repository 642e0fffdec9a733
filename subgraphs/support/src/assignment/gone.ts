import type { Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { Step } from '../tickets/steps.ts'

/** By these a ticket goes to somebody whom nobody has looked up. */
const handedDown: readonly (string | undefined)[] = ['RETURNED', 'SPLIT']

/**
 * The steps; where they bring a ticket back to an agent who was deactivated meanwhile, with one more, which leaves it to nobody. Holds off a
 * deactivation until the transaction ends. To be called once the ticket is locked.
 */
export async function notToWhoIsGone(tx: Db, ticket: Ticket, steps: Step[]): Promise<Step[]> {
  const isLookedUp = !steps.some(({ assignment }) => handedDown.includes(assignment?.strategy))
  if (ticket.status !== 'CLOSED' && isLookedUp) return steps
  const { tenantId, assigneeId, status } = steps.reduce((now, { set }) => ({ ...now, ...set }), ticket)
  if (assigneeId === null || status === 'CLOSED') return steps
  const [gone] = await tx.$queryRaw<{ name: string; isActive: boolean }[]>`
    SELECT name, is_active AS "isActive" FROM agent WHERE tenant_id = ${tenantId}::uuid AND id = ${assigneeId}::uuid FOR SHARE`
  if (!gone || gone.isActive) return steps
  return [...steps, { type: 'UNASSIGNED', set: { assigneeId: null }, reason: `${gone.name} was deactivated.` }]
}
