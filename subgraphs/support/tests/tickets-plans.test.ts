import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { openSupport, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let ask: Ask
let queueId: string

beforeAll(async () => {
  support = await openSupport()
  // A second tenant as large: the first column of an index must matter.
  for (let count = 0; count < 2; count += 1) {
    tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const customers = [await support.aCustomer(tenant), await support.aCustomer(tenant)]
    ask = await support.asAgent(agent)
    const { data } = await ask<{ queues: { id: string }[] }>('{ queues { id } }')
    queueId = data!.queues[0]!.id
    await support.manyTickets(
      tenant,
      10_000,
      [null, agent.id],
      customers.map(({ id }) => id),
    )
    await support.asOwner(
      `UPDATE ticket SET queue_id = $2, subject = 'Where is my order ' || number || ' of ' || md5(id::text) WHERE tenant_id = $1 AND number % 20 = 0`,
      [tenant.id, queueId],
    )
  }
  await support.asOwner('VACUUM ANALYZE ticket')
})
afterAll(() => support.close())

type Node = { 'Node Type': string; 'Index Name'?: string; 'Relation Name'?: string; Plans?: Node[] }

type Statement = { text: string; values?: unknown[] }

/** How the one statement with this in it reads tickets, as the application runs it: under row-level security. */
async function scansOf(part: string, query: string): Promise<string[]> {
  const client = await support.database.appPool.connect()
  const spy = vi.spyOn(Object.getPrototypeOf(client) as typeof client, 'query')
  client.release()
  expect((await ask(query)).errors).toEqual([])
  const sent = spy.mock.calls.map(([statement]) => statement as unknown as Statement)
  spy.mockRestore()
  const [statement, ...more] = sent.filter(({ text }) => text.includes(part))
  expect(more).toEqual([])
  const explain = `EXPLAIN (FORMAT JSON) ${statement!.text}`
  const { rows } = await withTenant(tenant.id, () =>
    support.database.appPool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(explain, statement!.values),
  )
  const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]
  return flat(rows[0]!['QUERY PLAN'][0].Plan)
    .filter((node) => node['Relation Name'] === 'ticket' || node['Node Type'] === 'Sort')
    .map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`.trim())
}

it('similar tickets are sought in a bounded piece of the index by time', async () => {
  const { data } = await ask<{ tickets: { nodes: { id: string }[] } }>('{ tickets(first: 1) { nodes { id } } }')
  const scans = await scansOf('likeness', `{ ticket(id: "${data!.tickets.nodes[0]!.id}") { similarTickets { id } } }`)
  expect(scans.filter((scan) => scan !== 'Sort')).toEqual([
    'Index Scan ticket_pkey',
    'Index Scan ticket_tenant_id_created_at_id_idx',
  ])
})

it('a queue’s tickets come in the order of an index, which also counts them', async () => {
  const index = 'ticket_tenant_id_queue_id_status_rank_id_idx'
  await support.asOwner('DELETE FROM queue WHERE tenant_id = $1 AND id <> $2', [tenant.id, queueId])
  expect(
    await scansOf('"public"."ticket"."rank" DESC', '{ queues { tickets(first: 20) { nodes { number } } } }'),
  ).toEqual([`Index Scan ${index}`])
  const [count] = await scansOf('COUNT', '{ queues { openCount } }')
  expect(count).toContain(index)
})
