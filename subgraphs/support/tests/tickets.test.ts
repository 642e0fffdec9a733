import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { codesOf, openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const create = `mutation ($input: CreateTicketInput!) {
  createTicket(input: $input) {
    ticket {
      id number subject status waitingOn priority channel customer { id name } assignee { id } tags { name } queue { name } externalRef { source id }
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
          tags: [{ name: 'late' }],
          queue: { name: 'normal' },
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
    ['NOT_FOUND', 'queueId', { queueId: crypto.randomUUID() }],
    ['NOT_FOUND', 'queueId', { queueId: 'x' }],
    ['INVALID', 'isDemo', { isDemo: true }],
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

  it('for the demo needs the demo mode', async () => {
    const shop = await aShop()
    await support.database.system.tenant.updateMany({
      where: { id: shop.tenant.id },
      data: { demoMode: true, configVersion: 7 },
    })
    expect((await add(shop, { isDemo: true })).data!.createTicket.ticket).toMatchObject({ isDemo: true })
  })

  it('in a queue of one’s choice', async () => {
    const shop = await aShop()
    const { data } = await shop.ask<{ queues: { id: string; name: string }[] }>('{ queues { id name } }')
    const { id: queueId } = data!.queues.find(({ name }) => name === 'low')!
    expect((await add(shop, { queueId })).data!.createTicket.ticket).toMatchObject({ queue: { name: 'low' } })
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
    const { id } = answers[0]!.data!.createTicket.ticket!
    await shop.ask('mutation ($id: ID!) { deleteTicket(input: { id: $id }) { deletedId } }', { id })
    const again = await add(shop, { idempotencyKey: 'key' })
    expect(again.data!.createTicket.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'idempotencyKey'))
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
    const mine = await support.aTicket(
      tenant,
      { channel: 'SMS', priority: 'HIGH', tags: ['vip'] },
      { assigneeId: agent.id, slaStatus: 'PAUSED' },
    )
    const createdAt = new Date(start.getTime() - 3_600_000)
    const free = await support.aTicket(tenant, { channel: 'EMAIL', priority: 'LOW' }, { createdAt })
    const over = { status: 'CLOSED', closedAt: start, assigneeId: agent.id, category: 'billing' }
    const closed = await support.aTicket(tenant, {}, over)
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
    expect(await found({ queueId: free.queueId })).toEqual([ids(free), ids(free)])
    expect(await found({ teamId: crypto.randomUUID() })).toEqual([ids(), ids()])
    expect(await found({ tag: 'vip' })).toEqual([ids(mine), ids(mine)])
    expect(await found({ tag: "'; --" })).toEqual([ids(), ids()])
    expect(await found({ category: 'billing' })).toEqual([ids(closed), ids()])
    expect(await found({ slaStatus: ['BREACHING', 'PAUSED'] })).toEqual([ids(mine), ids(mine)])
    const long = new Date(start.getTime() - 86_400_000).toISOString()
    expect(await found({ createdAfter: start.toISOString() })).toEqual([ids(mine, closed), ids(mine)])
    expect(await found({ createdBefore: start.toISOString(), createdAfter: long })).toEqual([ids(free), ids(free)])
  })

  it.each(['assigneeId', 'customerId', 'queueId', 'teamId'])('refuses a filter whose %s is no id', async (field) => {
    const { ask } = await aShop()
    const query = 'query ($filter: TicketFilter) { tickets(filter: $filter) { nodes { id } } }'
    for (const id of ["' or 1=1", ''])
      expect(codesOf(await ask(query, { filter: { [field]: id } }))).toEqual(['BAD_USER_INPUT'])
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

  it('refuses a label that no database holds', async () => {
    const { ask } = await aShop()
    const query = 'query ($filter: TicketFilter) { tickets(filter: $filter) { nodes { id } } }'
    expect(codesOf(await ask(query, { filter: { tag: 'a\u0000' } }))).toEqual(['BAD_USER_INPUT'])
  })

  it('counts what the filter finds, and a customer’s too, by the same filter', async () => {
    const { tenant, ask } = await aShop()
    const { customerId } = await support.aTicket(tenant)
    await support.aTicket(tenant, { customerId }, { status: 'CLOSED', closedAt: start })
    await support.aTicket(tenant)
    const query = `query ($id: ID!, $filter: TicketFilter) {
      tickets(first: 1, filter: $filter) { totalCount nodes { customer { id } } }
      customer(id: $id) { tickets(first: 1, filter: $filter) { totalCount nodes { status } pageInfo { hasNextPage } } }
    }`
    type Counts = Record<'tickets', { totalCount: number }> & {
      customer: { tickets: { totalCount: number; nodes: object[]; pageInfo: object } }
    }
    const all = (await ask<Counts>(query, { id: customerId })).data!
    expect([all.tickets.totalCount, all.customer.tickets.totalCount]).toEqual([3, 2])
    const filter = { status: ['CLOSED'] }
    const closed = (await ask<Counts>(query, { id: customerId, filter })).data!
    expect(closed.tickets.totalCount).toBe(1)
    expect(closed.customer.tickets).toEqual({
      totalCount: 1,
      nodes: [{ status: 'CLOSED' }],
      pageInfo: { hasNextPage: false },
    })
    // Another customer's tickets are not this one's, whatever the filter says.
    const other = { customerId: (await support.aCustomer(tenant)).id }
    expect((await ask<Counts>(query, { id: customerId, filter: other })).data!.customer.tickets.totalCount).toBe(0)
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

describe('similar tickets', () => {
  const query = 'query ($id: ID!, $first: Int) { ticket(id: $id) { similarTickets(first: $first) { id } } }'
  type Similar = { ticket: { similarTickets: { id: string }[] } }

  it('are earlier ones alike, solved ones first, of the tenant, and only those that one may see', async () => {
    const { tenant, ask } = await aShop()
    const clerk = await support.anAgent(tenant, { role: 'AGENT' })
    const solved = { status: 'CLOSED', closedAt: start }
    const at = (minutes: number) => ({ createdAt: new Date(start.getTime() - minutes * 60_000) })
    const subject = 'Invoice for order missing'
    await support.aTicket(await support.aTenant(), { subject }, at(3))
    const open = await support.aTicket(tenant, { subject }, at(5))
    const weak = await support.aTicket(tenant, { subject: 'Missing invoice' }, { ...solved, ...at(4) })
    const strong = await support.aTicket(
      tenant,
      { subject: 'x', tags: ['billing'] },
      { ...solved, ...at(9), category: 'money' },
    )
    await support.aTicket(tenant, { subject: 'Shoes too small' }, { ...solved, ...at(2) })
    await support.aTicket(tenant, { subject: 'One invoice' }, { ...solved, ...at(2) })
    const hidden = { assigneeId: (await support.anAgent(tenant)).id }
    const others = await support.aTicket(tenant, { subject }, { ...solved, ...at(8), ...hidden })
    const input = { subject, tags: ['billing'] }
    const { id } = await support.aTicket(tenant, input, { ...at(1), category: 'money' })
    await support.aTicket(tenant, { subject }, { createdAt: new Date(start.getTime() + 60_000) })
    const found = async (who: Ask, first?: number) => {
      const { data } = await who<Similar>(query, { id, first })
      return data!.ticket.similarTickets.map((ticket) => ticket.id)
    }
    expect(await found(ask)).toEqual([strong.id, others.id, weak.id, open.id])
    expect(await found(ask, 1)).toEqual([strong.id])
    expect(await found(await support.asAgent(clerk))).toEqual([strong.id, weak.id, open.id])
    expect(codesOf(await ask(query, { id, first: 101 }))).toEqual(['BAD_USER_INPUT'])
  })

  it('of a page of tickets are found in one statement', async () => {
    const { tenant, ask } = await aShop()
    for (let count = 0; count < 5; count += 1) await support.aTicket(tenant)
    const from = support.statements.length
    const { errors } = await ask('{ tickets { nodes { similarTickets { id } } } }')
    expect(errors).toEqual([])
    expect(support.statements.slice(from).filter((sql) => sql.includes('likeness'))).toHaveLength(1)
  })
})
