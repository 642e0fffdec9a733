import { prepareJobs } from '@quimbi/database/jobs.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { basisOf, encodePlace } from '../src/scoring/inbox-place.ts'
import { formulaOf } from '../src/scoring/score.ts'
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
  await prepareJobs(support.url)
  for (let number = 1; number <= 2; number += 1) {
    tenant = await support.aTenant()
    const agents = [await support.anAgent(tenant), await support.anAgent(tenant, { role: 'AGENT' })]
    const customers = Array.from({ length: 3_000 }, (_, minutes) => ({
      tenantId: tenant.id,
      id: crypto.randomUUID(),
      createdAt: new Date(start.getTime() - minutes * 60_000),
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
  // A plan must not depend on whether the database has looked at its tables by itself yet.
  await support.asOwner('ANALYZE', [])
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
const inTheMiddle = encodePlace({ key: 50.5, id, at: '' }, basisOf(formulaOf('default', null), []))

const inbox =
  'query ($after: String, $filter: TicketFilter) { inbox(after: $after, filter: $filter) { nodes { number } } }'
const tickets = 'query ($after: String) { tickets(after: $after) { nodes { number } } }'
const customers = 'query ($after: String) { customers(after: $after) { nodes { id } } }'
const byRank = 'ticket_tenant_id_status_rank_id_idx'
const byAssignee = 'ticket_tenant_id_assignee_id_status_rank_id_idx'
const byTime = 'ticket_tenant_id_created_at_id_idx'

describe('as the application, under row-level security, an index gives the order and nothing is sorted', () => {
  it.each([
    ['the first page', {}],
    ['a page in the middle', { after: inTheMiddle }],
    ['one channel', { filter: { channel: ['EMAIL'] } }],
  ])('of the inbox: %s', async (_, variables) => {
    expect(await reading('ticket', admin, inbox, variables)).toEqual(through(byRank))
  })

  it.each([
    ['the first page', null],
    ['a page in the middle', inTheMiddle],
  ])('of an agent’s own view: %s', async (_, after) => {
    const variables = { after, filter: { assigneeId: agent.id } }
    expect(await reading('ticket', admin, inbox, variables)).toEqual(through(byAssignee))
    expect(await reading('ticket', asAgent, inbox, variables)).toEqual(through(byAssignee))
  })

  // The order by rank alone would pass over everybody else's tickets to find a few.
  it('of the inbox of the role AGENT: their own and nobody’s, each in order', async () => {
    const both = { scans: [`Index Scan ${byAssignee}`, `Index Scan ${byAssignee}`], others: ['Append'] }
    expect(await reading('ticket', asAgent, inbox)).toEqual(both)
    expect(await reading('ticket', asAgent, inbox, { after: inTheMiddle })).toEqual(both)
  })

  it('of what nobody has', async () => {
    const variables = { filter: { unassigned: true } }
    expect(await reading('ticket', admin, inbox, variables)).toEqual(through(byAssignee))
    expect(await reading('ticket', asAgent, inbox, variables)).toEqual(through(byAssignee))
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
    ['a page in the middle', cursor(new Date(start.getTime() - 1_500 * 60_000).toISOString(), id)],
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

describe('with saved topic alerts, the inbox', () => {
  const byMatch = 'topic_alert_match_tenant_id_alert_id_rank_ticket_id_idx'
  const byWhoseMatch = 'topic_alert_match_tenant_id_alert_id_assignee_id_rank_ticke_idx'
  const byTicket = 'Index Scan topic_alert_match_tenant_id_ticket_id_idx'
  const alertIds: string[] = []

  beforeAll(async () => {
    for (const keywords of [['nobody writes this'], ['nor that']]) {
      const save =
        'mutation ($input: SaveTopicAlertInput!) { saveTopicAlert(input: $input) { topicAlert { id matching } } }'
      const input = { keywords, scope: 'TENANT' }
      const { data } = await admin<{ saveTopicAlert: { topicAlert: { id: string; matching: number } } }>(save, {
        input,
      })
      alertIds.push(data!.saveTopicAlert.topicAlert.id)
    }
    for (const [index, alertId] of alertIds.entries())
      await support.asOwner(
        `INSERT INTO topic_alert_match (tenant_id, alert_id, ticket_id, rank, assignee_id)
        SELECT tenant_id, $1, id, rank, assignee_id FROM ticket WHERE tenant_id = $2 AND status = 'OPEN' AND number % $3::int = 0`,
        [alertId, tenant.id, index === 0 ? 20 : 30],
      )
    // And other agents' own, which are not in force here: more than a table scan is good for.
    await support.asOwner(
      `WITH others AS (
        INSERT INTO topic_alert (tenant_id, id, keywords, scope, created_by, created_at)
        SELECT $1, gen_random_uuid(), '{other}', 'MINE', gen_random_uuid(), $2 FROM generate_series(1, 20) RETURNING tenant_id, id)
      INSERT INTO topic_alert_match (tenant_id, alert_id, ticket_id, rank, assignee_id)
      SELECT others.tenant_id, others.id, ticket.id, rank, assignee_id FROM others JOIN ticket USING (tenant_id) WHERE status = 'OPEN'`,
      [tenant.id, start],
    )
    await support.asOwner('UPDATE tenant SET config_version = config_version + 1 WHERE id = $1', [tenant.id])
    await support.asOwner('ANALYZE topic_alert_match')
  })

  /** The plans of both statements, lifted and rest: their scans, and what gathers more of them than a page of each. */
  async function streams(ask: Ask, variables: object) {
    const sent = await sentBy(() => ask(inbox, { ...variables }))
    const statements = sent.filter(({ text }) => /topic_alert_match m/.test(text))
    const plans = await Promise.all(statements.map(planOf))
    const isScan = (node: Node) => node['Relation Name'] === 'ticket' || node['Relation Name'] === 'topic_alert_match'
    const isGathering = (node: Node) => /Sort|Hash|Bitmap|Materialize|Aggregate|Unique/.test(node['Node Type'])
    const readsAll = (node: Node): boolean =>
      node['Node Type'] !== 'Limit' && (isScan(node) || (node.Plans ?? []).some(readsAll))
    return plans.map((nodes) => ({
      scans: [
        ...new Set(nodes.filter(isScan).map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`)),
      ].toSorted(),
      gathers: nodes.filter((node) => isGathering(node) && readsAll(node)).map((node) => node['Node Type']),
    }))
  }

  const place = () =>
    encodePlace(
      { key: 50.5, id, at: '' },
      basisOf(formulaOf('default', null), [...alertIds, 'nobody writes this', 'nor that']),
    )

  const pages: [string, { isDeep?: boolean; filter?: object }][] = [
    ['the first page', {}],
    ['a page in the middle', { isDeep: true }],
    ['one channel', { filter: { channel: ['EMAIL'] } }],
  ]
  const variablesOf = ({ isDeep, filter }: { isDeep?: boolean; filter?: object }) => ({
    after: isDeep ? place() : null,
    filter,
  })
  const ordered = (...indexes: string[]) => ({
    scans: indexes.map((index): unknown => expect.stringContaining(index)),
    gathers: [],
  })

  it.each(pages)('is two streams in order, merged: %s', async (_, page) => {
    const [lifted, rest] = await streams(admin, variablesOf(page))
    expect(lifted).toEqual(ordered(byMatch, 'Index Scan ticket_pkey'))
    expect(rest).toEqual(ordered(`Index Scan ${byRank}`, byTicket))
  })

  it.each(pages)('of the role AGENT too, whose matches are passed by no other’s: %s', async (_, page) => {
    const [lifted, rest] = await streams(asAgent, variablesOf(page))
    expect(lifted).toEqual(ordered(byWhoseMatch, 'Index Scan ticket_pkey'))
    expect(rest).toEqual(ordered(`Index Scan ${byAssignee}`, byTicket))
  })

  it.each([[{ unassigned: true }], [{ assigneeId: 'the agent' }]])('of one view: %j', async (filter) => {
    const asked = 'assigneeId' in filter ? { assigneeId: agent.id } : filter
    const [lifted, rest] = await streams(admin, { filter: asked })
    expect(lifted).toEqual(ordered(byWhoseMatch, 'Index Scan ticket_pkey'))
    expect(rest).toEqual(ordered(`Index Scan ${byAssignee}`, byTicket))
  })
})
