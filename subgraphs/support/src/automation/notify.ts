import type { Db } from '../database.ts'
import { notify } from '../notifications/notify.ts'
import type { Action } from './language.ts'

export type Told = Extract<Action, { notify: unknown }>['notify']

/** Whom a rule tells, and what; undefined when it tells nobody. */
export const notifying = (actions: readonly Action[]): Told | undefined =>
  actions.flatMap((action) => ('notify' in action ? [action.notify] : []))[0]

/** The endpoints that a rule calls, each once. */
export const calling = (actions: readonly Action[]): string[] => [
  ...new Set(actions.flatMap((action) => ('webhook' in action ? [action.webhook.endpointId.toLowerCase()] : []))),
]

/** At most so many agents by one firing. */
const most = 200

type Telling = { tenantId: string; ticketId: string; eventId: string; now: Date }

/** Leaves a notification of kind RULE for each active agent whom it is for. */
export async function notifyAll(tx: Db, { tenantId, ticketId, eventId, now }: Telling, told: Told): Promise<void> {
  const { agentIds, teamId, role, text } = told
  const who = agentIds
    ? { id: { in: agentIds } }
    : teamId !== undefined
      ? { memberships: { some: { teamId } } }
      : { role: role ?? '' }
  const agents = await tx.agent.findMany({
    where: { tenantId, isActive: true, ...who },
    orderBy: { id: 'asc' },
    take: most,
    select: { id: true },
  })
  const shared = { tenantId, kind: 'RULE' as const, ticketId, text, eventId, now }
  await notify(
    tx,
    agents.map(({ id: agentId }) => ({ ...shared, agentId })),
  )
}
