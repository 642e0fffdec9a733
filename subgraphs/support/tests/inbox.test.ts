import { newId } from '@quimbi/database/ids.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { openSupport, start, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const inbox = `query ($first: Int, $after: String, $filter: TicketFilter) {
  inbox(first: $first, after: $after, filter: $filter) {
    nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
  }
}`
type Page = {
  inbox: {
    nodes: { id: string }[]
    edges: { cursor: string }[]
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
    totalCount: number
  }
}

let nextNumber = 100_000
/** Tickets of given ranks at once, past the service: it gives ranks by its own rule. */
async function rankedTickets(tenant: Tenant, ranks: readonly number[]): Promise<string[]> {
  const db = support.database.forTenant(tenant.id)
  const customer = (await db.customer.findFirst()) ?? (await support.aCustomer(tenant))
  const common = {
    tenantId: tenant.id,
    customerId: customer.id,
    subject: 'x',
    channel: 'EMAIL',
    createdAt: start,
    updatedAt: start,
  }
  const data = ranks.map((rank) => ({ ...common, id: newId(), number: (nextNumber += 1), rank }))
  await db.ticket.createMany({ data })
  return data.map(({ id }) => id)
}

async function aShop(): Promise<{ tenant: Tenant; ask: Ask }> {
  const tenant = await support.aTenant()
  return { tenant, ask: await support.asAgent(await support.anAgent(tenant)) }
}

/** Reads the inbox to its end; `between` runs after each page. */
async function readAll(ask: Ask, first: number, between: () => Promise<void> = async () => {}): Promise<string[]> {
  const seen: string[] = []
  for (let after: string | null = null; ;) {
    const answer: Awaited<ReturnType<typeof ask<Page>>> = await ask<Page>(inbox, { first, after })
    expect(answer.errors).toEqual([])
    const { nodes, edges, pageInfo }: Page['inbox'] = answer.data!.inbox
    expect(nodes.length).toBeLessThanOrEqual(first)
    expect(pageInfo.hasPreviousPage).toBe(after !== null)
    expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null)
    seen.push(...nodes.map(({ id }) => id))
    if (!pageInfo.hasNextPage) return seen
    after = pageInfo.endCursor
    await between()
  }
}

describe('the inbox', () => {
  it('holds what is open, the more urgent and the older first', async () => {
    const { tenant, ask } = await aShop()
    const normal = await support.aTicket(tenant)
    const urgent = await support.aTicket(tenant, { priority: 'URGENT' })
    await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start })
    await support.aTicket(tenant, {}, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    support.clock.advance(3_600_000)
    const later = await support.aTicket(tenant)
    const high = await support.aTicket(tenant, { priority: 'HIGH' })
    const low = await support.aTicket(tenant, { priority: 'LOW' })
    const { data } = await ask<Page>(inbox)
    expect(data!.inbox.nodes.map(({ id }) => id)).toEqual([urgent, high, normal, later, low].map(({ id }) => id))
    expect(data!.inbox).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: false } })
  })

  it('counts only when asked to, and what the filter lets through', async () => {
    const { tenant, ask } = await aShop()
    await rankedTickets(tenant, [1, 2, 3])
    await support.aTicket(tenant, { channel: 'SMS' })
    const { data } = await ask<Page>(inbox, { first: 1, filter: { channel: ['EMAIL'] } })
    expect(data!.inbox).toMatchObject({ nodes: [{}], totalCount: 3 })
    const before = support.statements.length
    await ask('{ inbox { nodes { id } } }')
    expect(support.statements.slice(before).filter((sql) => /count\(/i.test(sql))).toEqual([])
  })

  it('counts to ten thousand and no further', async () => {
    const { tenant, ask } = await aShop()
    const { id } = await support.aCustomer(tenant)
    await support.manyTickets(tenant, 10_001, [null], [id])
    await support.asOwner("UPDATE ticket SET status = 'OPEN', closed_at = NULL WHERE tenant_id = $1", [tenant.id])
    const { data } = await ask<Page>(inbox, { first: 1 })
    expect(data!.inbox.totalCount).toBe(10_000)
  })

  it('is empty without a cursor', async () => {
    const { ask } = await aShop()
    const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }
    expect((await ask(inbox)).data).toEqual({ inbox: { nodes: [], edges: [], pageInfo, totalCount: 0 } })
  })
})

describe('reading the inbox page by page', () => {
  const rank = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(-20_000, -19_999.5, 0, -0, 0.1 + 0.2, 0.3) },
    { weight: 1, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  )
  const change = fc.record({ what: fc.constantFrom('insert', 'close', 'rerank'), place: fc.nat(), rank })

  it('skips and repeats no ticket that kept its rank, while others come, go and move', async () => {
    const { tenant, ask } = await aShop()
    const db = support.database.forTenant(tenant.id)
    await fc.assert(
      fc.asyncProperty(
        fc.array(rank, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(change, { maxLength: 10 }),
        async (ranks, first, changes) => {
          await db.ticket.deleteMany({})
          const ids = await rankedTickets(tenant, ranks)
          const kept = new Set(ids)
          const moved = new Set<string>()
          const queue = [...changes]
          const seen = await readAll(ask, first, async () => {
            const next = queue.shift()
            if (!next) return
            if (next.what === 'insert') return void (await rankedTickets(tenant, [next.rank]))
            const id = ids[next.place % ids.length]!
            kept.delete(id)
            moved.add(id)
            const data = next.what === 'close' ? { status: 'CLOSED', closedAt: start } : { rank: next.rank }
            await db.ticket.updateMany({ where: { id }, data })
          })
          const unmoved = seen.filter((id) => !moved.has(id))
          expect(new Set(unmoved).size).toBe(unmoved.length)
          expect([...kept].filter((id) => !seen.includes(id))).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('gives the same order as one page of all', async () => {
    const { tenant, ask } = await aShop()
    await fc.assert(
      fc.asyncProperty(fc.array(rank, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), async (ranks, first) => {
        await support.database.forTenant(tenant.id).ticket.deleteMany({})
        const ids = await rankedTickets(tenant, ranks)
        const byRank = ids
          .map((id, index) => ({ id, rank: ranks[index]! }))
          .toSorted((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1))
        expect(await readAll(ask, first)).toEqual(byRank.map(({ id }) => id))
      }),
      { numRuns: 20 },
    )
  })
})

describe('what an agent sees', () => {
  const doors = `query ($id: ID!, $number: Int!, $customerId: ID!, $assigneeId: ID!) {
    inbox { nodes { id } totalCount }
    tickets { nodes { id } }
    filtered: tickets(filter: { assigneeId: $assigneeId }) { nodes { id } }
    ticket(id: $id) { id }
    ticketByNumber(number: $number) { id }
    customer(id: $customerId) { tickets { nodes { id } } openTicketCount }
  }`
  const references = `query ($refs: [_Any!]!) { _entities(representations: $refs) { __typename ... on Ticket { id } ... on Message { id } } }`

  /** By which doors the role gets at a colleague's ticket, its own, and one that nobody has. */
  async function seenBy(role: 'AGENT' | 'SENIOR_AGENT' | 'TEAM_LEAD' | 'MANAGER' | 'ADMIN') {
    const tenant = await support.aTenant()
    const [agent, colleague] = [await support.anAgent(tenant, { role }), await support.anAgent(tenant)]
    const { id: customerId } = await support.aCustomer(tenant)
    const make = (assigneeId: string | null) => support.aTicket(tenant, { customerId }, { assigneeId })
    const tickets = { own: await make(agent.id), free: await make(null), colleagues: await make(colleague.id) }
    const token = await support.logIn(agent)
    const result: Record<string, string[]> = {}
    for (const [whose, ticket] of Object.entries(tickets)) {
      const message = await support.aMessage(ticket)
      result[whose] = await doorsTo(ticket, message.id, token, { customerId, assigneeId: colleague.id })
    }
    const { data } = await support.withToken(token)<Page>(inbox)
    return { ...result, total: data!.inbox.totalCount }
  }

  async function doorsTo(ticket: Ticket, messageId: string, token: string, ids: object): Promise<string[]> {
    const { id, number } = ticket
    const variables = { id, number, ...ids }
    const answer = await support.withToken(token)<Record<string, unknown>>(doors, variables)
    expect(answer.errors).toEqual([])
    const open = Object.entries(answer.data!).flatMap(([door, found]) =>
      JSON.stringify(found).includes(id) ? [door] : [],
    )
    const refs = [
      { __typename: 'Ticket', id },
      { __typename: 'Message', id: messageId },
    ]
    const { data } = await support.asGateway({ token })<{ _entities: ({ __typename: string } | null)[] }>(references, {
      refs,
    })
    return [...open, ...data!._entities.flatMap((entity) => entity?.__typename ?? [])]
  }

  const all = ['inbox', 'tickets', 'ticket', 'ticketByNumber', 'customer', 'Ticket', 'Message']
  const withFilter = all.toSpliced(2, 0, 'filtered')

  it('with the role AGENT is what is their own or nobody’s, through every door', async () => {
    expect(await seenBy('AGENT')).toEqual({ own: all, free: all, colleagues: [], total: 2 })
  })

  it.each(['SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN'] as const)(
    'with the role %s is everything',
    async (role) => {
      expect(await seenBy(role)).toEqual({ own: all, free: all, colleagues: withFilter, total: 3 })
    },
  )

  it('as the count of a customer’s open tickets follows the same rule, and a change of assignee at once', async () => {
    const tenant = await support.aTenant()
    const [agent, colleague] = [await support.anAgent(tenant, { role: 'AGENT' }), await support.anAgent(tenant)]
    const { id: customerId, tenantId } = await support.aCustomer(tenant)
    const ticket = await support.aTicket(tenant, { customerId })
    const ask = await support.asAgent(agent)
    const count = async () => {
      const query = 'query ($id: ID!) { customer(id: $id) { openTicketCount } }'
      return (await ask<{ customer: { openTicketCount: number } }>(query, { id: customerId })).data!.customer
        .openTicketCount
    }
    const assign = (assigneeId: string) =>
      support.database.forTenant(tenantId).ticket.updateMany({ where: { id: ticket.id }, data: { assigneeId } })
    expect(await count()).toBe(1)
    await assign(colleague.id)
    expect(await count()).toBe(0)
    await assign(agent.id)
    expect(await count()).toBe(1)
  })
})
