import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { codesOf, openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const create = `mutation ($input: CreateTicketInput!) {
  createTicket(input: $input) {
    ticket {
      id number subject status waitingOn priority channel customer { id name } assignee { id } tags externalRef { source id }
      messages { nodes { content fromAgent authorName authorEmail createdAt } } lastMessage { content }
      isDemo createdAt updatedAt closedAt
    }
    userErrors { code path }
  }
}`
type Created = { createTicket: { ticket: { id: string; number: number } | null; userErrors: { code: string }[] } }
type Nodes<Name extends string> = Record<Name, { nodes: { id: string }[] }>

type Shop = {
  tenant: Tenant
  ask: Ask
  input: { customerId: string; subject: string; channel: string; initialMessage: string }
}

async function aShop(): Promise<Shop> {
  const tenant = await support.aTenant()
  const ask = await support.asAgent(await support.anAgent(tenant))
  const { id: customerId } = await support.aCustomer(tenant, { name: 'Mia', email: 'mia@mail.example' })
  return {
    tenant,
    ask,
    input: { customerId, subject: ' Late ', channel: 'CHAT', initialMessage: 'Where is it?\n\tMia ' },
  }
}
const add = ({ ask, input }: Shop, change: object = {}) => ask<Created>(create, { input: { ...input, ...change } })

describe('opening a ticket', () => {
  it('answers with the ticket and its first message, the customer’s', async () => {
    const shop = await aShop()
    const { data, errors } = await add(shop, { tags: ['late', 'late '], externalRef: { source: ' zendesk', id: '77' } })
    expect(errors).toEqual([])
    const now = support.clock.now().toISOString()
    const content = 'Where is it?\n\tMia'
    expect(data).toEqual({
      createTicket: {
        ticket: {
          id: expect.any(String),
          number: 1001,
          subject: 'Late',
          status: 'OPEN',
          waitingOn: null,
          priority: 'NORMAL',
          channel: 'CHAT',
          customer: { id: shop.input.customerId, name: 'Mia' },
          assignee: null,
          tags: ['late'],
          externalRef: { source: 'zendesk', id: '77' },
          messages: {
            nodes: [{ content, fromAgent: false, authorName: 'Mia', authorEmail: 'mia@mail.example', createdAt: now }],
          },
          lastMessage: { content },
          isDemo: false,
          createdAt: now,
          updatedAt: now,
          closedAt: null,
        },
        userErrors: [],
      },
    })
    expect((await shop.ask('{ ticketByNumber(number: 1001) { subject } }')).data).toEqual({
      ticketByNumber: { subject: 'Late' },
    })
  })

  it.each([
    ['REQUIRED', 'subject', { subject: '' }],
    ['TOO_LONG', 'subject', { subject: 'x'.repeat(301) }],
    ['INVALID', 'subject', { subject: 'a\u001bb' }],
    ['REQUIRED', 'initialMessage', { initialMessage: ' \n ' }],
    ['TOO_LONG', 'initialMessage', { initialMessage: 'x'.repeat(50_001) }],
    ['INVALID', 'initialMessage', { initialMessage: 'a\u0000b' }],
    ['LIMIT_EXCEEDED', 'tags', { tags: Array.from({ length: 51 }, (_, index) => `${index}`) }],
    ['REQUIRED', 'externalRef', { externalRef: { source: '', id: '1' } }],
    ['TOO_LONG', 'externalRef', { externalRef: { source: 'zendesk', id: '1'.repeat(201) } }],
    ['INVALID', 'externalRef', { externalRef: { source: 'zendesk', id: 'a\u0000b' } }],
    ['NOT_FOUND', 'customerId', { customerId: crypto.randomUUID() }],
    ['NOT_FOUND', 'customerId', { customerId: 'x' }],
  ])('is refused with %s at %s', async (code, field, wrong) => {
    const shop = await aShop()
    const { data, errors } = await add(shop, wrong)
    expect(errors).toEqual([])
    expect(data).toEqual({ createTicket: { ticket: null, userErrors: refusal(code, 'input', field) } })
    expect((await shop.ask('{ tickets { nodes { id } } }')).data).toEqual({ tickets: { nodes: [] } })
  })

  it('takes a subject of 300 characters and a message of 50,000', async () => {
    const { data } = await add(await aShop(), { subject: 'x'.repeat(300), initialMessage: 'x'.repeat(50_000) })
    expect(data!.createTicket.userErrors).toEqual([])
  })

  it('is refused for another tenant’s customer', async () => {
    const [shop, other] = [await aShop(), await aShop()]
    const { data } = await add(shop, { customerId: other.input.customerId })
    expect(data!.createTicket.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'customerId'))
  })

  it('is refused for an external reference that a ticket of the tenant has', async () => {
    const [shop, other] = [await aShop(), await aShop()]
    const externalRef = { source: 'zendesk', id: '1' }
    await add(shop, { externalRef })
    const again = await add(shop, { externalRef })
    expect(again.data!.createTicket.userErrors).toEqual(refusal('ALREADY_EXISTS', 'input', 'externalRef'))
    expect((await add(other, { externalRef })).data!.createTicket.userErrors).toEqual([])
    expect((await add(shop)).data!.createTicket.ticket!.number).toBe(1002)
  })

  it('with a key happens once, also when ten ask at the same time, and another input is refused', async () => {
    const shop = await aShop()
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(shop, { idempotencyKey: 'key' })))
    expect(answers[0]!.data!.createTicket.userErrors).toEqual([])
    for (const answer of answers) expect(answer).toEqual(answers[0])
    const { data } = await shop.ask<Nodes<'tickets'>>('{ tickets { nodes { id } } }')
    expect(data!.tickets.nodes).toHaveLength(1)
    const reused = await add(shop, { idempotencyKey: 'key', priority: 'LOW' })
    expect(reused.data!.createTicket.userErrors).toEqual(refusal('IDEMPOTENCY_KEY_REUSED', 'input', 'idempotencyKey'))
  })

  it('gives each of twenty concurrent ones a number of its own, rising without gaps, per tenant', async () => {
    const [shop, other] = [await aShop(), await aShop()]
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(shop)))
    const numbers = answers.map(({ data }) => data!.createTicket.ticket!.number)
    expect(numbers.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => 1001 + index))
    expect((await add(other)).data!.createTicket.ticket!.number).toBe(1001)
    expect((await add(shop)).data!.createTicket.ticket!.number).toBe(1021)
  })
})

describe('finding tickets', () => {
  it('by id, number or list stays within the tenant', async () => {
    const [{ ask }, { tenant }] = [await aShop(), await aShop()]
    const { id, number } = await support.aTicket(tenant)
    const query = `query ($id: ID!, $number: Int!) {
      ticket(id: $id) { id } ticketByNumber(number: $number) { id } tickets { nodes { id } } inbox { nodes { id } totalCount }
    }`
    const nothing = { ticket: null, ticketByNumber: null, tickets: { nodes: [] }, inbox: { nodes: [], totalCount: 0 } }
    expect(await ask(query, { id, number })).toEqual({ data: nothing, errors: [] })
    expect(await ask(query, { id: 'x', number: -1 })).toEqual({ data: nothing, errors: [] })
  })

  it('filters by every condition, all of them together, in both lists', async () => {
    const { tenant, ask } = await aShop()
    const agent = await support.anAgent(tenant)
    const mine = await support.aTicket(tenant, { channel: 'SMS', priority: 'HIGH' }, { assigneeId: agent.id })
    const free = await support.aTicket(tenant, { channel: 'EMAIL', priority: 'LOW' })
    const closed = await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start, assigneeId: agent.id })
    const found = async (filter: object) => {
      const query =
        'query ($filter: TicketFilter) { tickets(filter: $filter) { nodes { id } } inbox(filter: $filter) { nodes { id } } }'
      const { data } = await ask<Nodes<'tickets' | 'inbox'>>(query, { filter })
      return [data!.tickets, data!.inbox].map(({ nodes }) => new Set(nodes.map(({ id }) => id)))
    }
    const ids = (...tickets: { id: string }[]) => new Set(tickets.map(({ id }) => id))
    expect(await found({})).toEqual([ids(mine, free, closed), ids(mine, free)])
    expect(await found({ status: ['CLOSED', 'PENDING'] })).toEqual([ids(closed), ids()])
    expect(await found({ status: [] })).toEqual([ids(), ids()])
    expect(await found({ channel: ['SMS'] })).toEqual([ids(mine), ids(mine)])
    expect(await found({ priority: ['HIGH', 'LOW'] })).toEqual([ids(mine, free), ids(mine, free)])
    expect(await found({ assigneeId: agent.id })).toEqual([ids(mine, closed), ids(mine)])
    expect(await found({ unassigned: true })).toEqual([ids(free), ids(free)])
    expect(await found({ unassigned: false, status: ['OPEN'] })).toEqual([ids(mine), ids(mine)])
    expect(await found({ customerId: free.customerId })).toEqual([ids(free), ids(free)])
    expect(await found({ assigneeId: agent.id, unassigned: true })).toEqual([ids(), ids()])
  })

  it.each(['assigneeId', 'customerId'])('refuses a filter whose %s is no id', async (field) => {
    const { ask } = await aShop()
    const query = 'query ($filter: TicketFilter) { tickets(filter: $filter) { nodes { id } } }'
    expect(codesOf(await ask(query, { filter: { [field]: "' or 1=1" } }))).toEqual(['BAD_USER_INPUT'])
  })

  it.each(['inbox', 'tickets'])('refuses pages of 0 and 101 and damaged cursors of %s', async (list) => {
    const { ask } = await aShop()
    const query = `query ($first: Int, $after: String) { ${list}(first: $first, after: $after) { nodes { id } } }`
    const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const other = list === 'inbox' ? cursor(start.toISOString(), crypto.randomUUID()) : cursor(1.5, crypto.randomUUID())
    const noId = list === 'inbox' ? cursor(1.5, 'x') : cursor(start.toISOString(), 'x')
    for (const page of [
      { first: 0 },
      { first: 101 },
      { after: 'x' },
      { after: '' },
      { after: other },
      { after: noId },
      { after: cursor(1e308, crypto.randomUUID()) },
    ]) {
      expect(codesOf(await ask(query, page)), JSON.stringify(page)).toEqual(['BAD_USER_INPUT'])
    }
    expect((await ask(query, { first: 100 })).errors).toEqual([])
  })

  it('lists tickets newest first, page after page, each once, also those of one instant', async () => {
    const { tenant, ask } = await aShop()
    const { id: customerId } = await support.aCustomer(tenant)
    const ids: string[] = []
    for (let index = 0; index < 9; index += 1) {
      if (index % 4 === 3) support.clock.advance(1)
      ids.push((await support.aTicket(tenant, { customerId })).id)
    }
    const query = `query ($after: String) { tickets(first: 2, after: $after) { nodes { id createdAt } pageInfo { hasNextPage endCursor } } }`
    type Page = {
      tickets: { nodes: { id: string; createdAt: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    }
    const seen: { id: string; createdAt: string }[] = []
    for (let page: Page['tickets'] | undefined; page?.pageInfo.hasNextPage !== false;) {
      const answer = await ask<Page>(query, { after: page?.pageInfo.endCursor ?? null })
      page = answer.data!.tickets
      seen.push(...page.nodes)
    }
    expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    const times = seen.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().toReversed())
  })
})
