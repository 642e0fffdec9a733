import { refuse } from '@quimbi/service/errors.ts'
import type { Db } from '../database.ts'
import type { Action } from './language.ts'

type Named = { id: string; path: string[] }

/** Refuses a rule that names an agent, team, queue or endpoint that is not there, at its place. Four statements at most. */
export async function checkTargets(tx: Db, tenantId: string, actions: readonly Action[]): Promise<void> {
  const named = actions.map((action, index) => namedIn(action, ['input', 'actions', String(index)]))
  const where = (names: readonly Named[]) => ({ tenantId, id: { in: names.map(({ id }) => id.toLowerCase()) } })
  const [agents, teams, queues, endpoints] = (['agents', 'teams', 'queues', 'endpoints'] as const).map((of) =>
    named.flatMap((one) => one[of]),
  )
  const select = { id: true } as const
  if (agents?.length) needAll(agents, await tx.agent.findMany({ where: where(agents), select }), 'agent')
  if (teams?.length) needAll(teams, await tx.team.findMany({ where: where(teams), select }), 'team')
  if (queues?.length) needAll(queues, await tx.queue.findMany({ where: where(queues), select }), 'queue')
  if (endpoints?.length)
    needAll(endpoints, await tx.webhookEndpoint.findMany({ where: where(endpoints), select }), 'webhook endpoint')
}

function needAll(named: readonly Named[], found: readonly { id: string }[], what: string): void {
  const ids = new Set(found.map(({ id }) => id))
  const missing = named.find(({ id }) => !ids.has(id.toLowerCase()))
  if (missing) refuse('NOT_FOUND', `There is no such ${what}.`, missing.path)
}

type Targets = { agents: Named[]; teams: Named[]; queues: Named[]; endpoints: Named[] }

function namedIn(action: Action, path: string[]): Targets {
  const none: Targets = { agents: [], teams: [], queues: [], endpoints: [] }
  const one = (id: string | undefined, ...at: string[]): Named[] =>
    id === undefined ? [] : [{ id, path: [...path, ...at] }]
  if ('assign' in action) return { ...none, agents: one(action.assign.agentId, 'assign', 'agentId') }
  if ('queue' in action) return { ...none, queues: one(action.queue.id, 'queue', 'id') }
  if ('team' in action) return { ...none, teams: one(action.team.id, 'team', 'id') }
  if ('escalate' in action) return { ...none, teams: one(action.escalate.toTeamId, 'escalate', 'toTeamId') }
  if ('webhook' in action) return { ...none, endpoints: one(action.webhook.endpointId, 'webhook', 'endpointId') }
  if (!('notify' in action)) return none
  const { agentIds = [], teamId } = action.notify
  return {
    ...none,
    agents: agentIds.flatMap((id, index) => one(id, 'notify', 'agentIds', String(index))),
    teams: one(teamId, 'notify', 'teamId'),
  }
}
