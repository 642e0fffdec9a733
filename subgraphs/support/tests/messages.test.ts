import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ticket } from '../generated/prisma/client.ts'
import { codesOf, openSupport, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const query = `query ($id: ID!, $first: Int, $after: String) {
  ticket(id: $id) {
    messages(first: $first, after: $after) {
      nodes { content } edges { cursor node { content } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
    lastMessage { content fromAgent authorName authorEmail ticket { id } }
  }
}`
type Page = {
  nodes: { content: string }[]
  edges: { cursor: string }[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
}
type Messages = { ticket: { messages: Page; lastMessage: { content: string } } }

/** A ticket with `count` messages, three to an instant; the first is the customer's. */
async function aConversation(count: number): Promise<{ ask: Ask; ticket: Ticket; contents: string[] }> {
  const tenant = await support.aTenant()
  const ask = await support.asAgent(await support.anAgent(tenant))
  const ticket = await support.aTicket(tenant, { initialMessage: 'message 0' })
  for (let index = 1; index < count; index += 1) {
    if (index % 3 === 0) support.clock.advance(1)
    await support.aMessage(ticket, { content: `message ${index}` })
  }
  return { ask, ticket, contents: Array.from({ length: count }, (_, index) => `message ${index}`) }
}
const contentsOf = ({ nodes }: Page) => nodes.map(({ content }) => content)

describe('what was said on a ticket', () => {
  it('comes oldest first, with what was said last', async () => {
    const { ask, ticket, contents } = await aConversation(4)
    const { data, errors } = await ask<Messages>(query, { id: ticket.id })
    expect(errors).toEqual([])
    expect(contentsOf(data!.ticket.messages)).toEqual(contents)
    expect(data!.ticket.messages).toMatchObject({ pageInfo: { hasNextPage: false, hasPreviousPage: false } })
    expect(data!.ticket.lastMessage).toEqual({
      content: 'message 3',
      fromAgent: true,
      authorName: 'Team',
      authorEmail: null,
      ticket: { id: ticket.id },
    })
  })

  it.each([1, 2, 3, 5, 100])('comes whole in pages of %d, each message once, in order', async (first) => {
    const { ask, ticket, contents } = await aConversation(11)
    const seen: string[] = []
    for (let page: Page | undefined; page?.pageInfo.hasNextPage !== false;) {
      const answer = await ask<Messages>(query, { id: ticket.id, first, after: page?.pageInfo.endCursor ?? null })
      expect(answer.data!.ticket.messages).toMatchObject({ pageInfo: { hasPreviousPage: page !== undefined } })
      page = answer.data!.ticket.messages
      expect(page.nodes.length).toBeLessThanOrEqual(first)
      expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)!.cursor)
      seen.push(...contentsOf(page))
    }
    expect(seen).toEqual(contents)
  })

  it('has an empty page after the end', async () => {
    const { ask, ticket } = await aConversation(2)
    const whole = await ask<Messages>(query, { id: ticket.id })
    const { data } = await ask<Messages>(query, {
      id: ticket.id,
      after: whole.data!.ticket.messages.pageInfo.endCursor,
    })
    const pageInfo = { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null }
    expect(data!.ticket.messages).toEqual({ nodes: [], edges: [], pageInfo })
  })

  it('goes on where the cursor says though more was said since', async () => {
    const { ask, ticket, contents } = await aConversation(3)
    const first = await ask<Messages>(query, { id: ticket.id, first: 2 })
    support.clock.advance(1)
    await support.aMessage(ticket, { content: 'new' })
    const { data } = await ask<Messages>(query, {
      id: ticket.id,
      after: first.data!.ticket.messages.pageInfo.endCursor,
    })
    expect(contentsOf(data!.ticket.messages)).toEqual([contents[2], 'new'])
  })

  it('is refused in pages of 0 and 101, and after damaged cursors', async () => {
    const { ask, ticket } = await aConversation(1)
    const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const now = support.clock.now().toISOString()
    for (const page of [
      { first: 0 },
      { first: 101 },
      { after: '' },
      { after: 'x' },
      { after: cursor(now) },
      { after: cursor(now, 'x') },
      { after: cursor('x', crypto.randomUUID()) },
    ]) {
      expect(codesOf(await ask(query, { id: ticket.id, ...page })), JSON.stringify(page)).toEqual(['BAD_USER_INPUT'])
    }
  })

  it('is a page of its own for each size that is asked for at once', async () => {
    const { ask, ticket, contents } = await aConversation(4)
    const both = `query ($id: ID!) { ticket(id: $id) { one: messages(first: 1) { nodes { content } } three: messages(first: 3) { nodes { content } } } }`
    const { data } = await ask<{ ticket: { one: Page; three: Page } }>(both, { id: ticket.id })
    expect(contentsOf(data!.ticket.one)).toEqual(contents.slice(0, 1))
    expect(contentsOf(data!.ticket.three)).toEqual(contents.slice(0, 3))
  })
})

describe('a page of tickets', () => {
  const page = `query ($first: Int!) {
    inbox(first: $first) {
      nodes {
        subject customer { name externalRefs { source id } openTicketCount } assignee { name }
        messages(first: 3) { nodes { content } } lastMessage { content ticket { number } }
      }
      totalCount
    }
  }`

  it('costs the same number of statements for 5 tickets as for 50', async () => {
    const tenant = await support.aTenant()
    const agents = [await support.anAgent(tenant), await support.anAgent(tenant)]
    for (let index = 0; index < 50; index += 1) {
      const customer = await support.aCustomer(tenant, { externalRefs: [{ source: 'shop', id: `${index}` }] })
      const ticket = await support.aTicket(tenant, { customerId: customer.id }, { assigneeId: agents[index % 2]!.id })
      for (let more = 0; more < index % 5; more += 1) await support.aMessage(ticket)
    }
    const ask = await support.asAgent(agents[0]!)
    const statementsFor = async (first: number) => {
      const before = support.statements.length
      const { data, errors } = await ask<{ inbox: { nodes: unknown[] } }>(page, { first })
      expect(errors).toEqual([])
      expect(data!.inbox.nodes).toHaveLength(first)
      return support.statements.slice(before)
    }
    await statementsFor(1) // connections are open, and bound to the tenant
    const five = await statementsFor(5)
    const fifty = await statementsFor(50)
    // Session, configuration, page, count, customers, references, open tickets, agents, messages, last messages, tickets of those.
    expect(five).toHaveLength(11)
    expect(fifty).toHaveLength(11)
  })
})
