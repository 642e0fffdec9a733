import { createHttp, type HttpServer } from '@quimbi/service/http.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { keepFiles } from '../src/attachments/keep.ts'
import { createFileStore } from '../src/attachments/store.ts'
import { exportCustomerData, purgeExports } from '../src/privacy/export.ts'
import type { PersonSource } from '../src/privacy/person.ts'
import { purgeSaid } from '../src/privacy/retention.ts'
import { openSupport, refusal, serviceOf, start, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
let http: HttpServer
let tenant: Tenant
let ask: Ask
let ticket: Ticket

beforeAll(async () => {
  support = await openSupport()
  const { log } = support
  http = createHttp({ service: 'support', log, metrics: createMetrics('support'), readiness: async () => ({}) })
  await http.app.register(support.module.routes!)
})
afterAll(async () => {
  await http.drain()
  await support.close()
})
beforeEach(async () => {
  support.clock.set(start)
  tenant = await support.aTenant()
  ask = await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' }))
  const customer = await support.aCustomer(tenant, { name: 'Ada', externalRefs: [{ source: 'shop', id: '7' }] })
  ticket = await support.aTicket(tenant, { customerId: customer.id, subject: 'My lamp', initialMessage: 'It broke.' })
})

const db = () => support.database.forTenant(tenant.id)
type Exporting = { exportCustomerData: { url: string | null; expiresAt: string | null; userErrors: unknown[] } }
const exporting = `mutation ($id: ID!) { exportCustomerData(input: { id: $id }) { url expiresAt userErrors { code path } } }`
async function exported(id: string, as = ask) {
  const { data, errors } = await as<Exporting>(exporting, { id })
  expect(errors).toEqual([])
  return data!.exportCustomerData
}
const get = (url: string) => http.app.inject({ method: 'GET', url: url.replace('http://support.example', '') })
const dayMs = 86_400_000

describe('an export of a person', () => {
  it('holds everything, for whoever has the link, and says who asked and that it was read', async () => {
    const { tenantId, id: ticketId } = ticket
    const { email: authorEmail } = await db().customer.findFirstOrThrow({ where: { id: ticket.customerId } })
    const foreign = await support.aTicket(tenant, { subject: 'Somebody else’s' })
    const mine = await support.aMessage(foreign, {
      fromAgent: false,
      authorEmail: authorEmail!.toUpperCase(),
      content: 'Me too',
    })
    await db().note.create({
      data: { tenantId, id: ticketId, ticketId, author: {}, content: 'Be kind', createdAt: start },
    })
    await db().satisfaction.create({ data: { tenantId, ticketId, score: 5, comment: 'Great', answeredAt: start } })
    await support.aMessage(ticket, { content: 'Never mind', deletedAt: start })
    await support.module.sequence()
    const { url, expiresAt, userErrors } = await exported(ticket.customerId)
    expect([userErrors, expiresAt]).toEqual([[], '2026-11-22T10:00:00.000Z'])

    const answer = await get(url!)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ 'cache-control': 'private, no-store' })
    expect(answer.headers['content-disposition']).toContain(`customer-${ticket.customerId}.json`)
    const told = answer.json()
    expect(told).toMatchObject({
      customer: { id: ticket.customerId, name: 'Ada', externalRefs: [{ source: 'shop', id: '7' }] },
      tickets: [
        {
          ...{ subject: 'My lamp', notes: [{ content: 'Be kind' }], satisfaction: { score: 5, comment: 'Great' } },
          messages: [{ content: 'It broke.' }],
        },
      ],
      saidElsewhere: [{ id: mine.id, ticketId: foreign.id, content: 'Me too' }],
      intelligence: 'not available in this installation',
    })
    expect(answer.body).not.toContain('Somebody else’s')
    expect(told.events.map(({ type }: { type: string }) => type)).toContain('TICKET_CREATED')
    expect(told.audit.map(({ action }: { action: string }) => action)).toContain('customer.created')
    const entries = await db().auditEntry.findMany({ where: { subjectId: ticket.customerId }, orderBy: { id: 'asc' } })
    expect(entries.map(({ action }) => action).slice(-2)).toEqual(['customer.exported', 'customer.export_downloaded'])
  })

  it('ends after a day, and with the person', async () => {
    const { url } = await exported(ticket.customerId)
    expect((await get(`${url!.slice(0, -4)}AAAA`)).statusCode).toBe(403)
    const other = await exported((await support.aCustomer(tenant)).id)
    await db().dataExport.updateMany({ where: { customerId: { not: ticket.customerId } }, data: { content: null } })
    expect((await get(other.url!)).statusCode).toBe(404)
    support.clock.advance(dayMs - 1_000)
    expect((await get(url!)).statusCode).toBe(200)
    expect(await purgeExports(support.database.system, support.clock.now())).toBe(0)
    support.clock.advance(2_000)
    expect((await get(url!)).statusCode).toBe(403)
    expect(await purgeExports(support.database.system, support.clock.now())).toBeGreaterThanOrEqual(2)
    expect(await db().dataExport.count()).toBe(0)
  })

  it('has Intelligence’s part where there is a source, and fails whole without its answer', async () => {
    const { database, links, clock } = support
    const of = (person: PersonSource) =>
      exportCustomerData(
        serviceOf(tenant.id),
        { id: ticket.customerId },
        {
          ...{ db: db(), transact: (run) => database.transact(tenant.id, run), clock, realClock: clock, links, person },
          publicUrl: 'http://support.example',
        },
      )
    const { url } = await of(async (tenantId, customerId) => ({ tenantId, customerId, orders: 3 }))
    const part = { tenantId: tenant.id, customerId: ticket.customerId, orders: 3 }
    expect((await get(url)).json().intelligence).toEqual(part)
    await expect(of(() => Promise.reject(new Error('away')))).rejects.toThrow('Intelligence did not answer')
    expect(await db().dataExport.count()).toBe(1)
  })

  it('is for managers, and of a person who is known and not erased', async () => {
    const lead = await support.asAgent(await support.anAgent(tenant, { role: 'TEAM_LEAD' }))
    expect((await exported(ticket.customerId, lead)).userErrors).toEqual(refusal('FORBIDDEN'))
    expect((await exported(ticket.id)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    await db().customer.updateMany({ where: { id: ticket.customerId }, data: { erasedAt: start } })
    expect((await exported(ticket.customerId)).userErrors).toEqual(refusal('CONFLICT', 'input', 'id'))
  })
})

describe('retention of messages', () => {
  it('empties what was said on tickets that have been closed long enough, in batches, and their files', async () => {
    const { database, settings, clock } = support
    const bytes = { store: createFileStore(settings), filesDir: settings.filesDir }
    const folder = join(settings.filesDir, 'attachments', tenant.id)
    const files = () =>
      existsSync(folder)
        ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
        : []
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')
    const file = [{ fileName: 'x.png', contentType: 'image/png', bytes: png }]
    const resolved = { resolution: 'It was replaced.' }
    const closed = await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start, ...resolved })
    await db().ticket.updateMany({ where: { id: ticket.id }, data: resolved })
    const resolutions = async () =>
      (await db().ticket.findMany({ orderBy: { number: 'asc' } })).map(({ resolution }) => resolution)
    const [attachmentId = ''] = await database.transact(tenant.id, (tx) =>
      keepFiles(tx, tenant.id, file, start, { settings }),
    )
    const said = await support.aMessage(closed, { contentHtml: '<p>x</p>' })
    await db().messageAttachment.create({ data: { tenantId: tenant.id, messageId: said.id, attachmentId } })
    await database.system.tenant.updateMany({ where: { id: tenant.id }, data: { messageRetentionDays: 30 } })
    const purge = (batch?: number) => purgeSaid(database, bytes, clock.now(), batch)

    clock.advance(30 * dayMs)
    expect([await purge(), files().length]).toEqual([0, 1])
    expect(await resolutions()).toEqual(['It was replaced.', 'It was replaced.'])
    clock.advance(1)
    expect([await purge(1), files().length]).toEqual([2, 0])
    expect(await resolutions()).toEqual(['It was replaced.', null])
    // Also of one whose messages went before.
    await db().ticket.updateMany({ where: { id: closed.id }, data: resolved })
    expect(await purge()).toBe(0)
    expect(await resolutions()).toEqual(['It was replaced.', null])
    const messages = await db().message.findMany({ where: { ticketId: closed.id } })
    expect(messages).toMatchObject([
      { content: '', contentHtml: null },
      { content: '', contentHtml: null, authorName: 'Team' },
    ])
    const open = await db().message.findFirst({ where: { ticketId: ticket.id } })
    expect(open?.content).toBe('It broke.')
    expect(await db().attachment.count()).toBe(0)
  })
})
