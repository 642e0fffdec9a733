import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'
import { aShop, historyOf, lengthOf } from './lifecycle-kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const update = `mutation ($input: BulkUpdateTicketsInput!) {
  bulkUpdateTickets(input: $input) {
    results { id ticket { id status priority assignee { id } queue { name } tags { name } } userErrors { code path } }
    updatedCount userErrors { code path }
  }
}`
type Result = { id: string; ticket: Record<string, unknown> | null; userErrors: { code: string }[] }
type Answered = { bulkUpdateTickets: { results: Result[]; updatedCount: number; userErrors: object[] } }

async function bulk(ask: Ask, input: object) {
  const { data, errors } = await ask<Answered>(update, { input })
  expect(errors).toEqual([])
  return data!.bulkUpdateTickets
}

describe('changing many tickets', () => {
  it('does all of it to each, in the ids’ order, an id given twice once', async () => {
    const { tenant, agent, ask } = await aShop(support)
    const tickets = [await support.aTicket(tenant, { tags: ['old', 'kept'] }), await support.aTicket(tenant)]
    const { data } = await ask<{ queues: { id: string; name: string }[] }>('{ queues { id name } }')
    const queueId = data!.queues.find(({ name }) => name === 'urgent')!.id
    const ids = [tickets[1]!.id, tickets[0]!.id, tickets[1]!.id.toUpperCase()]
    const change = { priority: 'URGENT', status: 'PENDING', assigneeId: agent.id, queueId }
    const answer = await bulk(ask, { ids, ...change, addTags: ['new'], removeTags: ['old'] })
    expect(answer.userErrors).toEqual([])
    expect(answer.updatedCount).toBe(2)
    expect(answer.results.map(({ id }) => id)).toEqual(ids)
    const after = { status: 'PENDING', priority: 'URGENT', assignee: { id: agent.id }, queue: { name: 'urgent' } }
    expect(answer.results.map(({ ticket }) => ticket)).toEqual([
      { id: tickets[1]!.id, ...after, tags: [{ name: 'new' }] },
      { id: tickets[0]!.id, ...after, tags: [{ name: 'kept' }, { name: 'new' }] },
      { id: tickets[1]!.id, ...after, tags: [{ name: 'new' }] },
    ])
    const events = (await historyOf(support, tickets[0]!)).slice(2)
    expect(events.map(({ type }) => type)).toEqual([
      'TICKET_UPDATED',
      'PRIORITY_CHANGED',
      'ASSIGNED',
      'UNTAGGED',
      'TAGGED',
      'STATUS_CHANGED',
    ])
    // Again there is nothing to do.
    expect((await bulk(ask, { ids, ...change, addTags: ['new'] })).updatedCount).toBe(0)
    expect((await bulk(ask, { ids, assigneeId: null })).results[0]?.ticket?.['assignee']).toBeNull()
  })

  it('does nothing at all where one is refused, and every row says why', async () => {
    const { tenant, ask } = await aShop(support)
    const good = await support.aTicket(tenant)
    const foreign = await support.aTicket(await support.aTenant())
    const closed = await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start })
    const length = await lengthOf(support, tenant)
    const ids = [good.id, foreign.id, closed.id, 'x']
    for (const errorPolicy of [undefined, 'REJECT_ALL']) {
      const answer = await bulk(ask, { ids, status: 'PENDING', errorPolicy })
      expect(answer.updatedCount).toBe(0)
      expect(answer.results.map(({ ticket }) => ticket)).toEqual([null, null, null, null])
      expect(answer.results.map(({ userErrors }) => userErrors)).toEqual([
        refusal('CONFLICT', 'input', 'ids', '0'),
        refusal('NOT_FOUND', 'input', 'ids', '1'),
        refusal('INVALID_TRANSITION', 'input', 'ids', '2'),
        refusal('NOT_FOUND', 'input', 'ids', '3'),
      ])
      expect(answer.userErrors).toHaveLength(3)
    }
    expect(await lengthOf(support, tenant)).toBe(length)
  })

  it('does the others where some are refused and may be skipped', async () => {
    const { tenant, ask } = await aShop(support)
    const [good, closed] = [
      await support.aTicket(tenant),
      await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start }),
    ]
    const answer = await bulk(ask, { ids: [closed.id, 'x', good.id], status: 'PENDING', errorPolicy: 'SKIP_FAILED' })
    expect([answer.updatedCount, answer.userErrors]).toEqual([1, []])
    expect(answer.results.map(({ ticket, userErrors }) => ticket?.['status'] ?? userErrors[0]?.code)).toEqual([
      'INVALID_TRANSITION',
      'NOT_FOUND',
      'PENDING',
    ])
    expect((await historyOf(support, closed)).at(-1)?.type).toBe('MESSAGE_RECEIVED')
  })

  it('asks of each ticket whether the caller may', async () => {
    const { tenant, agent, ask } = await aShop(support, 'AGENT')
    const other = await support.anAgent(tenant)
    const ids: string[] = []
    for (const assigneeId of [agent.id, null, other.id])
      ids.push((await support.aTicket(tenant, {}, { assigneeId })).id)
    const answer = await bulk(ask, { ids, priority: 'LOW', errorPolicy: 'SKIP_FAILED' })
    expect(answer.results.map(({ userErrors }) => userErrors[0]?.code)).toEqual([undefined, 'FORBIDDEN', 'NOT_FOUND'])
    expect((await bulk(ask, { ids, assigneeId: agent.id })).userErrors).toEqual(refusal('FORBIDDEN'))
  })

  it.each([
    ['REQUIRED', 'ids', { ids: [] }],
    ['LIMIT_EXCEEDED', 'ids', { ids: Array.from({ length: 101 }, () => 'x') }],
    ['NOT_FOUND', 'assigneeId', { assigneeId: 'x' }],
    ['NOT_FOUND', 'queueId', { queueId: crypto.randomUUID() }],
    ['TOO_LONG', 'addTags', { addTags: ['x'.repeat(101)] }],
    ['INVALID', 'removeTags', { removeTags: ['a\u0000'] }],
  ])('is refused as a whole with %s at %s', async (code, field, wrong) => {
    const { tenant, ask } = await aShop(support)
    const { id } = await support.aTicket(tenant)
    const answer = await bulk(ask, { ids: [id], ...wrong })
    expect(answer).toEqual({ results: [], updatedCount: 0, userErrors: refusal(code, 'input', field) })
  })

  it('takes a hundred, with as many statements as one', async () => {
    const { tenant, ask } = await aShop(support)
    const { customerId } = await support.aTicket(tenant)
    const ids: string[] = []
    for (let count = 0; count < 100; count += 1) ids.push((await support.aTicket(tenant, { customerId })).id)
    const statementsFor = async (some: string[], priority: string) => {
      const before = support.statements.length
      expect((await bulk(ask, { ids: some, priority })).updatedCount).toBe(some.length)
      return support.statements.length - before
    }
    expect(await statementsFor(ids, 'HIGH')).toBe(await statementsFor(ids.slice(0, 1), 'LOW'))
  })
})
