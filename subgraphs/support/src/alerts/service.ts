import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import type { TopicAlert } from '../../generated/prisma/client.ts'
import { may } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { touchConfig } from '../tenants/config.ts'
import { teamsOf } from './in-force.ts'
import { keywordsToSave } from './keywords.ts'

export type TopicAlertScope = 'MINE' | 'TEAM' | 'TENANT'

export type TopicAlertInput = {
  id?: string | null | undefined
  keywords: readonly string[]
  scope?: TopicAlertScope | null | undefined
  expiresAt?: Date | null | undefined
}

const usualMs = 86_400_000
const longestMs = 30 * usualMs
/** Live alerts of one agent. */
const mostOfOne = 20

const at = (field: string): string[] => ['input', field]

/** Adds an alert or replaces one. Its matches are filled after commit: `fillMatches`. FORBIDDEN, INVALID, NOT_FOUND, LIMIT_EXCEEDED. */
export async function saveTopicAlert(tx: Db, viewer: Viewer, input: TopicAlertInput, now: Date): Promise<TopicAlert> {
  const agent = needAgent(viewer)
  const { tenantId, agentId } = agent
  const keywords = keywordsToSave(input.keywords, at('keywords'))
  const expiresAt = endOf(input.expiresAt, now)
  const scope = input.scope ?? 'MINE'
  // First, since it holds off others who save: of two at once, the second counts the first.
  await touchConfig(tx, tenantId)
  const before = input.id ? await alertToChange(tx, agent, input.id) : null
  needScope(agent, scope)
  const createdBy = before?.createdBy ?? agentId
  const teamIds = scope === 'TEAM' ? await teamsOf(tx, tenantId, createdBy) : []
  if (scope === 'TEAM' && teamIds.length === 0)
    refuse('INVALID', 'An alert for a team is made by a member of one.', at('scope'))
  const id = before?.id ?? newId()
  const others = { tenantId, createdBy, id: { not: id }, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
  if ((await tx.topicAlert.count({ where: others })) >= mostOfOne)
    refuse('LIMIT_EXCEEDED', `An agent has at most ${mostOfOne} topic alerts at a time.`, ['input'])
  const data = { keywords, scope, teamIds, expiresAt }
  if (before) await tx.topicAlert.updateMany({ where: { tenantId, id }, data })
  else await tx.topicAlert.create({ data: { tenantId, id, createdBy, createdAt: now, ...data } })
  await recordAudit(tx, {
    tenantId,
    who: doerOf(viewer),
    now,
    action: before ? 'topic_alert.updated' : 'topic_alert.created',
    subjectType: 'topic_alert',
    subjectId: id,
    changes: differences<TopicAlert>(before ?? {}, data, ['keywords', 'scope', 'expiresAt']),
  })
  return tx.topicAlert.findFirstOrThrow({ where: { tenantId, id } })
}

/** Ends an alert; its matches go with it. */
export async function deleteTopicAlert(tx: Db, viewer: Viewer, id: string, now: Date): Promise<string> {
  const agent = needAgent(viewer)
  const { tenantId } = agent
  await touchConfig(tx, tenantId)
  const alert = await alertToChange(tx, agent, id)
  await tx.topicAlert.deleteMany({ where: { tenantId, id: alert.id } })
  await recordAudit(tx, {
    tenantId,
    who: doerOf(viewer),
    now,
    action: 'topic_alert.deleted',
    subjectType: 'topic_alert',
    subjectId: alert.id,
    changes: differences<TopicAlert>(alert, {}, ['keywords', 'scope', 'expiresAt']),
  })
  return alert.id
}

/** Deletes alerts that ended, of all tenants; returns how many. */
export async function purgeTopicAlerts(system: Db, now: Date): Promise<number> {
  const ended = await system.topicAlert.findMany({
    where: { expiresAt: { lte: now } },
    select: { tenantId: true, id: true },
  })
  if (ended.length === 0) return 0
  for (const tenantId of new Set(ended.map((alert) => alert.tenantId))) await touchConfig(system, tenantId)
  const { count } = await system.topicAlert.deleteMany({ where: { OR: ended } })
  return count
}

function needAgent(viewer: Viewer): AgentViewer {
  return viewer.kind === 'agent' ? viewer : refuse('FORBIDDEN', 'Topic alerts are an agent’s.')
}

/** Whether the agent may decide about inboxes other than their own: leads and those who configure. */
const leads = (agent: AgentViewer): boolean => may(agent, 'ticket:assign') || may(agent, 'config:write')

function needScope(agent: AgentViewer, scope: TopicAlertScope): void {
  if (scope !== 'MINE' && !leads(agent))
    refuse('FORBIDDEN', 'An alert for others needs the role TEAM_LEAD.', at('scope'))
}

/** One's own alert, or, for who leads, one that is not only another's. */
async function alertToChange(tx: Db, agent: AgentViewer, id: string): Promise<TopicAlert> {
  const { tenantId, agentId } = agent
  const alert = isUuid(id) ? await tx.topicAlert.findFirst({ where: { tenantId, id } }) : null
  if (!alert || (alert.scope === 'MINE' && alert.createdBy !== agentId))
    return refuse('NOT_FOUND', 'There is no such topic alert.', at('id'))
  if (alert.createdBy !== agentId && !leads(agent))
    return refuse('FORBIDDEN', 'This alert is for others too: it needs the role TEAM_LEAD.', at('id'))
  return alert
}

function endOf(given: Date | null | undefined, now: Date): Date {
  if (!given) return new Date(now.getTime() + usualMs)
  const lasts = given.getTime() - now.getTime()
  if (!(lasts > 0 && lasts <= longestMs)) refuse('INVALID', 'An alert ends within 30 days from now.', at('expiresAt'))
  return given
}
