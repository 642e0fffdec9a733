import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSupport, refusal, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const save = `mutation ($input: SaveTeamInput!) { saveTeam(input: $input) { team { id name members { id } } userErrors { code path } } }`
const remove = `mutation ($input: DeleteByIdInput!) { deleteTeam(input: $input) { deletedId userErrors { code path } } }`
type Saved = { saveTeam: { team: { id: string; members: { id: string }[] } | null; userErrors: { code: string }[] } }

async function setting() {
  const tenant = await support.aTenant()
  const manager = await support.anAgent(tenant, { role: 'MANAGER', name: 'Max' })
  const agent = await support.anAgent(tenant, { role: 'AGENT', name: 'Ada' })
  return { tenant, manager, agent, ask: await support.asAgent(manager), db: support.database.forTenant(tenant.id) }
}
const trail = (tenantId: string) =>
  support.asOwner('SELECT action, changes FROM audit_entry WHERE tenant_id = $1 AND subject_type = $2 ORDER BY id', [
    tenantId,
    'team',
  ])

describe('a team', () => {
  it('is added, replaced as a whole, and shows on its members and tickets', async () => {
    const { tenant, manager, agent, ask } = await setting()
    const made = await ask<Saved>(save, { input: { name: ' Returns ', memberIds: [manager.id, agent.id, agent.id] } })
    const { id, members } = made.data!.saveTeam.team!
    expect(members).toEqual([{ id: agent.id }, { id: manager.id }])
    await support.aTicket(tenant, {}, { teamId: id })
    const seen = `{ teams { name members { name } } agents { nodes { name teams { name } } } tickets { nodes { team { id } } } }`
    expect((await ask(seen)).data).toEqual({
      teams: [{ name: 'Returns', members: [{ name: 'Ada' }, { name: 'Max' }] }],
      agents: {
        nodes: [
          { name: 'Ada', teams: [{ name: 'Returns' }] },
          { name: 'Max', teams: [{ name: 'Returns' }] },
        ],
      },
      tickets: { nodes: [{ team: { id } }] },
    })
    const { data } = await ask<Saved>(save, { input: { id, name: 'Refunds', memberIds: [agent.id] } })
    expect(data!.saveTeam).toEqual({ team: { id, name: 'Refunds', members: [{ id: agent.id }] }, userErrors: [] })
    const both = [manager.id, agent.id].toSorted()
    expect(await trail(tenant.id)).toEqual([
      {
        action: 'team.created',
        changes: [
          { field: 'name', from: null, to: 'Returns' },
          { field: 'memberIds', from: null, to: both },
        ],
      },
      {
        action: 'team.changed',
        changes: [
          { field: 'name', from: 'Returns', to: 'Refunds' },
          { field: 'memberIds', from: both, to: [agent.id] },
        ],
      },
    ])
  })

  it('is refused where it makes no sense', async () => {
    const { tenant, ask } = await setting()
    const stranger = await support.anAgent(await support.aTenant())
    await ask(save, { input: { name: 'Returns', memberIds: [] } })
    const theirs = await support.asAgent(stranger)
    const foreign = (await theirs<Saved>(save, { input: { name: 'Returns', memberIds: [] } })).data!.saveTeam.team!
    const cases = [
      ['REQUIRED', 'name', { name: ' ' }],
      ['TOO_LONG', 'name', { name: 'x'.repeat(101) }],
      ['ALREADY_EXISTS', 'name', { name: 'Returns' }],
      ['NOT_FOUND', 'memberIds', { memberIds: [stranger.id] }],
      ['NOT_FOUND', 'memberIds', { memberIds: ['x'] }],
      ['LIMIT_EXCEEDED', 'memberIds', { memberIds: Array.from({ length: 1_001 }, () => crypto.randomUUID()) }],
      ['NOT_FOUND', 'id', { id: foreign.id }],
      ['NOT_FOUND', 'id', { id: 'x' }],
    ] as const
    for (const [code, field, wrong] of cases) {
      const { data, errors } = await ask(save, { input: { name: 'New', memberIds: [], ...wrong } })
      expect([errors, data]).toEqual([[], { saveTeam: { team: null, userErrors: refusal(code, 'input', field) } }])
    }
    expect(await trail(tenant.id)).toHaveLength(1)
  })

  it('that goes leaves its tickets to no team, closed ones and those lent to others too', async () => {
    const { tenant, manager, ask, db } = await setting()
    const { id } = (await ask<Saved>(save, { input: { name: 'Returns', memberIds: [manager.id] } })).data!.saveTeam
      .team!
    const now = support.clock.now()
    const open = await support.aTicket(tenant, {}, { teamId: id })
    await support.aTicket(tenant, {}, { teamId: id, status: 'CLOSED', closedAt: now })
    const returnTo = { agentId: null, teamId: id, queueId: null, since: now.toISOString() }
    const lent = await support.aTicket(tenant, {}, { returnTo, returnAt: new Date(now.getTime() + 1_000) })
    const { data } = await ask(remove, { input: { id } })
    expect(data).toEqual({ deleteTeam: { deletedId: id, userErrors: [] } })
    expect(await db.ticket.count({ where: { teamId: { not: null } } })).toBe(0)
    expect(await db.ticket.findFirstOrThrow({ where: { id: lent.id } })).toMatchObject({ returnTo: { teamId: null } })
    const events = await support.asOwner<{ payload: object }>(
      `SELECT payload FROM outbox WHERE ticket_id = $1 AND type = 'TICKET_UPDATED'
       UNION ALL SELECT payload FROM event_log WHERE ticket_id = $1 AND type = 'TICKET_UPDATED'`,
      [open.id],
    )
    expect(events).toMatchObject([{ payload: { changes: [{ field: 'teamId', from: id, to: null }] } }])
    expect((await ask(remove, { input: { id } })).data).toEqual({
      deleteTeam: { deletedId: null, userErrors: refusal('NOT_FOUND', 'input', 'id') },
    })
  })

  it('that serves a queue stays until that has another', async () => {
    const { tenant, ask, db } = await setting()
    const { id } = (await ask<Saved>(save, { input: { name: 'Returns', memberIds: [] } })).data!.saveTeam.team!
    const queue = { tenantId: tenant.id, id: newId(), name: 'Q', priorityOrder: 1, teamId: id, createdAt: new Date() }
    await db.queue.create({ data: queue })
    const { data } = await ask(remove, { input: { id } })
    expect(data).toEqual({ deleteTeam: { deletedId: null, userErrors: refusal('CONFLICT', 'input', 'id') } })
    expect(await db.team.count()).toBe(1)
  })
})
