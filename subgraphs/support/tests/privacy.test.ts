import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@quimbi/database/ids.ts'
import { verifyLog } from '@quimbi/events/verify.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Customer, Tenant, Ticket } from '../generated/prisma/client.ts'
import { keepFiles } from '../src/attachments/keep.ts'
import { recordAudit } from '../src/audit/record.ts'
import { takeIn, type Arrived } from '../src/channels/inbound.ts'
import { mailDomain, messageIdOf } from '../src/channels/addresses.ts'
import { importCustomers } from '../src/customers/import.ts'
import { recordSeenCustomers } from '../src/customers/seen.ts'
import { systemActor } from '../src/log/actors.ts'
import { eraseCustomer } from '../src/privacy/erase.ts'
import { createFileStore } from '../src/attachments/store.ts'
import { changeTicket } from '../src/tickets/change.ts'
import { importTickets } from '../src/tickets/import.ts'
import { openSupport, refusal, serviceOf, start, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { someoneWaits } from './locks-kit.ts'

let support: TestSupport
let tenant: Tenant
let admin: TestAgent
let ask: Ask

beforeAll(async () => {
  support = await openSupport()
})
afterAll(() => support.close())
beforeEach(async () => {
  support.clock.set(start)
  tenant = await support.aTenant()
  admin = await support.anAgent(tenant)
  ask = await support.asAgent(admin)
})

type Erasing = { eraseCustomer: { deletedId: string | null; userErrors: unknown[] } }
const erasing = `mutation ($id: ID!) { eraseCustomer(input: { id: $id }) { deletedId userErrors { code path } } }`
const erase = async (id: string, as = ask) => {
  const { data, errors } = await as<Erasing>(erasing, { id })
  expect(errors).toEqual([])
  return data!.eraseCustomer
}
const db = () => support.database.forTenant(tenant.id)
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')

/** Puts a word into every place that may hold something of a person. */
async function mark(word: string): Promise<{ customer: Customer; ticket: Ticket }> {
  const { clock, database, settings } = support
  const [now, tenantId] = [clock.now(), tenant.id]
  const customer = await support.aCustomer(tenant, {
    ...{ name: `${word} Jones`, email: `${word}@mail.example`, phone: `+49 ${word}`, locale: word, tags: [word] },
    ...{ externalRefs: [{ source: 'shop', id: `${word}-ref` }], idempotencyKey: `${word}-key` },
  })
  const update = `mutation ($id: ID!, $name: String!) { updateCustomer(input: { id: $id, name: $name }) { userErrors { code } } }`
  await ask(update, { id: customer.id, name: `Dr ${word} Jones` })
  await db().customer.updateMany({ where: { tenantId, id: customer.id }, data: { archetype: word } })
  await db().customerAlias.create({ data: { tenantId, id: newId(), customerId: customer.id, createdAt: now } })
  const ticket = await support.aTicket(tenant, {
    ...{
      customerId: customer.id,
      subject: `${word} asks`,
      initialMessage: `I am ${word}`,
      idempotencyKey: `${word}-key`,
    },
  })
  const ticketId = ticket.id
  await db().ticket.updateMany({
    where: { tenantId, id: ticketId },
    data: {
      ...{ resolution: word, followUpNote: word, orderNumbers: [word], externalSource: 'desk' },
      ...{ externalId: word, escalation: { level: 1, reason: word, at: now.toISOString(), by: {} } },
    },
  })
  const own = { tenantId, ticketId }
  const files = [{ fileName: `${word}.png`, contentType: 'image/png', bytes: Buffer.concat([png, Buffer.from(word)]) }]
  const [fileId = ''] = await database.transact(tenantId, (tx) => keepFiles(tx, tenantId, files, now, { settings }))
  const sent = await support.aMessage(ticket, {
    ...{ content: `Dear ${word}`, contentHtml: `<p>${word}</p>`, recipient: `${word}@mail.example`, externalId: word },
    ...{ channel: 'EMAIL', deliveryStatus: 'SENT', lastError: `550 ${word}` },
  })
  await db().messageAttachment.create({ data: { tenantId, messageId: sent.id, attachmentId: fileId } })
  await support.aMessage(ticket, {
    ...{ fromAgent: false, authorName: word, authorEmail: `${word}@home.example`, content: word },
    ...{ channel: 'EMAIL', externalId: `<${word}@home.example>` },
  })
  await support.aMessage(ticket, { content: word, deliveryStatus: 'QUEUED', nextAttemptAt: new Date('2099-01-01') })
  const outbox = join(settings.filesDir, 'outbox', 'email')
  mkdirSync(outbox, { recursive: true })
  writeFileSync(join(outbox, `${sent.id}.json`), JSON.stringify({ content: word }))
  const foreign = await support.aTicket(tenant, { subject: 'Somebody else’s' })
  await support.aMessage(foreign, {
    fromAgent: false,
    authorEmail: `${word.toUpperCase()}@mail.example`,
    content: word,
  })
  await support.aMessage(foreign, { recipient: `${word}@mail.example`, content: 'To all' })
  const said = { id: newId(), createdAt: now }
  await db().note.create({ data: { ...own, ...said, author: { kind: 'agent', id: admin.id }, content: word } })
  await db().decision.create({
    data: {
      ...{ ...own, id: newId(), field: 'FOLLOW_UP', from: word, to: word, confidence: 1, evidence: [word] },
      ...{ explanation: word, madeBy: {}, madeAt: now },
    },
  })
  await db().actionItem.create({ data: { ...own, id: 'call', action: word, outcome: word, createdAt: now } })
  await db().satisfaction.create({ data: { ...own, score: 4, comment: word, answeredAt: now } })
  await db().draftUse.create({
    data: { ...own, draftId: ticketId, outcome: 'SENT_EDITED', intent: 'REFUND', createdAt: now, updatedAt: now },
  })
  await db().notification.create({
    data: { ...own, id: newId(), agentId: admin.id, kind: 'RULE', text: word, eventId: newId(), createdAt: now },
  })
  await db().recipientFuse.create({
    data: { tenantId, recipient: `${word}@mail.example`, windowStart: now, sent: 1 },
  })
  await db().dataExport.create({
    data: {
      ...{ tenantId, id: newId(), customerId: customer.id, requestedBy: admin.id, content: word },
      ...{ createdAt: now, expiresAt: now },
    },
  })
  const step = { type: 'MESSAGE_EDITED' as const, changes: [{ field: 'content', from: word, to: word }] }
  const call = { tenantId, who: { actor: systemActor('TIMER', 'test') }, now, id: ticketId }
  const { eventId } = await database.transact(tenantId, (tx) => changeTicket(tx, call, () => [step]))
  const closed = { type: 'STATUS_CHANGED' as const, set: { status: 'CLOSED', closedAt: now } }
  const opened = { type: 'STATUS_CHANGED' as const, set: { status: 'OPEN', closedAt: null, reopenCount: 1 } }
  const late = { type: 'SLA_BREACHED' as const, data: { metric: 'FIRST_RESPONSE' } }
  await database.transact(tenantId, (tx) => changeTicket(tx, call, () => [closed, opened, late]))
  const endpoint = { tenantId, id: newId() }
  const hook = { url: 'https://hook.example', eventTypes: [], isActive: true, secret: 'x', createdAt: now }
  await db().webhookEndpoint.create({ data: { ...endpoint, ...hook } })
  await db().webhookDelivery.create({
    data: {
      ...{ tenantId, id: newId(), endpointId: endpoint.id, eventId: eventId!, body: word, lastError: word },
      ...{ nextAttemptAt: new Date('2099-01-01'), createdAt: now },
    },
  })
  const entry = { ...call, action: 'ticket.read', subjectType: 'ticket', subjectId: ticketId, changes: step.changes }
  await database.transact(tenantId, (tx) => recordAudit(tx, entry))
  await support.module.sequence()
  // One entry that is not in the log yet.
  await database.transact(tenantId, (tx) => changeTicket(tx, call, () => [step]))
  return { customer, ticket }
}

/** Where in the database and the folder of files a word still stands: tables and paths. */
async function traces(word: string): Promise<string[]> {
  const tables = await support.asOwner<{ name: string }>(`
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'`)
  const any = tables.map(({ name }) => `SELECT '${name}' AS name FROM ${name} t WHERE t::text ILIKE $1`)
  const rows = await support.asOwner<{ name: string }>(any.join(' UNION '), [`%${word}%`])
  const folder = support.settings.filesDir
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => `${path}${readFileSync(path, 'latin1')}`.toLowerCase().includes(word))
  return [...rows.map(({ name }) => name), ...files.map(() => 'file')].toSorted()
}

const counts = () =>
  support.asOwner(
    `SELECT 'ticket' AS kind, status || priority || channel || tags::text || coalesce(category, '') AS facts, count(*) FROM ticket WHERE tenant_id = $1 GROUP BY 2
    UNION ALL SELECT 'message', from_agent::text, count(*) FROM message WHERE tenant_id = $1 GROUP BY 2
    UNION ALL SELECT 'satisfaction', score::text, count(*) FROM satisfaction WHERE tenant_id = $1 GROUP BY 2
    UNION ALL SELECT 'draft', outcome || intent, count(*) FROM draft_use WHERE tenant_id = $1 GROUP BY 2
    UNION ALL SELECT 'decision', field, count(*) FROM decision WHERE tenant_id = $1 GROUP BY 2
    UNION ALL SELECT 'customer', '', count(*) FROM customer WHERE tenant_id = $1 ORDER BY 1, 2`,
    [tenant.id],
  )
const reported = async () => {
  const query = `query ($from: DateTime!, $to: DateTime!) { supportMetrics(from: $from, to: $to) { created closed reopened
    medianFirstResponseSeconds slaAttainment { metric achieved breached } satisfaction { answered average }
    series { date created closed } byAgent { replied closed } byChannel { channel count }
    draftFunnel { total { eligible shown inserted sentEdited } byIntent { intent } } } }`
  const { data, errors } = await ask(query, { from: '2026-11-20T00:00:00Z', to: '2026-11-23T00:00:00Z' })
  expect(errors).toEqual([])
  return data
}
const verify = () =>
  verifyLog(support.database.systemPool, { tenantId: tenant.id, links: support.links, now: support.clock.now() })

describe('erasing a person', () => {
  it('leaves no trace in any table or file, all counts, and a log that holds; nobody else loses anything', async () => {
    await mark('finch')
    const { customer, ticket } = await mark('canary')
    expect(await traces('canary')).toEqual(
      expect.arrayContaining(['audit_entry', 'customer', 'event_log', 'file', 'message', 'outbox', 'webhook_delivery']),
    )
    const [before, others, report] = [await counts(), await traces('finch'), await reported()]
    expect(report).toMatchObject({ supportMetrics: { reopened: 2, satisfaction: { answered: 2 } } })
    const breached = expect.objectContaining({ metric: 'FIRST_RESPONSE', breached: 2 })
    expect(report).toMatchObject({ supportMetrics: { slaAttainment: expect.arrayContaining([breached]) } })

    expect(await erase(customer.id)).toEqual({ deletedId: customer.id, userErrors: [] })
    expect(await traces('canary')).toEqual([])
    await support.module.sequence()
    expect([await traces('canary'), await verify()]).toEqual([[], null])
    expect(await traces('finch')).toEqual(others)
    expect([await counts(), await reported()]).toEqual([before, report])

    const shown = `query ($id: ID!) { customer(id: $id) { id name email tickets { nodes { id subject messages { nodes { content } } } } } }`
    const { data, errors } = await ask<{ customer: { tickets: { nodes: { messages: { nodes: object[] } }[] } } }>(
      shown,
      {
        id: customer.id,
      },
    )
    expect(errors).toEqual([])
    expect(data?.customer).toMatchObject({ id: customer.id, name: 'Erased customer', email: null })
    expect(data?.customer.tickets.nodes).toMatchObject([{ id: ticket.id, subject: 'Erased' }])
    expect(data?.customer.tickets.nodes[0]?.messages.nodes.every((one) => 'content' in one && one.content === '')).toBe(
      true,
    )
    expect(await db().message.count({ where: { nextAttemptAt: { not: null }, ticketId: ticket.id } })).toBe(0)
  })

  it('is told to Intelligence and to the audit trail once, however often it is asked for', async () => {
    const { id } = await support.aCustomer(tenant, { name: 'Ada' })
    expect(await erase(id)).toEqual({ deletedId: id, userErrors: [] })
    expect(await erase(id)).toEqual({ deletedId: id, userErrors: [] })
    await support.module.sequence()
    const { events } = await support.module.feed.pull({ after: null, topics: ['customer.erased'], limit: 1_000 })
    const own = events.filter(({ tenantId }) => tenantId === tenant.id)
    expect(own.map(({ payload }) => payload)).toEqual([{ customerId: id }])
    const entries = await db().auditEntry.findMany({ where: { subjectId: id, action: { startsWith: 'customer.' } } })
    expect(entries.filter(({ action }) => action === 'customer.erased')).toMatchObject([{ changes: [] }])
    const made = entries.find(({ action }) => action === 'customer.created')
    expect(made?.changes).toContainEqual({ field: 'name', from: null, to: null })
  })

  it('is for admins, and needs a customer', async () => {
    const { id } = await support.aCustomer(tenant)
    const manager = await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' }))
    expect((await erase(id, manager)).userErrors).toEqual(refusal('FORBIDDEN'))
    expect((await erase(newId())).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    expect((await erase('x')).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    const theirs = await support.aCustomer(await support.aTenant())
    expect((await erase(theirs.id)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    expect(await db().customer.findFirst({ where: { tenantId: tenant.id, id } })).toMatchObject({ erasedAt: null })
  })

  it('keeps a file that is on somebody else’s message too', async () => {
    const [mine, theirs] = [await support.aTicket(tenant), await support.aTicket(tenant)]
    const file = [
      { fileName: 'terms.png', contentType: 'image/png', bytes: Buffer.concat([png, Buffer.from('terms')]) },
    ]
    const { database, settings, clock } = support
    const [attachmentId = ''] = await database.transact(tenant.id, (tx) =>
      keepFiles(tx, tenant.id, file, clock.now(), { settings }),
    )
    for (const ticket of [mine, theirs]) {
      const { id: messageId } = await support.aMessage(ticket)
      await db().messageAttachment.create({ data: { tenantId: tenant.id, messageId, attachmentId } })
    }
    await erase(mine.customerId)
    expect([await db().messageAttachment.count(), await traces('terms')]).toEqual([1, ['attachment', 'file']])
    await erase(theirs.customerId)
    expect([await db().messageAttachment.count(), await traces('terms')]).toEqual([0, []])
  })

  it('lets nobody open a ticket for who was erased, also at the same moment', async () => {
    const { id: customerId } = await support.aCustomer(tenant)
    const input = { customerId, subject: 'Late', channel: 'EMAIL', initialMessage: 'secret' }
    const open = () =>
      ask(
        `mutation ($input: CreateTicketInput!) { createTicket(input: $input) { ticket { id } userErrors { code path } } }`,
        { input },
      )
    for (let n = 0; n < 5; n += 1) await Promise.all([open(), n === 2 ? erase(customerId) : null])
    expect((await open()).data).toEqual({
      createTicket: { ticket: null, userErrors: refusal('CONFLICT', 'input', 'customerId') },
    })
    expect(await db().message.count({ where: { tenantId: tenant.id, content: 'secret' } })).toBe(0)
  })

  it('makes a new customer of who writes again, also in answer to an old mail', async () => {
    const customer = await support.aCustomer(tenant, { email: 'eve@mail.example' })
    const ticket = await support.aTicket(tenant, { customerId: customer.id })
    const ours = await support.aMessage(ticket)
    const arrived: Arrived = {
      ...{
        channel: 'EMAIL',
        externalId: '<again@mail.example>',
        subject: `Re: #${ticket.number}`,
        content: 'Hi again',
      },
      ...{ sender: { kind: 'email', value: 'eve@mail.example', name: 'Eve' }, html: null, files: [], leftOut: 0 },
      ...{ automatic: null, addressed: [], references: [messageIdOf(ours.id, mailDomain(support.settings))] },
    }
    const take = async (externalId: string) => {
      const { messageId } = await takeIn(support, tenant, { ...arrived, externalId }, support.clock.now())
      return (await db().message.findFirst({ where: { id: messageId! }, include: { ticket: true } }))!.ticket
    }
    expect((await take('<before@mail.example>')).id).toBe(ticket.id)
    await erase(customer.id)
    const { id, customerId } = await take('<after@mail.example>')
    expect(id).not.toBe(ticket.id)
    expect(customerId).not.toBe(customer.id)
  })

  it('is not undone by a reference that still leads to the old id: who comes back is somebody new', async () => {
    const now = support.clock.now()
    const externalRefs = [{ source: 'shop', id: '77' }]
    const customer = await support.aCustomer(tenant, { externalRefs })
    await erase(customer.id)
    const refs = [{ source: 'shop', externalId: '77' }]
    const event = { eventId: newId(), tenantId: tenant.id, type: 'customer.seen' as const, occurredAt: now }
    await support.database.system.$transaction((tx) =>
      recordSeenCustomers(tx, [{ ...event, payload: { customerId: customer.id, refs } }]),
    )
    const ticket = {
      id: newId(),
      subject: 'S',
      channel: 'EMAIL',
      createdAt: now,
      customer: { source: 'shop', externalId: '77' },
    }
    const imported = await support.database.transact(tenant.id, (tx) => importTickets(tx, tenant.id, [ticket], now))
    expect(imported).toMatchObject({ accepted: 0, userErrors: [{ code: 'NOT_FOUND', path: ['0', 'customer'] }] })
    expect(await db().customerRef.count()).toBe(0)
    const again = await support.aCustomer(tenant, { externalRefs })
    expect(again.id).not.toBe(customer.id)
    expect(await db().customerRef.findMany()).toMatchObject([{ customerId: again.id }])
  })

  it('is not undone by a change that comes while it happens', async () => {
    const { id } = await support.aCustomer(tenant)
    const update = `mutation ($id: ID!) { updateCustomer(input: { id: $id, name: "Rosalind" }) { userErrors { code path } } }`
    const { settings, clock, database } = support
    const bytes = { store: createFileStore(settings), filesDir: settings.filesDir }
    const { answer } = await database.transact(tenant.id, async (tx) => {
      await eraseCustomer(tx, serviceOf(tenant.id), { id }, clock.now(), bytes)
      const answer = ask(update, { id })
      await someoneWaits(tx)
      return { answer }
    })
    expect((await answer).data).toEqual({ updateCustomer: { userErrors: refusal('CONFLICT', 'input', 'id') } })
    expect(await traces('rosalind')).toEqual([])
  })

  it('is not undone by an import that still has the person', async () => {
    const externalRefs = [{ source: 'shop', id: '9' }]
    const record = { name: 'Quentina', externalRefs }
    const bring = (records: (typeof record)[]) =>
      support.database.transact(tenant.id, (tx) => importCustomers(tx, tenant.id, records, support.clock.now()))
    await bring([record])
    const { customerId } = await db().customerRef.findFirstOrThrow({ where: { tenantId: tenant.id } })
    await erase(customerId)
    const other = { name: 'Mia', externalRefs: [{ source: 'shop', id: '10' }] }
    expect(await bring([record, other])).toMatchObject({ accepted: 1, updated: 0, userErrors: [{ code: 'CONFLICT' }] })
    expect(await traces('quentina')).toEqual([])
  })
})
