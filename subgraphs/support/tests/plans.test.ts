import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { openSupport, start, type Ask, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let customerId: string
let agent: TestAgent
let admin: Ask
let asAgent: Ask

const each = 10_000

beforeAll(async () => {
  support = await openSupport()
  for (let number = 1; number <= 2; number += 1) {
    tenant = await support.aTenant()
    const agents = [await support.anAgent(tenant), await support.anAgent(tenant, { role: 'AGENT' })]
    const customers = Array.from({ length: 3_000 }, () => ({
      tenantId: tenant.id,
      id: crypto.randomUUID(),
      createdAt: start,
      updatedAt: start,
    }))
    await support.database.forTenant(tenant.id).customer.createMany({ data: customers })
    const agentIds = [null, ...agents.map(({ id }) => id)]
    await manySessions(agents[0]!)
    await support.manyTickets(
      tenant,
      each,
      agentIds,
      customers.map(({ id }) => id),
    )
    customerId = customers[7]!.id
    agent = agents[1]!
    ;[admin, asAgent] = [await support.asAgent(agents[0]!), await support.asAgent(agent)]
  }
})
afterAll(() => support.close())

/** More than a table scan is good for. */
const manySessions = ({ tenantId, id: agentId }: TestAgent) =>
  support.asOwner(
    `INSERT INTO agent_session (tenant_id, id, agent_id, created_at, expires_at)
    SELECT $1, gen_random_uuid(), $2, $3::timestamptz, $3::timestamptz FROM generate_series(1, 2000)`,
    [tenantId, agentId, start],
  )

type Statement = { text: string; values?: unknown[] }
type Node = { 'Node Type': string; 'Index Name'?: string; 'Relation Name'?: string; Plans?: Node[] }

/** What an operation sends to the database, with its parameters. */
async function sentBy(run: () => Promise<{ errors: readonly object[] }>): Promise<Statement[]> {
  const client = await support.database.appPool.connect()
  const query = vi.spyOn(Object.getPrototypeOf(client) as typeof client, 'query')
  client.release()
  try {
    expect((await run()).errors).toEqual([])
    return query.mock.calls.map(([sent]) => sent as unknown as Statement)
  } finally {
    query.mockRestore()
  }
}

/** The plan of the statement as the application runs it: under row-level security. */
async function planOf({ text, values }: Statement): Promise<Node[]> {
  const explain = `EXPLAIN (FORMAT JSON) ${text}`
  const { rows } = await withTenant(tenant.id, () =>
    support.database.appPool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(explain, values),
  )
  const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]
  return flat(rows[0]!['QUERY PLAN'][0].Plan)
}

/** How the one statement on a table reads it: the index, and what else the plan does with the rows. */
async function reading(table: string, ask: Ask, query: string, variables: object = {}) {
  const sent = await sentBy(() => ask(query, { ...variables }))
  const statements = sent.filter(({ text }) => new RegExp(`FROM ("public"\\.)?"?${table}"? `, 'i').test(text))
  expect(statements).toHaveLength(1)
  const nodes = await planOf(statements[0]!)
  const scans = nodes.filter((node) => node['Relation Name'] === table)
  const known = ['Limit', 'Nested Loop', 'Function Scan', 'Result', 'Subquery Scan']
  const others = nodes.filter((node) => !scans.includes(node) && !known.includes(node['Node Type']))
  return {
    scans: scans.map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`),
    others: others.map((node) => node['Node Type']),
  }
}

const through = (index: string) => ({ scans: [`Index Scan ${index}`], others: [] })
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
const middle = new Date(start.getTime() - (each / 2) * 60_000).toISOString()
const id = crypto.randomUUID()

const inbox =
  'query ($after: String, $filter: TicketFilter) { inbox(after: $after, filter: $filter) { nodes { number } } }'
const tickets = 'query ($after: String) { tickets(after: $after) { nodes { number } } }'
const customers = 'query ($after: String) { customers(after: $after) { nodes { id } } }'
const byRank = 'ticket_tenant_id_status_rank_id_idx'
const byTime = 'ticket_tenant_id_created_at_id_idx'

describe('as the application, under row-level security, an index gives the order and nothing is sorted', () => {
  it.each([
    ['the first page', {}],
    ['a page in the middle', { after: cursor(50.5, id) }],
    ['what nobody has', { filter: { unassigned: true } }],
    ['one channel', { filter: { channel: ['EMAIL'] } }],
  ])('of the inbox: %s', async (_, variables) => {
    expect(await reading('ticket', admin, inbox, variables)).toEqual(through(byRank))
  })

  it.each([
    ['the first page', null],
    ['a page in the middle', cursor(50.5, id)],
  ])('of an agent’s own view: %s', async (_, after) => {
    const index = 'ticket_tenant_id_assignee_id_status_rank_id_idx'
    const variables = { after, filter: { assigneeId: agent.id } }
    expect(await reading('ticket', admin, inbox, variables)).toEqual(through(index))
    expect(await reading('ticket', asAgent, inbox, variables)).toEqual(through(index))
  })

  it('of the inbox of the role AGENT', async () => {
    expect(await reading('ticket', asAgent, inbox)).toEqual(through(byRank))
    expect(await reading('ticket', asAgent, inbox, { after: cursor(50.5, id) })).toEqual(through(byRank))
  })

  it.each([
    ['the first page', null],
    ['a page in the middle', cursor(middle, id)],
  ])('of all tickets: %s', async (_, after) => {
    expect(await reading('ticket', admin, tickets, { after })).toEqual(through(byTime))
    expect(await reading('ticket', asAgent, tickets, { after })).toEqual(through(byTime))
  })

  it.each([
    ['the first page', null],
    ['a page in the middle', cursor(start.toISOString(), id)],
  ])('of customers: %s', async (_, after) => {
    expect(await reading('customer', admin, customers, { after })).toEqual(
      through('customer_tenant_id_created_at_id_idx'),
    )
  })

  it('of a customer’s tickets', async () => {
    const query =
      'query ($id: ID!, $after: String) { customer(id: $id) { id tickets(after: $after) { nodes { id } } } }'
    await support.aCustomer(tenant)
    const index = 'ticket_tenant_id_customer_id_created_at_id_idx'
    const after = cursor(start.toISOString(), id)
    expect(await reading('ticket', admin, query, { id: customerId, after })).toEqual(through(index))
    // The first page is found for many customers at once; the tickets themselves are then read by their ids.
    const [ids] = (await sentBy(() => admin(query, { id: customerId }))).filter(({ text }) => /LATERAL/.test(text))
    const nodes = await planOf(ids!)
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Sort')
    expect(nodes.flatMap((node) => node['Index Name'] ?? [])).toEqual([index])
  })

  it('of the messages of a page of tickets, and of the last of each', async () => {
    const index = through('message_tenant_id_ticket_id_created_at_id_idx').scans
    const page = '{ inbox { nodes { messages(first: 3) { nodes { content } } } } }'
    expect((await reading('message', admin, page)).scans).toEqual(index)
    const last = '{ inbox { nodes { lastMessage { content } } } }'
    const backward = await reading('message', admin, last)
    expect(backward.scans).toEqual(['Index Scan message_tenant_id_ticket_id_created_at_id_idx'])
  })

  it('of the next page of a ticket’s messages', async () => {
    const first = await admin<{ inbox: { nodes: { id: string }[] } }>('{ inbox(first: 1) { nodes { id } } }')
    const query = 'query ($id: ID!, $after: String) { ticket(id: $id) { messages(after: $after) { nodes { id } } } }'
    const variables = { id: first.data!.inbox.nodes[0]!.id, after: cursor(middle, id) }
    expect(await reading('message', admin, query, variables)).toEqual(
      through('message_tenant_id_ticket_id_created_at_id_idx'),
    )
  })

  it('of a single ticket, by id and by number', async () => {
    expect(await reading('ticket', admin, '{ ticketByNumber(number: 1000007) { id } }')).toEqual(
      through('ticket_tenant_id_number_key'),
    )
    expect(await reading('ticket', admin, `{ ticket(id: "${id}") { id } }`)).toEqual(through('ticket_pkey'))
  })

  it('of the session that every request looks for', async () => {
    const { scans } = await reading('agent_session', admin, '{ viewer { tenant { id } } }')
    expect(scans).toEqual(['Index Scan agent_session_pkey'])
  })
})
