import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { randomUUID } from 'node:crypto'
import { customerIdOf } from '@quimbi/database/ids.ts'
import { createTestDatabase, type TestDatabase } from '@quimbi/testing/databases.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deactivateAgent } from '../src/agents/leave.ts'
import { createAgent } from '../src/agents/service.ts'
import { importCustomers } from '../src/customers/import.ts'
import type { CustomerRecord } from '../src/customers/record.ts'
import { openSupportDatabase, type SupportDatabase } from '../src/database.ts'
import { createTicket } from '../src/tickets/create.ts'
import { formulaOf, rankOf } from '../src/scoring/score.ts'
import { importTickets } from '../src/tickets/import.ts'
import { reserveNumbers } from '../src/tickets/numbers.ts'
import type { TicketRecord } from '../src/tickets/record.ts'
import { touchConfig } from '../src/tenants/config.ts'
import { someoneWaits } from './locks-kit.ts'

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

  it('gives what is still to be done to nobody where its agent was deactivated', async () => {
    const viewer = { kind: 'service', service: 'support', tenantId } as const
    const input = { name: 'Theo', email: 'theo@x.example', password: 'long enough', role: 'AGENT' } as const
    const { id } = await database.transact(tenantId, (tx) => createAgent(tx, viewer, input, now))
    await database.system.agent.updateMany({ where: { tenantId, id }, data: { isActive: false } })
    const theirs = { assigneeEmail: 'theo@x.example' }
    const messages = [{ fromAgent: true, authorName: 'Theo', authorEmail: 'theo@x.example', content: 'Soon' }]
    const result = await tickets(
      aTicket({ ...theirs, messages }),
      aTicket({ ...theirs, status: 'PENDING', waitingOn: 'CUSTOMER' }),
      aTicket({ ...theirs, status: 'CLOSED', closedAt: now }),
    )
    expect(result).toMatchObject({ accepted: 3, userErrors: [] })
    const stored = await database.system.ticket.findMany({ where: { tenantId }, orderBy: { number: 'asc' } })
    expect(stored.map(({ status, assigneeId }) => [status, assigneeId])).toEqual([
      ['OPEN', null],
      ['PENDING', null],
      ['CLOSED', id],
    ])
    const said = await database.system.message.findFirst({ where: { tenantId, fromAgent: true } })
    expect(said).toMatchObject({ authorAgentId: id })
  })

  describe('beside the deactivation of an agent', () => {
    const viewer = () => ({ kind: 'service', service: 'support', tenantId }) as const
    const theirs = { assigneeEmail: 'theo@x.example' }
    const agent = () => {
      const input = { name: 'Theo', email: theirs.assigneeEmail, password: 'long enough', role: 'AGENT' } as const
      return database.transact(tenantId, (tx) => createAgent(tx, viewer(), input, now))
    }
    const leave = (id: string) => database.transact(tenantId, (tx) => deactivateAgent(tx, viewer(), { id }, now))
    const assignees = async () =>
      (await database.system.ticket.findMany({ where: { tenantId } })).map(({ assigneeId }) => assigneeId)

    it('gives nobody what an agent would have who leaves while the batch is stored', async () => {
      const { id } = await agent()
      const batch = [aTicket({ ...theirs, number: 1 })]
      const reserve = async () => {
        await leave(id)
        return 0
      }
      const result = await database.transact(tenantId, (tx) => importTickets(tx, tenantId, batch, now, { reserve }))
      expect(result).toMatchObject({ accepted: 1, userErrors: [] })
      expect(await assignees()).toEqual([null])
    })

    it('keeps the deactivation waiting for the last of it, and then gives the tickets back', async () => {
      const { id } = await agent()
      const leaving = await database.transact(tenantId, async (tx) => {
        await importTickets(tx, tenantId, [aTicket(theirs)], now)
        const left = leave(id)
        await someoneWaits(tx)
        return { left }
      })
      await leaving.left
      expect(await assignees()).toEqual([null])
    })
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
    [{ messages: [{ authorName: 'Ada', content: '' }] }, 'REQUIRED'],
    [{ status: 'OPEN', snoozedUntil: now }, 'INVALID'],
    [{ mergedIntoId: randomUUID() }, 'INVALID'],
    [{ sentiment: 1.5 }, 'INVALID'],
    [{ notes: [{ content: 'Whose?' }] }, 'REQUIRED'],
    [{ notes: [{ authorSystem: { kind: 'GHOST', name: 'x' }, content: 'Boo' }] }, 'INVALID'],
  ] as [Partial<TicketRecord>, string][])('refuses %j alone with %s', async (bad, code) => {
    const { accepted, userErrors } = await tickets(aTicket(), aTicket(bad))
    expect([accepted, userErrors.map((error) => [error.code, error.path?.[0]])]).toEqual([1, [[code, '1']]])
  })

  it('refuses names that are not here, or takes the ticket without them', async () => {
    const note = { authorEmail: 'no@x.example', content: 'Late again', mentions: ['no@x.example'] }
    const strangers = [aTicket({ queue: 'gone' }), aTicket({ team: 'gone' }), aTicket({ notes: [note] })]
    const { userErrors } = await tickets(...strangers)
    expect(userErrors.map(({ code, path }) => [code, path])).toEqual([
      ['NOT_FOUND', ['0', 'queue']],
      ['NOT_FOUND', ['1', 'team']],
      ['NOT_FOUND', ['2', 'notes']],
    ])
    const without = await database.transact(tenantId, (tx) =>
      importTickets(tx, tenantId, strangers, now, { unassignUnknown: true }),
    )
    expect(without).toMatchObject({ accepted: 3, userErrors: [] })
    expect(await database.system.ticket.count({ where: { tenantId, queueId: null, teamId: null } })).toBe(3)
    expect(await database.system.note.findFirst({ where: { tenantId } })).toMatchObject({
      author: { kind: 'system', system: 'IMPORT', name: 'no@x.example' },
      mentionIds: [],
    })
  })

  it('tells messages by their channel’s id too, of the ticket’s channel unless they name one', async () => {
    const said = (externalId: string, channel?: string) => ({ authorName: 'Ada', content: 'Hi', externalId, channel })
    expect(await tickets(aTicket({ messages: [said('<1>'), said('<1>', 'CHAT')] }))).toMatchObject({ accepted: 1 })
    expect(await database.system.message.count({ where: { tenantId, channel: 'EMAIL', externalId: '<1>' } })).toBe(1)
    const again = [aTicket({ messages: [said('<1>')] }), aTicket({ messages: [said('<2>'), said('<2>')] })]
    expect((await tickets(...again)).userErrors.map(({ code, path }) => [code, path])).toEqual([
      ['CONFLICT', ['0', 'messages']],
      ['CONFLICT', ['1', 'messages']],
    ])
  })

  it('never sends what was said elsewhere, and cleans rich text', async () => {
    const html = '<p onclick="steal()">Soon</p><script>steal()</script>'
    await tickets(aTicket({ messages: [{ fromAgent: true, authorName: 'Theo', content: 'Soon', contentHtml: html }] }))
    expect(await database.system.message.findFirst({ where: { tenantId } })).toMatchObject({
      contentHtml: '<p>Soon</p>',
      deliveryStatus: null,
      nextAttemptAt: null,
    })
    const queued = { fromAgent: true, authorName: 'Theo', content: 'Soon', deliveryStatus: 'QUEUED' }
    expect((await tickets(aTicket({ messages: [queued] }))).userErrors).toMatchObject([
      { code: 'INVALID', path: ['0', 'deliveryStatus'] },
    ])
  })

  it('ranks by what is known of ticket and customer, and wakes at its time', async () => {
    const id = randomUUID()
    await customers({ id, name: 'Ada', externalRefs: [] })
    const insight = { churnRisk: 0.8, lifetimeValue: 3_500, insightAt: now }
    await database.system.customer.updateMany({ where: { tenantId, id }, data: insight })
    const snoozedUntil = new Date(now.getTime() + 3_600_000)
    const state = {
      status: 'PENDING',
      waitingOn: 'SNOOZE',
      snoozedUntil,
      followUpAt: new Date(now.getTime() + 7_200_000),
    }
    await tickets(aTicket({ ...state, customer: { id }, sentiment: 0.1, difficulty: 0.9 }))
    const ticket = await database.system.ticket.findFirstOrThrow({ where: { tenantId } })
    const { churnRisk, lifetimeValue } = insight
    expect(ticket.rank).toBe(rankOf({ ...ticket, churnRisk, lifetimeValue }, formulaOf('default', null)))
    expect(ticket).toMatchObject({ sentiment: 0.1, difficulty: 0.9, nextTimerAt: snoozedUntil })
  })

  it('shows up in saved topic alerts', async () => {
    const alert = {
      tenantId,
      id: randomUUID(),
      keywords: ['torn'],
      scope: 'TENANT',
      createdBy: randomUUID(),
      createdAt: now,
    }
    await database.transact(tenantId, async (tx) => {
      await tx.topicAlert.create({ data: alert })
      await touchConfig(tx, tenantId)
    })
    const torn = { messages: [{ authorName: 'Ada', content: 'The zip is torn' }] }
    await tickets(aTicket(torn), aTicket(), aTicket({ ...torn, status: 'CLOSED' }))
    const [match, ...others] = await database.system.topicAlertMatch.findMany({ where: { tenantId } })
    const ticket = await database.system.ticket.findFirst({ where: { tenantId, id: match?.ticketId ?? '' } })
    expect(others).toEqual([])
    expect(match).toMatchObject({ alertId: alert.id, rank: ticket?.rank, assigneeId: null })
    expect(ticket?.status).toBe('OPEN')
  })

  it('leaves a trail of each batch that brought something', async () => {
    const one = aTicket({ notes: [{ authorSystem: { kind: 'INTEGRATION', name: 'desk' }, content: 'Seen' }] })
    await tickets(one, aTicket())
    await tickets(one)
    expect(await database.system.auditEntry.findMany({ where: { tenantId } })).toMatchObject([
      {
        action: 'tickets.imported',
        actor: { kind: 'system', system: 'IMPORT' },
        changes: [
          { field: 'tickets', from: null, to: 2 },
          { field: 'messages', from: null, to: 2 },
          { field: 'notes', from: null, to: 1 },
        ],
      },
    ])
  })

  it('brings each ticket once when two run at once', async () => {
    const records = Array.from({ length: 20 }, () => aTicket())
    const again = (error: unknown) => {
      expect(violatedUnique(error)).not.toBeNull()
      return tickets(...records)
    }
    const results = await Promise.all(
      [tickets(...records), tickets(...records.toReversed())].map((one) => one.catch(again)),
    )
    expect(results.map(({ accepted, duplicates }) => accepted + duplicates)).toEqual([20, 20])
    expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(20)
    expect(await database.system.ticket.count({ where: { tenantId } })).toBe(20)
  })

  describe('with numbers taken in another transaction', () => {
    const viewer = () => ({ kind: 'service', service: 'support', tenantId }) as const
    const open = async (customerId: string) => {
      const input = { customerId, subject: 'S', channel: 'EMAIL' as const, initialMessage: 'Hi' }
      return (await database.transact(tenantId, (tx) => createTicket(tx, viewer(), input, now))).ticket
    }
    const reserve = (given: readonly number[], count: number) =>
      database.transact(tenantId, (tx) => reserveNumbers(tx, tenantId, given, count))
    const aCustomer = async () => {
      const id = randomUUID()
      await customers({ id, name: 'Bo', externalRefs: [] })
      return id
    }

    it('holds up nobody who opens a ticket meanwhile', async () => {
      const customerId = await aCustomer()
      const opened = await database.transact(tenantId, async (tx) => {
        await importTickets(tx, tenantId, [aTicket(), aTicket()], now, { reserve })
        return open(customerId)
      })
      expect(opened.number).toBe(1_003)
      const rows = await database.system.ticket.findMany({ where: { tenantId }, orderBy: { number: 'asc' } })
      expect(rows.map(({ number }) => number)).toEqual([1_001, 1_002, 1_003])
    })

    it('looks again when somebody was given one of the file’s numbers just before', async () => {
      const customerId = await aCustomer()
      let isFirst = true
      const late = async (given: readonly number[], count: number) => {
        if (isFirst) expect((await open(customerId)).number).toBe(1_001)
        isFirst = false
        return reserve(given, count)
      }
      const result = await database.transact(tenantId, (tx) =>
        importTickets(tx, tenantId, [aTicket({ number: 1_001 }), aTicket()], now, { reserve: late }),
      )
      expect(result).toMatchObject({ accepted: 1, userErrors: [{ code: 'CONFLICT', path: ['0', 'number'] }] })
    })
  })

  it('has new tables looked at, so that references are not sought through all of a tenant’s rows', async () => {
    await tickets(aTicket())
    await tickets(aTicket())
    const looked = await database.system.$queryRaw<object[]>`
      SELECT relname AS name FROM pg_class WHERE relname IN ('customer', 'ticket', 'message') AND reltuples >= 0 ORDER BY 1`
    expect(looked).toEqual([{ name: 'customer' }, { name: 'message' }, { name: 'ticket' }])
  })
})
