import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addRule, aShop, change, logOf, rule, settled, ticketNow } from './automation-kit.ts'
import { openSupport, refusal, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const undo = `mutation ($input: UndoDecisionInput!) { undoDecision(input: $input) { ticket { id priority } userErrors { code path } } }`
type Undone = { undoDecision: { ticket: object | null; userErrors: object[] } }
const take = async (ask: Ask, decisionId: string) => {
  const { data, errors } = await ask<Undone>(undo, { input: { decisionId } })
  expect(errors).toEqual([])
  return data!.undoDecision
}
type Listed = { id: string; field: string; to: string; undoneAt: string | null }
async function decisions(ask: Ask, id: string): Promise<Listed[]> {
  const query = 'query ($id: ID!) { ticket(id: $id) { decisions { id field to undoneAt } } }'
  const { data } = await ask<{ ticket: { decisions: Listed[] } }>(query, { id })
  return data!.ticket.decisions
}

describe('a decision', () => {
  it('is taken back with one call, and not made again on that ticket', async () => {
    const { tenant, ask } = await aShop(support)
    const actions = [{ priority: { priority: 'URGENT' } }, { tag: { tags: ['kept'] } }]
    await addRule(ask, rule({ trigger: 'TICKET_UPDATED', conditions: { field: 'subject', op: 'changed' }, actions }))
    const [ticket, other] = [await support.aTicket(tenant), await support.aTicket(tenant)]
    await change(support, ticket, { subject: 'One' })
    await settled(support)
    const made = await decisions(ask, ticket.id)
    const priority = made.find(({ field }) => field === 'PRIORITY')!
    expect(await take(ask, priority.id)).toEqual({ ticket: { id: ticket.id, priority: 'NORMAL' }, userErrors: [] })
    expect((await take(ask, priority.id)).userErrors).toEqual(refusal('CONFLICT', 'input', 'decisionId'))
    await change(support, ticket, { subject: 'Two' })
    await change(support, other, { subject: 'Two' })
    await settled(support)
    expect(await ticketNow(support, ticket)).toMatchObject({ priority: 'NORMAL', tags: ['kept'] })
    expect(await ticketNow(support, other)).toMatchObject({ priority: 'URGENT', tags: ['kept'] })
    const after = await decisions(ask, ticket.id)
    expect(after.map(({ field, undoneAt }) => [field, undoneAt !== null]).toSorted()).toEqual([
      ['PRIORITY', true],
      ['TAG', false],
    ])
    expect((await logOf(support, ticket)).findLast(({ type }) => type === 'DECISION_UNDONE')).toMatchObject({
      payload: { actor: { kind: 'agent' }, data: { decisionId: priority.id, field: 'PRIORITY', to: 'URGENT' } },
    })
  })

  it('gives back every kind of value', async () => {
    const { tenant, ask } = await aShop(support)
    const agent = await support.anAgent(tenant)
    const db = support.database.forTenant(tenant.id)
    await db.agent.updateMany({ where: { id: agent.id }, data: { status: 'ONLINE', acceptsNewTickets: true } })
    const queue = crypto.randomUUID()
    const createdAt = support.clock.now()
    await db.queue.create({ data: { tenantId: tenant.id, id: queue, name: 'Q', priorityOrder: 9, createdAt } })
    const actions = [
      { tag: { tags: ['new'] } },
      { untag: { tags: ['old'] } },
      { queue: { id: queue } },
      { assign: { strategy: 'ROUND_ROBIN' } },
      { escalate: { reason: 'Up.' } },
      { followUp: { inSeconds: 60 } },
      { status: { status: 'CLOSED' } },
    ]
    await addRule(ask, rule({ trigger: 'TICKET_CREATED', actions }))
    const ticket = await support.aTicket(tenant, { tags: ['old'] }, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    await settled(support)
    expect(await ticketNow(support, ticket)).toMatchObject({ status: 'CLOSED', assigneeId: agent.id, tags: ['new'] })
    const made = await decisions(ask, ticket.id)
    expect(made).toHaveLength(actions.length)
    for (const { id } of made) expect((await take(ask, id)).userErrors).toEqual([])
    expect(await ticketNow(support, ticket)).toMatchObject({
      status: 'PENDING',
      waitingOn: 'CUSTOMER',
      closedAt: null,
      reopenCount: 0,
      assigneeId: null,
      queueId: ticket.queueId,
      escalation: null,
      followUpAt: null,
      tags: ['old'],
    })
  })

  it('that something else followed is not taken back; nor a merge, a stranger’s, or one that is not there', async () => {
    const { tenant, ask } = await aShop(support)
    await addRule(ask, rule({ trigger: 'TICKET_CREATED', actions: [{ priority: { priority: 'URGENT' } }] }))
    const ticket = await support.aTicket(tenant)
    await settled(support)
    await change(support, ticket, { priority: 'LOW' })
    const [priority] = await decisions(ask, ticket.id)
    const at = ['input', 'decisionId']
    expect((await take(ask, priority!.id)).userErrors).toEqual([{ code: 'CONFLICT', path: at }])
    expect((await decisions(ask, ticket.id))[0]!.undoneAt).toBeNull()
    const merge = { tenantId: tenant.id, id: crypto.randomUUID(), ticketId: ticket.id, field: 'MERGE', to: 'x' }
    const facts = { confidence: 1, evidence: [], explanation: 'x', madeBy: {}, madeAt: support.clock.now() }
    await support.database.forTenant(tenant.id).decision.create({ data: { ...merge, ...facts } })
    expect((await take(ask, merge.id)).userErrors).toEqual([{ code: 'INVALID_TRANSITION', path: at }])
    const stranger = (await aShop(support)).ask
    expect((await take(stranger, priority!.id)).userErrors).toEqual([{ code: 'NOT_FOUND', path: at }])
    expect((await take(ask, 'nothing')).userErrors).toEqual([{ code: 'NOT_FOUND', path: at }])
    const junior = await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' }))
    expect((await take(junior, priority!.id)).userErrors).toEqual([{ code: 'FORBIDDEN', path: at }])
  })
})
