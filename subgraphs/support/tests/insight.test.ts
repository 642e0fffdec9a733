import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventOf } from '@quimbi/events/topics.ts'
import type { Customer, Tenant, Ticket } from '../generated/prisma/client.ts'
import { refreshInsight, type InsightSource } from '../src/insight/ask.ts'
import { receiveInsight } from '../src/insight/receive.ts'
import { syncTickets } from '../src/alerts/matches.ts'
import { rankOf } from '../src/scoring/score.ts'
import { configOf } from '../src/tenants/config.ts'
import { openSupport, start, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

type Payload = EventOf<'insight.changed'>['payload']
function heard({ tenantId, id: customerId }: Customer, payload: Partial<Payload> = {}): EventOf<'insight.changed'> {
  const told: Payload = { customerId, churnRisk: 0.8, ltv: 3_500, archetype: 'loyal', asOf: later(1), ...payload }
  return { eventId: crypto.randomUUID(), tenantId, type: 'insight.changed', occurredAt: start, payload: told }
}
const receive = (...events: EventOf<'insight.changed'>[]) =>
  support.database.system.$transaction((tx) => receiveInsight(support.clock)(tx, events))

const ticketNow = ({ tenantId, id }: Ticket) =>
  support.database.forTenant(tenantId).ticket.findFirstOrThrow({ where: { id } })
const reranked = (tenant: Tenant) =>
  support.asOwner<{
    ticketId: string | null
    payload: { reason: string; changes: object[]; causedBy?: string; actor: object; data?: object }
  }>(
    `SELECT ticket_id AS "ticketId", payload FROM outbox WHERE tenant_id = $1 AND type = 'RERANKED'
    UNION ALL SELECT ticket_id, payload FROM event_log WHERE tenant_id = $1 AND type = 'RERANKED'`,
    [tenant.id],
  )

describe('an insight from Intelligence', () => {
  it('is kept, shown in the tenant’s currency, and ranks the customer’s open tickets anew', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const customer = await support.aCustomer(tenant)
    const ticket = await support.aTicket(tenant, { customerId: customer.id })
    const closed = await support.aTicket(tenant, { customerId: customer.id }, { status: 'CLOSED', closedAt: start })
    const others = await support.aTicket(tenant)
    const before = await reranked(tenant)
    const event = heard(customer)
    await receive(event)
    const { rank } = await ticketNow(ticket)
    expect(rank - ticket.rank).toBeCloseTo(2.4 + 7 * (1 - Math.exp(-1)), 6)
    expect((await ticketNow(others)).rank).toBe(others.rank)
    expect((await ticketNow(closed)).rank).toBe(closed.rank)
    const news = (await reranked(tenant)).slice(before.length)
    expect(news).toMatchObject([
      {
        ticketId: ticket.id,
        payload: {
          causedBy: event.eventId,
          actor: { kind: 'system', system: 'MODEL', name: 'Intelligence' },
          changes: [{ field: 'rank', from: ticket.rank, to: rank }],
          reason: expect.stringMatching(/\w/),
        },
      },
    ])
    const query = `query ($id: ID!, $ticket: ID!) {
      customer(id: $id) { insightSnapshot { churnRisk ltv { amount currencyCode } archetype asOf } }
      ticket(id: $ticket) { smartScore { total insightAsOf explanation formula { version ageCurve weights } components { name input points explanation } } }
    }`
    const { data, errors } = await ask<{ ticket: { smartScore: { total: number; components: { points: number }[] } } }>(
      query,
      {
        id: customer.id,
        ticket: ticket.id,
      },
    )
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      customer: {
        insightSnapshot: {
          churnRisk: 0.8,
          ltv: { amount: '3500.00', currencyCode: 'EUR' },
          archetype: 'loyal',
          asOf: later(1).toISOString(),
        },
      },
      ticket: {
        smartScore: { insightAsOf: later(1).toISOString(), formula: { version: 'default', ageCurve: 'LINEAR_DAYS' } },
      },
    })
    const { total, components } = data!.ticket.smartScore
    expect(components.reduce((sum, { points }) => sum + points, 0)).toBe(total)
  })

  it('changes nothing when it is not newer, comes twice, or is of nobody', async () => {
    const tenant = await support.aTenant()
    const customer = await support.aCustomer(tenant)
    const ticket = await support.aTicket(tenant, { customerId: customer.id })
    const event = heard(customer, { asOf: later(5) })
    await receive(heard(customer, { asOf: later(3), churnRisk: 0.1 }), event)
    const { rank } = await ticketNow(ticket)
    const count = (await reranked(tenant)).length
    await receive(
      event,
      heard(customer, { asOf: later(4), churnRisk: 0 }),
      heard({ ...customer, id: crypto.randomUUID() }),
    )
    await receive(heard(customer, { asOf: later(4), churnRisk: 0 }))
    expect((await ticketNow(ticket)).rank).toBe(rank)
    expect(await reranked(tenant)).toHaveLength(count)
    const kept = await support.database.forTenant(tenant.id).customer.findFirstOrThrow({ where: { id: customer.id } })
    expect(kept).toMatchObject({ churnRisk: 0.8, insightAt: later(5) })
  })

  it('moves a rank without a word when it moves it by less than a tenth', async () => {
    const tenant = await support.aTenant()
    const customer = await support.aCustomer(tenant)
    const ticket = await support.aTicket(tenant, { customerId: customer.id })
    const count = (await reranked(tenant)).length
    await receive(heard(customer, { churnRisk: 0.01, ltv: null }))
    expect((await ticketNow(ticket)).rank - ticket.rank).toBeCloseTo(0.03, 9)
    expect(await reranked(tenant)).toHaveLength(count)
  })

  it('moves the saved alerts’ matches with the ticket', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const customer = await support.aCustomer(tenant)
    const ticket = await support.aTicket(tenant, { customerId: customer.id })
    const db = support.database.forTenant(tenant.id)
    await db.topicAlert.create({
      data: {
        tenantId: tenant.id,
        id: crypto.randomUUID(),
        keywords: ['order'],
        scope: 'MINE',
        createdBy: agent.id,
        createdAt: start,
      },
    })
    // As the system, which is bound to no tenant.
    await support.database.system.$transaction((tx) => syncTickets(tx, tenant.id, [ticket.id], start))
    expect(await db.topicAlertMatch.findMany()).toMatchObject([{ ticketId: ticket.id, rank: ticket.rank }])
    await receive(heard(customer))
    const { rank } = await ticketNow(ticket)
    expect(rank).not.toBe(ticket.rank)
    expect(await db.topicAlertMatch.findMany()).toMatchObject([{ ticketId: ticket.id, rank }])
  })

  it('makes a VIP of who reaches the tenant’s threshold, beside those made by hand', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const [rich, poor, chosen] = [
      await support.aCustomer(tenant),
      await support.aCustomer(tenant),
      await support.aCustomer(tenant),
    ]
    await support.asOwner(
      'UPDATE tenant SET vip_from_lifetime_value = 3000, config_version = config_version + 1 WHERE id = $1',
      [tenant.id],
    )
    await support.database.forTenant(tenant.id).customer.updateMany({ where: { id: chosen.id }, data: { isVip: true } })
    await receive(heard(rich, { ltv: 3_000 }), heard(poor, { ltv: 2_999.99 }))
    const isVip = async ({ id }: Customer) =>
      (await ask<{ customer: { isVip: boolean } }>('query ($id: ID!) { customer(id: $id) { isVip } }', { id })).data!
        .customer.isVip
    expect([await isVip(rich), await isVip(poor), await isVip(chosen)]).toEqual([true, false, true])
  })
})

describe('asking Intelligence before a ticket is opened', () => {
  async function asked(insight: InsightSource | undefined, customerId?: string) {
    const tenant = await support.aTenant()
    const customer = await support.aCustomer(tenant)
    await receive(heard(customer, { churnRisk: 0.2 }))
    const { database, clock } = support
    const about = { tenantId: tenant.id, customerId: customerId ?? customer.id }
    const outcome = await refreshInsight({ database, clock, insight }, about, 40)
    const { churnRisk } = await database.forTenant(tenant.id).customer.findFirstOrThrow({ where: { id: customer.id } })
    return { outcome, churnRisk, ticket: await support.aTicket(tenant, { customerId: customer.id }), tenant }
  }
  const answer = { churnRisk: 0.9, lifetimeValue: 10, archetype: null, asOf: later(9) }

  it('keeps the answer, and the ticket is ranked with it', async () => {
    const { outcome, churnRisk, ticket, tenant } = await asked(async () => answer)
    expect({ outcome, churnRisk }).toEqual({ outcome: 'kept', churnRisk: 0.9 })
    const { formula } = await configOf(support.database.forTenant(tenant.id), tenant.id)
    expect(ticket.rank).toBe(rankOf({ ...ticket, churnRisk: 0.9, lifetimeValue: 10 }, formula))
  })

  it.each<[string, InsightSource | undefined, string]>([
    ['there is none to ask', undefined, 'none'],
    ['it knows nothing', async () => null, 'none'],
    ['it fails', () => Promise.reject(new Error('away')), 'away'],
    [
      'it fails at once',
      () => {
        throw new Error('away')
      },
      'away',
    ],
  ])('keeps the last snapshot when %s', async (_, source, outcome) => {
    expect(await asked(source)).toMatchObject({ outcome, churnRisk: 0.2 })
  })

  it('stops waiting at the deadline, tells the source so, and hears no late answer', async () => {
    const aborted = Promise.withResolvers<string>()
    const silent: InsightSource = (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted.resolve('told')
          resolve(answer)
        })
      })
    expect(await asked(silent)).toMatchObject({ outcome: 'away', churnRisk: 0.2 })
    expect(await aborted.promise).toBe('told')
  })
})

it('is asked about the customer of a new ticket, before it is ranked', async () => {
  const asOf = new Date('2026-11-20T00:00:00.000Z')
  const known = await openSupport({
    insight: async () => ({ churnRisk: 0.9, lifetimeValue: 3_500, archetype: 'loyal', asOf }),
  })
  try {
    const tenant = await known.aTenant()
    const customer = await known.aCustomer(tenant)
    const ask = await known.asAgent(await known.anAgent(tenant))
    const create = `mutation ($input: CreateTicketInput!) { createTicket(input: $input) { ticket {
      customer { insightSnapshot { churnRisk archetype asOf } } smartScore { insightAsOf components { name input } } } } }`
    const input = { customerId: customer.id, subject: 'S', channel: 'EMAIL', initialMessage: 'Hello' }
    const { data } = await ask<{ createTicket: { ticket: object } }>(create, { input })
    expect(data?.createTicket.ticket).toMatchObject({
      customer: { insightSnapshot: { churnRisk: 0.9, archetype: 'loyal', asOf: asOf.toISOString() } },
      smartScore: { components: expect.arrayContaining([{ name: 'CHURN_RISK', input: 0.9 }]) },
    })
  } finally {
    await known.close()
  }
})
