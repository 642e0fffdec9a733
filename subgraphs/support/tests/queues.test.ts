import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'
import { aShop, change, historyOf } from './lifecycle-kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const save = `mutation ($input: SaveQueueInput!) {
  saveQueue(input: $input) { queue { id name description priorityOrder skills team { id } openCount } userErrors { code path } }
}`
const remove = `mutation ($input: DeleteQueueInput!) { deleteQueue(input: $input) { deletedId userErrors { code path } } }`
type Saved = { saveQueue: { queue: { id: string } | null; userErrors: object[] } }
type Removed = { deleteQueue: { deletedId: string | null; userErrors: object[] } }
type Queues = {
  queues: { id: string; name: string; openCount: number; tickets: { nodes: { id: string }[]; totalCount: number } }[]
}

const queuesOf = async (ask: Ask) => {
  const { data } = await ask<Queues>('{ queues { id name openCount tickets { nodes { id } totalCount } } }')
  return data!.queues
}
const idOf = async (ask: Ask, name: string): Promise<string> =>
  (await queuesOf(ask)).find((queue) => queue.name === name)!.id

describe('queues', () => {
  it('are urgent, high, normal and low at first, and tickets go where their priority is', async () => {
    const { tenant, ask } = await aShop(support)
    const low = await support.aTicket(tenant, { priority: 'LOW' })
    await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start })
    const queues = await queuesOf(ask)
    expect(queues.map(({ name, openCount }) => [name, openCount])).toEqual([
      ['urgent', 0],
      ['high', 0],
      ['normal', 0],
      ['low', 1],
    ])
    expect(queues[3]?.tickets).toEqual({ nodes: [{ id: low.id }], totalCount: 1 })
  })

  it('are made for a tenant that has none yet, when they are first needed', async () => {
    const { tenant, ask } = await aShop(support)
    await support.asOwner('DELETE FROM queue WHERE tenant_id = $1', [tenant.id])
    const ticket = await support.aTicket(tenant, { priority: 'HIGH' })
    expect((await ask(`{ ticket(id: "${ticket.id}") { queue { name } } }`)).data).toEqual({
      ticket: { queue: { name: 'high' } },
    })
    await support.asOwner('UPDATE ticket SET queue_id = NULL WHERE tenant_id = $1', [tenant.id])
    await support.asOwner('DELETE FROM queue WHERE tenant_id = $1', [tenant.id])
    expect(await queuesOf(ask)).toHaveLength(4)
  })

  it('are saved anew or replaced, with an entry in the audit', async () => {
    const { tenant, ask } = await aShop(support)
    const input = { name: ' Returns ', description: 'What comes back.', priorityOrder: 9, skills: ['returns'] }
    const made = (await ask<Saved>(save, { input })).data!.saveQueue
    const id = made.queue!.id
    expect(made).toEqual({
      queue: {
        id,
        name: 'Returns',
        description: 'What comes back.',
        priorityOrder: 9,
        skills: ['returns'],
        team: null,
        openCount: 0,
      },
      userErrors: [],
    })
    const replaced = (await ask<Saved>(save, { input: { id, name: 'Back', priorityOrder: 0 } })).data!.saveQueue
    expect(replaced.queue).toMatchObject({ id, name: 'Back', description: null, skills: [] })
    expect((await queuesOf(ask))[0]?.name).toBe('Back')
    const audit = await support.database
      .forTenant(tenant.id)
      .auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } })
    expect(audit.map(({ action }) => action)).toEqual(['queue.created', 'queue.updated'])
    expect(audit[1]?.changes).toContainEqual({ field: 'name', from: 'Returns', to: 'Back' })
  })

  it.each([
    ['REQUIRED', 'name', { name: ' ' }],
    ['TOO_LONG', 'name', { name: 'x'.repeat(101) }],
    ['INVALID', 'name', { name: 'a\u0000' }],
    ['ALREADY_EXISTS', 'name', { name: 'urgent' }],
    ['TOO_LONG', 'description', { description: 'x'.repeat(1_001) }],
    ['INVALID', 'priorityOrder', { priorityOrder: -1 }],
    ['NOT_FOUND', 'teamId', { teamId: 'x' }],
    ['NOT_FOUND', 'teamId', { teamId: crypto.randomUUID() }],
    ['NOT_FOUND', 'id', { id: crypto.randomUUID() }],
    ['NOT_FOUND', 'id', { id: 'x' }],
    ['LIMIT_EXCEEDED', 'skills', { skills: Array.from({ length: 51 }, (_, n) => `${n}`) }],
  ])('are refused with %s at %s', async (code, field, wrong) => {
    const { ask } = await aShop(support)
    const { data } = await ask<Saved>(save, { input: { name: 'New', priorityOrder: 1, ...wrong } })
    expect(data!.saveQueue).toEqual({ queue: null, userErrors: refusal(code, 'input', field) })
    expect(await queuesOf(ask)).toHaveLength(4)
  })

  it('are the managers’ to change, and everybody’s to read', async () => {
    const { ask } = await aShop(support, 'TEAM_LEAD')
    const input = { name: 'New', priorityOrder: 1 }
    expect((await ask<Saved>(save, { input })).data!.saveQueue.userErrors).toEqual(refusal('FORBIDDEN'))
    const id = await idOf(ask, 'low')
    expect((await ask<Removed>(remove, { input: { id } })).data!.deleteQueue.userErrors).toEqual(refusal('FORBIDDEN'))
  })

  it('never show or take another tenant’s', async () => {
    const [{ ask }, other] = [await aShop(support), await aShop(support)]
    const theirs = await idOf(other.ask, 'low')
    const input = { id: theirs, name: 'Mine', priorityOrder: 1 }
    expect((await ask<Saved>(save, { input })).data!.saveQueue.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    expect((await ask<Removed>(remove, { input: { id: theirs } })).data!.deleteQueue.userErrors).toEqual(
      refusal('NOT_FOUND', 'input', 'id'),
    )
    expect((await queuesOf(other.ask)).map(({ name }) => name)).toContain('low')
  })

  it('hand their tickets to the team that serves them', async () => {
    const { tenant, ask } = await aShop(support)
    const teamId = crypto.randomUUID()
    await support.database.forTenant(tenant.id).team.create({
      data: { tenantId: tenant.id, id: teamId, name: 'Returns', createdAt: start },
    })
    const input = { name: 'Returns', priorityOrder: 5, teamId }
    const { queue } = (await ask<Saved>(save, { input })).data!.saveQueue
    const { id } = await support.aTicket(tenant)
    const moved = await change(ask, 'updateTicket', { id, queueId: queue!.id }, 'queue { name } team { id }')
    expect(moved.ticket).toEqual({ queue: { name: 'Returns' }, team: { id: teamId } })
    expect((await change(ask, 'updateTicket', { id, queueId: null }, 'queue { name }')).ticket).toEqual({ queue: null })
  })
})

describe('deleting a queue', () => {
  it('needs to know where waiting tickets go, and moves them, each with its event', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant, { priority: 'LOW' })
    const closed = await support.aTicket(tenant, { priority: 'LOW' }, { status: 'CLOSED', closedAt: start })
    const [id, target] = [await idOf(ask, 'low'), await idOf(ask, 'normal')]
    const refused = async (input: object) => (await ask<Removed>(remove, { input })).data!.deleteQueue.userErrors
    expect(await refused({ id })).toEqual(refusal('CONFLICT', 'input', 'moveTicketsTo'))
    expect(await refused({ id, moveTicketsTo: id })).toEqual(refusal('INVALID', 'input', 'moveTicketsTo'))
    expect(await refused({ id, moveTicketsTo: 'x' })).toEqual(refusal('NOT_FOUND', 'input', 'moveTicketsTo'))
    const { data } = await ask<Removed>(remove, { input: { id, moveTicketsTo: target } })
    expect(data!.deleteQueue).toEqual({ deletedId: id, userErrors: [] })
    const last = (await historyOf(support, ticket)).at(-1)
    expect([last?.type, last?.payload.changes]).toEqual([
      'TICKET_UPDATED',
      [{ field: 'queueId', from: id, to: target }],
    ])
    const where = { tenantId: tenant.id, queueId: target }
    expect(await support.database.forTenant(tenant.id).ticket.count({ where })).toBe(2)
    expect((await historyOf(support, closed)).at(-1)?.type).toBe('MESSAGE_RECEIVED')
    // Nothing takes its place: a ticket of that priority is in no queue then.
    expect((await support.aTicket(tenant, { priority: 'LOW' })).queueId).toBeNull()
  })

  it('leaves no transfer that would come back to it', async () => {
    const { tenant, ask } = await aShop(support)
    const id = await idOf(ask, 'low')
    const returnTo = { agentId: null, teamId: null, queueId: id, since: start.toISOString() }
    const ticket = await support.aTicket(tenant, {}, { returnTo, returnAt: start, nextTimerAt: start })
    expect((await ask<Removed>(remove, { input: { id } })).data!.deleteQueue.userErrors).toEqual([])
    const { returnTo: now } = await support.database
      .forTenant(tenant.id)
      .ticket.findFirstOrThrow({ where: { id: ticket.id } })
    expect(now).toEqual({ ...returnTo, queueId: null })
  })

  it('is refused of the last one, also when the last two go at the same time', async () => {
    const { ask } = await aShop(support)
    const [first, second, ...rest] = await queuesOf(ask)
    for (const { id } of rest) await ask(remove, { input: { id } })
    const answers = await Promise.all([first!, second!].map(({ id }) => ask<Removed>(remove, { input: { id } })))
    const errors = answers.map(({ data }) => data!.deleteQueue.userErrors)
    expect(errors).toContainEqual([])
    expect(errors).toContainEqual(refusal('CONFLICT', 'input', 'id'))
    expect(await queuesOf(ask)).toHaveLength(1)
  })
})
