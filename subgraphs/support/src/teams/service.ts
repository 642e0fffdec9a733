import { newId } from '@quimbi/database/ids.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Team } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import { changeInBatches, forgetReturns } from '../assignment/batches.ts'
import { recordAudit } from '../audit/record.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'

type TeamInput = { id?: string | null | undefined; name: string; memberIds: readonly string[] }

/** The tenant's teams by name. */
export const listTeams = (db: Db, { tenantId }: Viewer): Promise<Team[]> =>
  db.team.findMany({ where: { tenantId }, orderBy: [{ name: 'asc' }, { id: 'asc' }] })

/** The tenant's team; NOT_FOUND at `path` for anybody else's, and for what is no id. */
export async function findTeam(tx: Db, tenantId: string, id: string, path: string[]): Promise<Team> {
  const team = isUuid(id) ? await tx.team.findFirst({ where: { tenantId, id } }) : null
  return team ?? refuse('NOT_FOUND', 'There is no such team.', path)
}

/** Adds a team, or replaces one with its members. */
export async function saveTeam(tx: Db, viewer: Viewer, input: TeamInput, now: Date): Promise<Team> {
  need(viewer, 'agent:manage')
  const { tenantId } = viewer
  const name = text(input.name, { path: ['input', 'name'], max: 100 })
  const memberIds = await knownMembers(tx, tenantId, input.memberIds)
  const before = input.id ? await findTeam(tx, tenantId, input.id, ['input', 'id']) : null
  const id = before?.id ?? newId()
  const members = { tenantId, teamId: id }
  const saved = before
    ? tx.team.updateMany({ where: { tenantId, id }, data: { name } })
    : tx.team.create({ data: { tenantId, id, name, createdAt: now } })
  await Promise.resolve(saved).catch((error: unknown) => {
    if (violatedUnique(error) === null) throw error
    return refuse('ALREADY_EXISTS', 'There is a team with this name.', ['input', 'name'])
  })
  // Read once the team's row is held: of two who save it at once, the second one replaces what the first one left.
  const were = await tx.teamMember.findMany({ where: members, orderBy: { agentId: 'asc' } })
  await tx.teamMember.deleteMany({ where: { ...members, agentId: { notIn: memberIds } } })
  const rows = memberIds.map((agentId) => ({ ...members, agentId }))
  await tx.teamMember.createMany({ data: rows, skipDuplicates: true })
  const changes = differences<{ name: string; memberIds: string[] }>(
    before ? { name: before.name, memberIds: were.map(({ agentId }) => agentId) } : {},
    { name, memberIds },
    ['name', 'memberIds'],
  )
  const action = before ? 'team.changed' : 'team.created'
  await recordAudit(tx, { tenantId, who: doerOf(viewer), now, action, subjectType: 'team', subjectId: id, changes })
  return tx.team.findFirstOrThrow({ where: { tenantId, id } })
}

/** Removes a team. Its tickets belong to no team then; queues that it serves must be given to another first. */
export async function deleteTeam(tx: Db, viewer: Viewer, { id }: { id: string }, now: Date): Promise<string> {
  need(viewer, 'agent:manage')
  const { tenantId } = viewer
  const team = await findTeam(tx, tenantId, id, ['input', 'id'])
  // Held: nothing is put into the team any more, since what refers to it waits for its row.
  await tx.$queryRaw`SELECT 1 FROM team WHERE tenant_id = ${tenantId}::uuid AND id = ${team.id}::uuid FOR UPDATE`
  const queue = await tx.queue.findFirst({ where: { tenantId, teamId: team.id }, orderBy: { priorityOrder: 'asc' } })
  if (queue)
    refuse('CONFLICT', `The queue ${queue.name} belongs to the team. Give it to another first.`, ['input', 'id'])
  const who = doerOf(viewer)
  const reason = `The team ${team.name} was removed.`
  const call = { tenantId, who, now }
  await changeInBatches(tx, call, { tenantId, teamId: team.id }, ({ ticket }) =>
    ticket.teamId === team.id ? [{ type: 'TICKET_UPDATED', set: { teamId: null }, reason }] : [],
  )
  await forgetReturns(tx, call, 'teamId', team.id)
  await tx.team.deleteMany({ where: { tenantId, id: team.id } })
  const changes = [{ field: 'name', from: team.name, to: null }]
  await recordAudit(tx, {
    tenantId,
    who,
    now,
    action: 'team.deleted',
    subjectType: 'team',
    subjectId: team.id,
    changes,
  })
  return team.id
}

async function knownMembers(tx: Db, tenantId: string, given: readonly string[]): Promise<string[]> {
  const ids = [...new Set(given.map((id) => id.toLowerCase()))].toSorted()
  if (ids.length > 1_000) refuse('LIMIT_EXCEEDED', 'A team has at most 1,000 members.', ['input', 'memberIds'])
  const known = ids.every(isUuid) ? await tx.agent.count({ where: { tenantId, id: { in: ids } } }) : -1
  if (known !== ids.length) refuse('NOT_FOUND', 'Somebody named is no agent.', ['input', 'memberIds'])
  return ids
}
