import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { openSupport, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
})
afterAll(() => support.close())

const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Ticket { conversationContext {
  subject channel priority customerName isVip locale agentName brand signature revision
  policies { kind text maxCompensation } turns { messageId fromAgent content createdAt } pastTickets { id subject resolution satisfaction }
} } } }`

type Context = {
  turns: { content: string }[]
  pastTickets: { id: string }[]
  policies: object[]
} & Record<string, unknown>

async function contextsOf(ids: string[]): Promise<Context[]> {
  const representations = ids.map((id) => ({ __typename: 'Ticket', id }))
  const gateway = support.asGateway({ tenantId: tenant.id })
  const { data, errors } = await gateway<{ _entities: { conversationContext: Context }[] }>(query, { representations })
  expect(errors).toEqual([])
  return data!._entities.map(({ conversationContext }) => conversationContext)
}

it('gathers what was said, how earlier tickets ended and what the tenant allows; no notes, nothing deleted or automatic', async () => {
  const db = support.database.forTenant(tenant.id)
  const now = support.clock.now()
  const customer = await support.aCustomer(tenant, { name: 'Mia', locale: 'fr' })
  const closed = { status: 'CLOSED', closedAt: now, resolution: 'Sent a new one.' }
  const past = await support.aTicket(tenant, { customerId: customer.id, subject: 'Broken' }, closed)
  await db.satisfaction.create({ data: { tenantId: tenant.id, ticketId: past.id, score: 4, answeredAt: now } })
  const policy = {
    tenantId: tenant.id,
    kind: 'REFUND',
    name: 'R',
    text: 'Within 30 days.',
    createdAt: now,
    updatedAt: now,
  }
  const ids = ['0198a000-0000-7000-8000-00000000000a', '0198a000-0000-7000-8000-00000000000b'] as const
  await db.policy.create({ data: { ...policy, id: ids[0], isActive: true, maxCompensation: '12.50' } })
  await db.policy.create({ data: { ...policy, id: ids[1], isActive: false } })
  const ticket = await support.aTicket(tenant, { customerId: customer.id, initialMessage: 'Where is it?' })
  await support.aMessage(ticket, { content: 'On its way.', createdAt: new Date(now.getTime() + 1_000) })
  await support.aMessage(ticket, { content: 'Deleted', deletedAt: now })
  await support.aMessage(ticket, { content: 'Out of office', fromAgent: false, isAutomatic: true })
  const author = { kind: 'system', system: 'IMPORT', name: 'import' }
  await db.note.create({
    data: { tenantId: tenant.id, id: ids[0], ticketId: ticket.id, author, content: 'Secret note', createdAt: now },
  })

  const [context] = await contextsOf([ticket.id])
  expect(context).toMatchObject({
    subject: ticket.subject,
    channel: 'EMAIL',
    customerName: 'Mia',
    isVip: false,
    locale: 'fr',
    agentName: null,
    brand: tenant.name,
    revision: 'r1',
    policies: [{ kind: 'REFUND', text: 'Within 30 days.', maxCompensation: '12.5' }],
    pastTickets: [{ id: past.id, subject: 'Broken', resolution: 'Sent a new one.', satisfaction: 4 }],
  })
  expect(context?.turns.map(({ content }) => content)).toEqual(['Where is it?', 'On its way.'])
  expect(JSON.stringify(context)).not.toContain('Secret')
})

it('keeps to the newest fifty turns, and does not tell a ticket of itself', async () => {
  const ticket = await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: support.clock.now() })
  for (let number = 1; number <= 60; number += 1) {
    const createdAt = new Date(support.clock.now().getTime() + number * 1_000)
    await support.aMessage(ticket, { content: `Message ${number}`, createdAt })
  }
  const [context] = await contextsOf([ticket.id])
  expect(context?.turns).toHaveLength(50)
  expect(context?.turns.at(-1)).toMatchObject({ content: 'Message 60' })
  expect(context?.pastTickets).toEqual([])
})

it('asks the database as often for ten tickets as for one', async () => {
  const tickets = await Promise.all(Array.from({ length: 10 }, () => support.aTicket(tenant)))
  const count = async (ids: string[]) => {
    const before = support.statements.length
    await contextsOf(ids)
    return support.statements.length - before
  }
  const ids = tickets.map(({ id }) => id)
  expect(await count(ids)).toBe(await count(ids.slice(0, 1)))
})
