import { newId } from '@quimbi/database/ids.ts'
import type { AgentViewer } from '@quimbi/service/viewer.ts'
import { decodePosition } from '@quimbi/subgraph/log-cursor.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prisma, Tenant } from '../generated/prisma/client.ts'
import { inbox } from '../src/scoring/inbox.ts'
import { conditionSql } from '../src/scoring/conditions.ts'
import { rescoreTenant } from '../src/scoring/rescore.ts'
import { components, formulaOf, rankOf, totalOf } from '../src/scoring/score.ts'
import { ticketsMatching, type TicketFilter } from '../src/tickets/filter.ts'
import { openSupport, start, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const day = 86_400_000
const words = ['red', 'blue']
let number = 500_000

/** Tickets of many kinds, past the service. */
async function manyKinds(tenant: Tenant, count: number, agentIds: (string | null)[]) {
  const db = support.database.forTenant(tenant.id)
  const customers = [await support.aCustomer(tenant), await support.aCustomer(tenant)]
  const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T
  const data: Prisma.TicketCreateManyInput[] = Array.from({ length: count }, (_, n) => {
    const status = of(['OPEN', 'OPEN', 'OPEN', 'CLOSED'], n * 3 + 1)
    const createdAt = new Date(start.getTime() - ((n * 7) % 30) * (day / 3))
    return {
      tenantId: tenant.id,
      id: newId(),
      number: (number += 1),
      subject: of(words, n),
      status,
      closedAt: status === 'CLOSED' ? start : null,
      priority: of(['LOW', 'NORMAL', 'HIGH', 'URGENT'], n * 5),
      channel: of(['EMAIL', 'SMS', 'CHAT'], n),
      customerId: of(customers, n * 11).id,
      assigneeId: of(agentIds, n * 13),
      tags: n % 2 === 0 ? [of(words, n * 3)] : [],
      category: n % 5 === 0 ? null : of(words, n),
      slaStatus: n % 4 === 0 ? null : of(['PENDING', 'BREACHING'], n),
      sentiment: n % 6 === 0 ? null : (n % 10) / 10,
      difficulty: n % 7 === 0 ? null : (n % 11) / 11,
      rank: (n * 37) % 23,
      createdAt,
      updatedAt: createdAt,
    }
  })
  await db.ticket.createMany({ data })
  return { customers, db }
}

describe('the inbox’s filter', () => {
  it('lets through what the ticket list’s lets through, for every role', async () => {
    const tenant = await support.aTenant()
    const [agent, other] = [await support.anAgent(tenant, { role: 'AGENT' }), await support.anAgent(tenant)]
    const { customers, db } = await manyKinds(tenant, 90, [null, agent.id, other.id])
    const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
    const instant = fc.integer({ min: 0, max: 12 }).map((days) => new Date(start.getTime() - days * day))
    const filter: fc.Arbitrary<TicketFilter> = fc.record({
      status: optional(fc.subarray(['OPEN', 'PENDING', 'CLOSED'])),
      channel: optional(fc.subarray(['EMAIL', 'SMS', 'CHAT'])),
      priority: optional(fc.subarray(['LOW', 'NORMAL', 'HIGH', 'URGENT'])),
      assigneeId: optional(fc.constantFrom(agent.id, other.id)),
      unassigned: optional(fc.boolean()),
      queueId: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant(newId()) }),
      teamId: fc.constant(null),
      customerId: optional(fc.constantFrom(...customers.map(({ id }) => id))),
      tag: optional(fc.constantFrom(...words)),
      category: optional(fc.constantFrom(...words)),
      slaStatus: optional(fc.subarray(['PENDING', 'BREACHING'])),
      createdAfter: optional(instant),
      createdBefore: optional(instant),
    })
    let found = 0
    await fc.assert(
      fc.asyncProperty(filter, fc.constantFrom<AgentViewer['role']>('AGENT', 'ADMIN'), async (one, role) => {
        const viewer: AgentViewer = {
          kind: 'agent',
          tenantId: tenant.id,
          agentId: agent.id,
          role,
          sessionId: newId(),
        } as AgentViewer
        const page = await inbox(db, viewer, { filter: one, first: 100 }, start)
        const where = { AND: [ticketsMatching(viewer, one), { status: 'OPEN' }] }
        const expected = await db.ticket.findMany({ where, orderBy: [{ rank: 'desc' }, { id: 'asc' }] })
        expect(page.nodes).toEqual(expected)
        expect(await page.countAll()).toBe(expected.length)
        found += expected.length
      }),
      { numRuns: 80 },
    )
    expect(found).toBeGreaterThan(100)
  })

  it('knows every condition that it is given, or says so', () => {
    expect(() => conditionSql({ subject: { contains: 'x' } })).toThrow('subject.contains')
    expect(() => conditionSql({ OR: [{ subject: 'x' }] })).toThrow('OR')
  })

  it('refuses an id that is none', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    for (const field of ['assigneeId', 'queueId', 'customerId']) {
      const { errors } = await ask('query ($filter: TicketFilter) { inbox(filter: $filter) { nodes { id } } }', {
        filter: { [field]: 'x' },
      })
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
  })
})

describe('asOf', () => {
  it('is the head of the tenant’s log', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const head = async () => {
      const { data } = await ask<{ inbox: { asOf: string } }>('{ inbox { asOf } }')
      return decodePosition(tenant.id, data!.inbox.asOf)
    }
    expect(await head()).toBe(0n)
    await support.aTicket(tenant)
    await support.module.sequence()
    const [row] = await support.asOwner<{ last: string }>('SELECT last FROM event_head WHERE tenant_id = $1', [
      tenant.id,
    ])
    expect(await head()).toBe(BigInt(row!.last))
    expect(await head()).toBeGreaterThan(0n)
  })
})

const useFormula = (tenant: Tenant, version: string, weights: object | null = null) =>
  support.asOwner(
    'UPDATE tenant SET scoring_version = $2, scoring_weights = $3, config_version = config_version + 1 WHERE id = $1',
    [tenant.id, version, weights],
  )

describe('the literal formula', () => {
  it('orders by 1 / hours waited, the same on every page however long reading takes', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const { db } = await manyKinds(tenant, 60, [null, agent.id])
    await useFormula(tenant, 'SEED_V1', { age: 20 })
    await rescoreTenant(support.database, tenant.id, start)
    const viewer = { kind: 'service', service: 'gateway', tenantId: tenant.id } as const
    const formula = formulaOf('SEED_V1', { age: 20 })
    const all = await db.ticket.findMany({ where: { status: 'OPEN' } })
    const total = new Map(
      all.map((ticket) => [
        ticket.id,
        totalOf(
          components({ ...ticket, churnRisk: null, lifetimeValue: null }, formula, start, ticket.subject === 'red'),
        ),
      ]),
    )
    for (const topicAlerts of [[], ['red']]) {
      const ids: string[] = []
      for (let after: string | null = null, hours = 0; ; hours += 5) {
        const later = new Date(start.getTime() + hours * 3_600_000)
        const page: Awaited<ReturnType<typeof inbox>> = await inbox(db, viewer, { first: 7, after, topicAlerts }, later)
        ids.push(...page.nodes.map(({ id }) => id))
        after = page.pageInfo.endCursor
        if (!page.pageInfo.hasNextPage) break
      }
      expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted())
      if (topicAlerts.length > 0) {
        const totals = ids.map((id) => total.get(id)!)
        expect(totals.every((value, at) => at === 0 || value <= totals[at - 1]! + 1e-9)).toBe(true)
      }
    }
  })
})

describe('a changed formula', () => {
  it('ranks all that is open anew, tells of it once, and leaves the rest', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const { db } = await manyKinds(tenant, 40, [agent.id])
    const alert = {
      tenantId: tenant.id,
      id: newId(),
      keywords: ['red'],
      scope: 'MINE',
      createdBy: agent.id,
      createdAt: start,
    }
    await db.topicAlert.create({ data: alert })
    await db.$executeRaw`INSERT INTO topic_alert_match SELECT tenant_id, ${alert.id}::uuid, id, rank, assignee_id FROM ticket WHERE subject = 'red' AND status = 'OPEN'`
    const closed = await db.ticket.findMany({ where: { status: 'CLOSED' }, orderBy: { id: 'asc' } })
    await useFormula(tenant, 'default', { age: 2, sentiment: 9 })
    const count = await rescoreTenant(support.database, tenant.id, start)
    const open = await db.ticket.findMany({ where: { status: 'OPEN' } })
    const formula = formulaOf('default', { age: 2, sentiment: 9 })
    for (const ticket of open)
      expect(ticket.rank).toBe(rankOf({ ...ticket, churnRisk: null, lifetimeValue: null }, formula))
    expect(count).toBe(open.length)
    expect(await db.ticket.findMany({ where: { status: 'CLOSED' }, orderBy: { id: 'asc' } })).toEqual(closed)
    const ranks = new Map(open.map(({ id, rank }) => [id, rank]))
    const matches = await db.topicAlertMatch.findMany()
    expect(matches.length).toBeGreaterThan(5)
    expect(matches.map(({ rank }) => rank)).toEqual(matches.map(({ ticketId }) => ranks.get(ticketId)))
    expect(await rescoreTenant(support.database, tenant.id, start)).toBe(0)
    const told = () =>
      support.asOwner<{ ticketId: string | null; payload: object }>(
        `SELECT ticket_id AS "ticketId", payload FROM outbox WHERE tenant_id = $1 AND type = 'RERANKED'`,
        [tenant.id],
      )
    expect(await told()).toMatchObject([
      { ticketId: null, payload: { data: { count }, changes: [], reason: 'The scoring formula changed.' } },
    ])
    // A try that ended midway has moved them all, and told nobody.
    expect(await rescoreTenant(support.database, tenant.id, start, true)).toBe(0)
    expect(await told()).toHaveLength(2)
  })
})
