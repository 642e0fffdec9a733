import { createHttp } from '@quimbi/service/http.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Customer, Tenant } from '../generated/prisma/client.ts'
import type { InsightSource } from '../src/insight/ask.ts'
import { openSupport, type Ask, type TestSupport } from './kit.ts'

const inboundToken = 'the token of the inbound door'
const source = vi.fn<InsightSource>()
let support: TestSupport
let http: ReturnType<typeof createHttp>
let tenant: Tenant
let customer: Customer
let ask: Ask
beforeAll(async () => {
  support = await openSupport({
    settings: { mailFrom: 'support@shop.example', inboundToken },
    insight: (about, signal) => source(about, signal),
  })
  const metrics = createMetrics('support')
  http = createHttp({ service: 'support', log: support.log, metrics, readiness: async () => ({}) })
  if (support.module.routes) await http.app.register(support.module.routes)
  await http.app.ready()
})
afterAll(async () => {
  await http.drain()
  await support.close()
})
beforeEach(async () => {
  source.mockReset().mockResolvedValue({
    ...{ churnRisk: 0.9, lifetimeValue: 3_500, archetype: 'Loyal' },
    asOf: new Date('2026-11-20T00:00:00.000Z'),
  })
  tenant = await support.aTenant()
  ask = await support.asAgent(await support.anAgent(tenant))
  customer = await support.aCustomer(tenant, { email: 'mia@mail.example', phone: '+33600000000' })
})

let sent = 0
async function mail(headers: Record<string, string> = {}, slug = tenant.slug): Promise<void> {
  const all = {
    ...{ From: 'Mia <mia@mail.example>', To: 'support@shop.example', Subject: 'My order' },
    ...{ 'Message-ID': `<m${(sent += 1)}@mail.example>`, 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  await post(`/inbound/${slug}/email`, `${lines.join('\r\n')}\r\n\r\nWhere is it?`, 'message/rfc822')
}

async function post(url: string, payload: string | object, type = 'application/json'): Promise<void> {
  const headers = { 'content-type': type, authorization: `Bearer ${inboundToken}` }
  const { statusCode } = await http.app.inject({ method: 'POST', url, headers, payload })
  expect(statusCode).toBe(202)
}

const tickets = () => support.database.forTenant(tenant.id).ticket.findMany({ orderBy: { number: 'asc' } })
const aboutMia = () => [{ tenantId: tenant.id, customerId: customer.id }, expect.any(AbortSignal)]

describe('before a customer’s words open a ticket, Intelligence is asked about them', () => {
  it('when they come by mail, and the ticket is ranked with the answer', async () => {
    await mail()
    expect(source.mock.calls).toEqual([aboutMia()])
    const query = `{ inbox(first: 1) { nodes { customer { insightSnapshot { churnRisk } } smartScore { components { name input } } } } }`
    const { data } = await ask<{ inbox: { nodes: object[] } }>(query)
    expect(data?.inbox.nodes).toMatchObject([
      {
        customer: { insightSnapshot: { churnRisk: 0.9 } },
        smartScore: { components: expect.arrayContaining([{ name: 'CHURN_RISK', input: 0.9 }]) as object[] },
      },
    ])
  })

  it('when they come by another channel', async () => {
    const sms = { from: '+33600000000', text: 'Where is it?', externalId: `s${(sent += 1)}` }
    await post(`/inbound/${tenant.slug}/sms`, sms)
    expect(source.mock.calls).toEqual([aboutMia()])
  })

  it('when an agent writes them down, also on a ticket that is closed', async () => {
    const receive = `mutation ($input: ReceiveMessageInput!) { receiveMessage(input: $input) { userErrors { code } } }`
    const say = (more: object) =>
      ask(receive, { input: { channel: 'PHONE', content: 'Hello', externalId: `p${(sent += 1)}`, ...more } })
    await say({ customerId: customer.id })
    expect(source.mock.calls).toEqual([aboutMia()])
    const [ticket] = await tickets()
    await say({ ticketId: ticket!.id })
    await say({ customerId: customer.id })
    expect(source).toHaveBeenCalledTimes(1)
    const close = `mutation ($input: SetTicketStatusInput!) { setTicketStatus(input: $input) { userErrors { code } } }`
    await ask(close, { input: { id: ticket!.id, status: 'CLOSED' } })
    await say({ ticketId: ticket!.id })
    expect(source).toHaveBeenCalledTimes(2)
    await say({ ticketId: 'no id' })
    await say({ customerId: 'no id' })
    expect(source).toHaveBeenCalledTimes(2)
  })
})

describe('it is not asked', () => {
  it('about what goes on with an open ticket, a repeat, an auto-reply, or a stranger', async () => {
    await mail({ 'Message-ID': `<first-${tenant.slug}@mail.example>` })
    source.mockClear()
    await mail({ 'In-Reply-To': `<first-${tenant.slug}@mail.example>` })
    await mail()
    await mail({ 'Message-ID': `<first-${tenant.slug}@mail.example>` })
    await mail({ 'Auto-Submitted': 'auto-replied', Subject: 'Out of office' })
    await mail({ From: 'New <new@mail.example>' })
    expect(source).not.toHaveBeenCalled()
    expect(await tickets()).toHaveLength(2)
  })

  it('to keep anybody waiting: what it does not say in time, mail does without', async () => {
    source.mockImplementation(() => new Promise(() => {}))
    await mail()
    expect(source).toHaveBeenCalledTimes(1)
    expect(await tickets()).toHaveLength(1)
  })
})
