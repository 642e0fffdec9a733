import { lensOf } from '@quimbi/intelligence/profiles/lens.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aCustomer, aTenant, aTicket, anOrder, ask, ingest, logIn, now, openWorld, source, type World } from './kit.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  // Models take a moment once; no test is to pay for them.
  await lensOf(world.intelligence.system, crypto.randomUUID())
})
afterAll(() => world.close())

const inboxQuery = `query { inbox(first: 10) { nodes { subject smartScore { total }
  customer { insightSnapshot { churnRisk asOf } churnRisk { score level } dnaStatus } } } }`

type Node = {
  subject: string
  smartScore: { total: number }
  customer: {
    insightSnapshot: { churnRisk: number; asOf: string } | null
    churnRisk: { score: number; level: string } | null
    dnaStatus: string | null
  }
}

describe('a new order', () => {
  it('changes what is thought of its customer, and ranks their open ticket anew in the inbox', async () => {
    const tenant = await aTenant(world, 'acme')
    const token = await logIn(world, tenant)
    for (const name of ['gone', 'here']) {
      const customer = await aCustomer(world, tenant, name)
      await aTicket(world, tenant, customer.id, name)
    }
    await world.supergraph.settle()
    // Both bought the same, the one a year before the other.
    const orders = [0, 20, 40, 60].flatMap((days) => [
      anOrder(`gone-${days}`, 'gone', '50.00', 405 + days),
      anOrder(`here-${days}`, 'here', '50.00', 15 + days),
    ])
    await ingest(world, tenant, orders)
    const before = await settledInbox(token)
    expect(before['here']?.customer.dnaStatus).toBe('READY')
    expect(before['gone']?.customer.churnRisk?.score).toBeGreaterThan(before['here']?.customer.churnRisk?.score ?? 1)
    // What Support ranks by is what Intelligence says.
    for (const node of Object.values(before))
      expect(node?.customer.insightSnapshot?.churnRisk).toBeCloseTo(node?.customer.churnRisk?.score ?? NaN, 6)

    const moved = await rankings()
    world.clock.advance(60_000)
    const mutation = `mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) { accepted userErrors { code } } }`
    const fresh = { ...anOrder('fresh', 'gone', '80.00', 0).order, placedAt: now.toISOString() }
    const input = { source, orders: [{ customer: { externalId: 'gone' }, order: fresh }] }
    const sent = await ask(world, mutation, { input }, token)
    expect(sent.data).toEqual({ ingestOrders: { accepted: 1, userErrors: [] } })

    const after = await settledInbox(token)
    expect(after['gone']?.customer.churnRisk?.score).toBeLessThan(
      (before['gone']?.customer.churnRisk?.score ?? 0) - 0.2,
    )
    expect(after['gone']?.customer.insightSnapshot?.churnRisk).toBeCloseTo(
      after['gone']?.customer.churnRisk?.score ?? NaN,
      6,
    )
    expect(after['gone']?.smartScore.total).not.toBeCloseTo(before['gone']?.smartScore.total ?? NaN, 1)
    expect(after['here']?.smartScore.total).toBeCloseTo(before['here']?.smartScore.total ?? NaN, 1)
    expect((await rankings()).slice(moved.length)).toEqual(['gone'])
  })
})

/** The inbox by subject, once everything has been computed, travelled and been taken over. */
async function settledInbox(token: string): Promise<Partial<Record<string, Node>>> {
  await world.supergraph.intelligence.settle()
  await world.supergraph.settle()
  const { data, errors } = await ask(world, inboxQuery, {}, token)
  expect(errors).toBeUndefined()
  const { nodes } = data?.['inbox'] as { nodes: Node[] }
  return Object.fromEntries(nodes.map((node) => [node.subject, node]))
}

/** Subjects of the tickets whose rank moved, as the log tells whoever watches the inbox. */
async function rankings(): Promise<string[]> {
  const { rows } = await world.support.systemPool.query<{ subject: string }>(
    `SELECT t.subject FROM (SELECT tenant_id, ticket_id, type, occurred_at AS at FROM outbox
       UNION ALL SELECT tenant_id, ticket_id, type, occurred_at FROM event_log) AS e
     JOIN ticket t ON t.tenant_id = e.tenant_id AND t.id = e.ticket_id WHERE e.type = 'RERANKED' ORDER BY e.at`,
  )
  return rows.map(({ subject }) => subject)
}
