import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import type { StoredSla } from '../src/tickets/change-store.ts'
import { openSupport, refusal, start, type TestSupport } from './kit.ts'
import { aShop, change, historyOf, lengthOf } from './lifecycle-kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const after = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000)

/** Two tickets of one customer. */
async function twoOf(tenant: Tenant, first: object = {}, second: object = {}): Promise<[Ticket, Ticket]> {
  const from = await support.aTicket(tenant, {}, first)
  return [from, await support.aTicket(tenant, { customerId: from.customerId, channel: 'CHAT' }, second)]
}

const rowOf = ({ tenantId, id }: Ticket) =>
  support.database.forTenant(tenantId).ticket.findFirstOrThrow({ where: { id } })
const slaOf = async ({ tenantId, id }: Ticket) =>
  (await support.database
    .forTenant(tenantId)
    .ticketSla.findFirstOrThrow({ where: { ticketId: id } })) as unknown as StoredSla

describe('merging', () => {
  it('moves all that was said, unites the labels, closes the one and points to the other', async () => {
    const { tenant, ask } = await aShop(support)
    const [from, into] = await twoOf(tenant, { tags: ['a', 'b'] }, { tags: ['b', 'c'] })
    await support.aMessage(from, { content: 'Ours', createdAt: after(1) })
    const fields = 'id status tags { name } messages { nodes { content } }'
    const answer = await change(ask, 'mergeTickets', { fromId: from.id, intoId: into.id }, fields)
    expect(answer).toEqual({
      ticket: {
        id: into.id,
        status: 'OPEN',
        tags: ['b', 'c', 'a'].map((name) => ({ name })),
        messages: { nodes: ['It has not come yet.', 'It has not come yet.', 'Ours'].map((content) => ({ content })) },
      },
      userErrors: [],
    })
    const query = `{ ticket(id: "${from.id}") { status closedAt resolution conversationRevision mergedInto { id } messages { nodes { content } } } }`
    expect((await ask(query)).data).toEqual({
      ticket: {
        status: 'CLOSED',
        closedAt: start.toISOString(),
        resolution: `Became part of #${into.number}.`,
        conversationRevision: 'r2',
        mergedInto: { id: into.id },
        messages: { nodes: [] },
      },
    })
    expect((await rowOf(into)).revision).toBe(2)
  })

  it('is an event of both', async () => {
    const { tenant, agent, ask } = await aShop(support)
    const [from, into] = await twoOf(tenant)
    await change(ask, 'mergeTickets', { fromId: from.id, intoId: into.id })
    const [ended, wentOn] = [(await historyOf(support, from)).slice(2), (await historyOf(support, into)).slice(2)]
    expect([...ended, ...wentOn].map(({ type }) => type)).toEqual(['MERGED', 'MERGED'])
    expect(ended[0]?.payload).toMatchObject({
      actor: { kind: 'agent', id: agent.id },
      data: { intoId: into.id, intoNumber: into.number },
      view: { status: 'CLOSED' },
      revision: 2,
    })
    expect(wentOn[0]?.payload).toMatchObject({ data: { fromId: from.id, fromNumber: from.number }, revision: 2 })
  })

  it('takes an unanswered question along: its clock and how long they wait', async () => {
    const { tenant, ask } = await aShop(support)
    const from = await support.aTicket(tenant)
    support.clock.advance(60_000)
    const into = await support.aTicket(
      tenant,
      { customerId: from.customerId },
      { status: 'PENDING', waitingOn: 'CUSTOMER' },
    )
    await support.aMessage(into, { createdAt: after(2) })
    await change(ask, 'mergeTickets', { fromId: into.id, intoId: from.id })
    const { waitingSince, status } = await rowOf(from)
    expect([status, waitingSince]).toEqual(['OPEN', null])
    support.clock.set(start)
    const facts = (await slaOf(from)).history.filter(({ kind }) => kind === 'customer_message')
    expect(facts.map(({ at }) => at)).toEqual([start, after(1)].map((date) => date.toISOString()))
  })

  it('counts an answer whose text was deleted since as one', async () => {
    const { tenant, ask } = await aShop(support)
    const [from, into] = await twoOf(tenant)
    await support.aMessage(into, { createdAt: after(2), content: '', deletedAt: after(3) })
    await change(ask, 'mergeTickets', { fromId: from.id, intoId: into.id })
    expect((await rowOf(into)).waitingSince).toBeNull()
  })

  it.each([
    ['OPEN', null, 'CLOSED', null, 'OPEN'],
    ['OPEN', null, 'PENDING', 'CUSTOMER', 'OPEN'],
    ['PENDING', 'CUSTOMER', 'CLOSED', null, 'OPEN'],
    ['PENDING', 'CUSTOMER', 'PENDING', 'THIRD_PARTY', 'PENDING'],
    ['CLOSED', null, 'CLOSED', null, 'CLOSED'],
    ['CLOSED', null, 'OPEN', null, 'OPEN'],
  ])('of %s/%s into %s/%s leaves it %s', async (status, waitingOn, otherStatus, otherWaiting, result) => {
    const closed = (state: string) => (state === 'CLOSED' ? start : null)
    const { tenant, ask } = await aShop(support)
    const [from, into] = await twoOf(
      tenant,
      { status, waitingOn, closedAt: closed(status) },
      { status: otherStatus, waitingOn: otherWaiting, closedAt: closed(otherStatus) },
    )
    expect((await change(ask, 'mergeTickets', { fromId: from.id, intoId: into.id })).ticket?.['status']).toBe(result)
  })

  it('keeps one step between what became part and what goes on', async () => {
    const { tenant, ask } = await aShop(support)
    const [first, second] = await twoOf(tenant)
    const third = await support.aTicket(tenant, { customerId: first.customerId })
    await change(ask, 'mergeTickets', { fromId: first.id, intoId: second.id })
    await change(ask, 'mergeTickets', { fromId: second.id, intoId: third.id })
    expect([(await rowOf(first)).mergedIntoId, (await rowOf(second)).mergedIntoId]).toEqual([third.id, third.id])
  })

  it('is refused into itself, twice, in a circle, and across customers, tenants or the demo; nothing happens', async () => {
    const { tenant, ask } = await aShop(support)
    const [a, b] = await twoOf(tenant)
    const c = await support.aTicket(tenant, { customerId: a.customerId })
    const demo = await support.aTicket(tenant, { customerId: a.customerId }, { isDemo: true })
    const stranger = await support.aTicket(tenant)
    const foreign = await support.aTicket(await support.aTenant())
    await change(ask, 'mergeTickets', { fromId: a.id, intoId: b.id })
    const length = await lengthOf(support, tenant)
    const refused = async (fromId: string, intoId: string) =>
      (await change(ask, 'mergeTickets', { fromId, intoId })).userErrors
    expect(await refused(b.id, b.id.toUpperCase())).toEqual(refusal('INVALID', 'input', 'intoId'))
    expect(await refused(a.id, c.id)).toEqual(refusal('CONFLICT', 'input', 'fromId'))
    expect(await refused(b.id, a.id)).toEqual(refusal('CONFLICT', 'input', 'intoId'))
    expect(await refused(c.id, stranger.id)).toEqual(refusal('CONFLICT', 'input', 'intoId'))
    expect(await refused(demo.id, c.id)).toEqual(refusal('CONFLICT', 'input', 'intoId'))
    expect(await refused(c.id, foreign.id)).toEqual(refusal('NOT_FOUND', 'input', 'intoId'))
    expect(await refused('x', c.id)).toEqual(refusal('NOT_FOUND', 'input', 'fromId'))
    expect(await lengthOf(support, tenant)).toBe(length)
    // A merged ticket stays closed.
    expect((await change(ask, 'setTicketStatus', { id: a.id, status: 'OPEN' })).userErrors).toEqual(
      refusal('INVALID_TRANSITION', 'input', 'status'),
    )
  })

  it('of two tickets into each other at the same time happens once', async () => {
    const { tenant, ask } = await aShop(support)
    const [a, b] = await twoOf(tenant)
    const answers = await Promise.all([
      change(ask, 'mergeTickets', { fromId: a.id, intoId: b.id }),
      change(ask, 'mergeTickets', { fromId: b.id, intoId: a.id }),
    ])
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1)
  })
})

describe('splitting', () => {
  it('moves messages to a new ticket that is otherwise alike', async () => {
    const { tenant, agent, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant, { tags: ['vip'], priority: 'HIGH' }, { assigneeId: agent.id })
    const other = await support.aMessage(ticket, { fromAgent: false, content: 'And my invoice?', createdAt: after(1) })
    const fields =
      'id number subject status priority channel tags { name } assignee { id } messages { nodes { id } } conversationRevision'
    const input = { id: ticket.id, messageIds: [other.id, other.id], subject: ' Invoice ' }
    const { ticket: made } = await change(ask, 'splitTicket', input, fields)
    expect(made).toEqual({
      id: expect.any(String),
      number: ticket.number + 1,
      subject: 'Invoice',
      status: 'OPEN',
      priority: 'HIGH',
      channel: 'EMAIL',
      tags: [{ name: 'vip' }],
      assignee: { id: agent.id },
      messages: { nodes: [{ id: other.id }] },
      conversationRevision: 'r1',
    })
    const source = await rowOf(ticket)
    expect([source.revision, source.waitingSince]).toEqual([2, start])
    const added = { tenantId: tenant.id, id: made?.['id'] as string }
    expect((await historyOf(support, added)).map(({ type }) => type)).toEqual(['TICKET_CREATED', 'SPLIT', 'ASSIGNED'])
    const split = (await historyOf(support, ticket)).at(-1)
    expect(split).toMatchObject({ type: 'SPLIT', payload: { data: { intoId: added.id, messageIds: [other.id] } } })
    expect((await rowOf(added as Ticket)).waitingSince).toEqual(after(1))
  })

  it('is refused of all messages, of another ticket’s, and of a merged ticket’s', async () => {
    const { tenant, ask } = await aShop(support)
    const [ticket, other] = await twoOf(tenant)
    const messagesOf = async ({ id }: Ticket) => {
      const rows = await support.database.forTenant(tenant.id).message.findMany({ where: { ticketId: id } })
      return rows.map((row) => row.id)
    }
    const length = await lengthOf(support, tenant)
    const refused = async (id: string, messageIds: string[]) =>
      (await change(ask, 'splitTicket', { id, messageIds, subject: 'a' })).userErrors
    expect(await refused(ticket.id, await messagesOf(ticket))).toEqual(refusal('INVALID', 'input', 'messageIds'))
    expect(await refused(ticket.id, await messagesOf(other))).toEqual(refusal('NOT_FOUND', 'input', 'messageIds'))
    expect(await lengthOf(support, tenant)).toBe(length)
    await change(ask, 'mergeTickets', { fromId: ticket.id, intoId: other.id })
    expect(await refused(ticket.id, await messagesOf(other))).toEqual(refusal('INVALID_TRANSITION', 'input', 'id'))
  })
})
