import { randomUUID } from 'node:crypto'
import { customerIdOf } from '@quimbi/database/ids.ts'
import { createTestDatabase, type TestDatabase } from '@quimbi/testing/databases.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAgent } from '../src/agents/service.ts'
import { importCustomers } from '../src/customers/import.ts'
import type { CustomerRecord } from '../src/customers/record.ts'
import { openSupportDatabase, type SupportDatabase } from '../src/database.ts'
import { createTicket } from '../src/tickets/create.ts'
import { importTickets } from '../src/tickets/import.ts'
import type { TicketRecord } from '../src/tickets/record.ts'

const now = new Date('2026-03-01T12:00:00Z')
const statements: string[] = []
let store: TestDatabase
let database: SupportDatabase
let tenantId: string

beforeAll(async () => {
  store = await createTestDatabase('support')
  database = await openSupportDatabase({ url: store.url, onStatement: (sql) => statements.push(sql) })
})
afterAll(async () => {
  await database.close()
  await store.drop()
})
beforeEach(async () => {
  tenantId = randomUUID()
  const tenant = { id: tenantId, slug: tenantId, name: 'Shop', currencyCode: 'EUR', timeZone: 'UTC', createdAt: now }
  await database.system.tenant.create({ data: tenant })
})

const ref = (id: string, source = 'shop') => ({ source, id })
const customers = (...records: CustomerRecord[]) =>
  database.transact(tenantId, (tx) => importCustomers(tx, tenantId, records, now))
const tickets = (...records: TicketRecord[]) =>
  database.transact(tenantId, (tx) => importTickets(tx, tenantId, records, now))
const saved = () =>
  database.system.outboxEvent.findMany({ where: { tenantId, type: 'customer.saved' }, orderBy: { id: 'asc' } })
const aTicket = (more: Partial<TicketRecord> = {}): TicketRecord => ({
  externalRef: ref(randomUUID(), 'desk'),
  subject: 'Where is it?',
  channel: 'EMAIL',
  customer: { source: 'shop', externalId: 'c1' },
  createdAt: now,
  messages: [{ authorName: 'Ada', content: 'Where is it?' }],
  ...more,
})

describe('importing customers', () => {
  it('adds, changes what differs, and counts the rest as duplicates; announces the first two', async () => {
    const ada = { name: 'Ada', email: 'Ada@Shop.example', externalRefs: [ref('1')] }
    expect(await customers(ada)).toMatchObject({ accepted: 1, updated: 0, duplicates: 0, userErrors: [] })
    expect(await customers(ada)).toMatchObject({ accepted: 0, updated: 0, duplicates: 1 })
    expect(await customers({ ...ada, phone: '1' })).toMatchObject({ accepted: 0, updated: 1, duplicates: 0 })
    const id = customerIdOf(tenantId, 'shop', '1')
    expect(await database.system.customer.findFirst({ where: { tenantId, id } })).toMatchObject({
      email: 'ada@shop.example',
      phone: '1',
    })
    expect((await saved()).map(({ payload }) => payload)).toEqual(
      Array.from({ length: 2 }, () => ({ customerId: id, refs: [{ source: 'shop', externalId: '1' }] })),
    )
  })

  it('keeps what a record does not speak of, clears what it says is null, and never forgets a name', async () => {
    await customers({ name: 'Ada', phone: '1', tags: ['a'], externalRefs: [ref('1')] })
    await customers({ name: null, phone: null, externalRefs: [ref('1')] })
    expect(await database.system.customer.findFirst({ where: { tenantId } })).toMatchObject({
      name: 'Ada',
      phone: null,
      tags: ['a'],
    })
  })

  it('absorbs placeholders with their tickets, also those of the same batch', async () => {
    await tickets(aTicket({ customer: { source: 'shop', externalId: 'p1' } }))
    const result = await customers(
      { name: null, externalRefs: [ref('p2')] },
      { name: 'Ada', externalRefs: [ref('named')] },
      { name: 'Ada', externalRefs: [ref('named'), ref('p1'), ref('p2')] },
    )
    expect(result).toMatchObject({ accepted: 2, updated: 1, userErrors: [] })
    const id = customerIdOf(tenantId, 'shop', 'named')
    expect(await database.system.customer.findMany({ where: { tenantId } })).toMatchObject([
      { id, name: 'Ada', lastContactAt: now },
    ])
    expect(await database.system.ticket.findFirst({ where: { tenantId } })).toMatchObject({ customerId: id })
    expect(await database.system.customerRef.count({ where: { tenantId, customerId: id } })).toBe(3)
  })

  it('takes a given id, and refuses a reference of another named customer', async () => {
    const id = randomUUID()
    await customers({ id, name: 'Ada', externalRefs: [ref('1')] }, { name: 'Bo', externalRefs: [ref('2')] })
    const { userErrors } = await customers(
      { id, name: 'Ada', externalRefs: [ref('2')] },
      { name: 'Cy', externalRefs: [ref('1'), ref('2')] },
    )
    expect(userErrors.map(({ code, path }) => [code, path])).toEqual([
      ['CONFLICT', ['0', 'externalRefs']],
      ['CONFLICT', ['1', 'externalRefs']],
    ])
  })

  it.each([
    [{ name: 'Ada' }, 'REQUIRED'],
    [{ name: ' ', externalRefs: [ref('1')] }, 'REQUIRED'],
    [{ id: 'x', name: 'Ada' }, 'INVALID'],
    [{ name: 'Ada', timeZone: 'Mars/Olympus', externalRefs: [ref('1')] }, 'INVALID'],
    [{ name: 'A\u0000', externalRefs: [ref('1')] }, 'INVALID'],
    [{ name: 'a'.repeat(201), externalRefs: [ref('1')] }, 'TOO_LONG'],
  ])('refuses %j alone with %s', async (bad, code) => {
    const { accepted, userErrors } = await customers({ name: 'Good', externalRefs: [ref('good')] }, bad)
    expect([accepted, userErrors.map((error) => [error.code, error.path?.[0]])]).toEqual([1, [[code, '1']]])
  })

  it('takes the same number of statements for one and for five hundred', async () => {
    const count = async (size: number) => {
      statements.length = 0
      await customers(...Array.from({ length: size }, (_, at) => ({ name: 'N', externalRefs: [ref(`${size}-${at}`)] })))
      return statements.length
    }
    await count(2)
    expect(await count(500)).toBe(await count(1))
  })
})

describe('importing tickets', () => {
  it('leaves known ones alone, by id and by reference', async () => {
    const one = aTicket()
    expect(await tickets(one, one)).toMatchObject({ accepted: 1, duplicates: 1, userErrors: [] })
    expect(await tickets({ ...one, subject: 'Other' }, { ...one, id: randomUUID() })).toMatchObject({
      accepted: 0,
      duplicates: 2,
    })
    expect(await database.system.message.count({ where: { tenantId } })).toBe(1)
  })

  it('keeps numbers that are free, gives the others new ones above, and refuses taken ones', async () => {
    const result = await tickets(aTicket({ number: 5_000 }), aTicket(), aTicket({ number: 5_000 }))
    expect(result).toMatchObject({ accepted: 2, userErrors: [{ code: 'CONFLICT', path: ['2', 'number'] }] })
    const rows = await database.system.ticket.findMany({ where: { tenantId }, orderBy: { number: 'asc' } })
    expect(rows.map(({ number }) => number)).toEqual([5_000, 5_001])
    const viewer = { kind: 'service', service: 'support', tenantId } as const
    const input = { customerId: rows[0]?.customerId ?? '', subject: 'S', channel: 'EMAIL', initialMessage: 'Hi' }
    expect(await database.transact(tenantId, (tx) => createTicket(tx, viewer, input, now))).toMatchObject({
      ticket: { number: 5_002 },
    })
  })

  it('knows agents by address, as assignees and as authors', async () => {
    const viewer = { kind: 'service', service: 'support', tenantId } as const
    const input = { name: 'Theo', email: 'theo@x.example', password: 'long enough', role: 'AGENT' } as const
    const agent = await database.transact(tenantId, (tx) => createAgent(tx, viewer, input, now))
    const messages = [{ fromAgent: true, authorName: 'Theo', authorEmail: 'Theo@X.example', content: 'Soon' }]
    const result = await tickets(
      aTicket({ assigneeEmail: 'theo@x.example', messages }),
      aTicket({ assigneeEmail: 'no@x.example' }),
    )
    expect(result).toMatchObject({ accepted: 1, userErrors: [{ code: 'NOT_FOUND', path: ['1', 'assigneeEmail'] }] })
    expect(result.userErrors[0]?.message).toContain('no@x.example')
    expect(await database.system.ticket.findFirst({ where: { tenantId } })).toMatchObject({ assigneeId: agent.id })
    expect(await database.system.message.findFirst({ where: { tenantId } })).toMatchObject({ authorAgentId: agent.id })
    const unassigned = await database.transact(tenantId, (tx) =>
      importTickets(tx, tenantId, [aTicket({ assigneeEmail: 'no@x.example' })], now, { unassignUnknown: true }),
    )
    expect(unassigned).toMatchObject({ accepted: 1, userErrors: [] })
  })

  it.each([
    [{ customer: { id: randomUUID() } }, 'NOT_FOUND'],
    [{ customer: {} }, 'REQUIRED'],
    [{ externalRef: null }, 'REQUIRED'],
    [{ status: 'PENDING' }, 'REQUIRED'],
    [{ status: 'GONE' }, 'INVALID'],
    [{ channel: 'FAX' }, 'INVALID'],
    [{ closedAt: now }, 'INVALID'],
    [{ number: 0 }, 'INVALID'],
    [{ messages: [{ authorName: 'Ada', content: ' ' }] }, 'REQUIRED'],
  ] as [Partial<TicketRecord>, string][])('refuses %j alone with %s', async (bad, code) => {
    const { accepted, userErrors } = await tickets(aTicket(), aTicket(bad))
    expect([accepted, userErrors.map((error) => [error.code, error.path?.[0]])]).toEqual([1, [[code, '1']]])
  })
})
