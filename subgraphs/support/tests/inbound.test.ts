import { createHttp } from '@quimbi/service/http.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Tenant, Ticket } from '../generated/prisma/client.ts'
import { messageIdOf, replyAddress } from '../src/channels/addresses.ts'
import { settle } from '../src/channels/deliveries.ts'
import { takeInMail } from '../src/channels/inbound.ts'
import { parseMail } from '../src/channels/parse-mail.ts'
import { openSupport, start, type TestSupport } from './kit.ts'

const inboundToken = 'the token of the inbound door'
const mailFrom = 'support@shop.example'

let support: TestSupport
let http: ReturnType<typeof createHttp>
let tenant: Tenant

async function serve(of: TestSupport) {
  const made = createHttp({
    ...{ service: 'support', log: of.log, metrics: createMetrics('support') },
    readiness: async () => ({}),
  })
  if (of.module.routes) await made.app.register(of.module.routes)
  await made.app.ready()
  return made
}

beforeAll(async () => {
  support = await openSupport({ settings: { mailFrom, inboundToken } })
  http = await serve(support)
})
afterAll(async () => {
  await http.drain()
  await support.close()
})
beforeEach(async () => {
  support.clock.set(start)
  tenant = await support.aTenant()
})

type Answer = { status: number; outcome?: string; messageId?: string | null; code?: unknown }

async function post(
  path: string,
  payload: string | Buffer | object,
  { type = 'message/rfc822', token = inboundToken, server = http } = {},
): Promise<Answer> {
  const headers = { 'content-type': type, authorization: `Bearer ${token}` }
  const response = await server.app.inject({ method: 'POST', url: path, headers, payload })
  const body = response.body === '' ? {} : response.json()
  return { status: response.statusCode, ...body, code: body.errors?.[0]?.extensions?.code }
}

let sent = 0
function aMail(headers: Record<string, string> = {}, body = 'Where is my order?'): string {
  sent += 1
  const all = {
    From: 'Mia <mia@mail.example>',
    To: mailFrom,
    Subject: 'My order',
    'Message-ID': `<m${sent}@mail.example>`,
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  }
  return `${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${body}`
}

const mail = (raw: string | Buffer) => post(`/inbound/${tenant.slug}/email`, raw)
const say = (channel: string, body: object) =>
  post(`/inbound/${tenant.slug}/${channel}`, body, { type: 'application/json' })

const db = () => support.database.forTenant(tenant.id)
const messageOf = ({ messageId }: Answer): Promise<Message & { ticket: Ticket }> =>
  db().message.findFirstOrThrow({ where: { tenantId: tenant.id, id: messageId ?? '' }, include: { ticket: true } })
const counts = async () => [
  await db().customer.count({ where: { tenantId: tenant.id } }),
  await db().ticket.count({ where: { tenantId: tenant.id } }),
]

describe('the door', () => {
  it('is for those with the token, of a tenant and a channel that there are', async () => {
    expect(await post(`/inbound/${tenant.slug}/email`, aMail(), { token: 'another' })).toMatchObject({
      ...{ status: 401, code: 'UNAUTHENTICATED' },
    })
    expect(await post('/inbound/nobody/email', aMail())).toMatchObject({ status: 404 })
    expect(await post('/inbound/NO%20SLUG/email', aMail())).toMatchObject({ status: 404 })
    expect(await post(`/inbound/${tenant.slug}/pigeon`, aMail())).toMatchObject({ status: 404 })
    expect(await counts()).toEqual([0, 0])
  })

  it('is closed without a token', async () => {
    const other = await openSupport({ settings: { mailFrom } })
    const closed = await serve(other)
    const { slug } = await other.aTenant()
    expect(await post(`/inbound/${slug}/email`, aMail(), { server: closed, token: 'undefined' })).toMatchObject({
      status: 404,
    })
    await closed.drain()
    await other.close()
  })

  it('refuses what it cannot read, with a code', async () => {
    expect(await mail('')).toMatchObject({ status: 400 })
    expect(await post(`/inbound/${tenant.slug}/email`, { from: 'x' }, { type: 'application/json' })).toMatchObject({
      ...{ status: 400, code: 'BAD_USER_INPUT' },
    })
    expect(await post(`/inbound/${tenant.slug}/sms`, aMail())).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
    expect(await say('sms', { from: '+331234567' })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
    expect(await say('sms', { from: '+331234567', text: '\u0000 ', externalId: '1' })).toMatchObject({ status: 400 })
    expect(await post(`/inbound/${tenant.slug}/email`, 'x', { type: 'text/plain' })).toMatchObject({ status: 415 })
    expect(await mail(Buffer.alloc(30 * 1024 * 1024, 'a'))).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' })
    const levels = Array.from(
      { length: 1_000 },
      (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n`,
    )
    const deep = aMail({ 'Content-Type': 'multipart/mixed; boundary=b0' }, levels.join('\r\n'))
    expect(await mail(deep)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
    expect(await counts()).toEqual([0, 0])
  })
})

describe('a first mail', () => {
  it('makes a customer and a ticket; the same mail again changes nothing', async () => {
    const raw = aMail({ Subject: '=?utf-8?q?a=0D=0ABcc:_x@y.z?=' })
    const answer = await mail(raw)
    expect(answer).toMatchObject({ status: 202, outcome: 'RECEIVED' })
    const message = await messageOf(answer)
    expect(message).toMatchObject({
      ...{ fromAgent: false, authorName: 'Mia', authorEmail: 'mia@mail.example', channel: 'EMAIL' },
      ...{ content: 'Where is my order?', isAutomatic: false, createdAt: start },
    })
    expect(message.ticket.subject).toBe('a Bcc: x@y.z')
    expect((await mail(raw)).messageId).toBe(answer.messageId)
    expect(await counts()).toEqual([1, 1])
  })

  it('that comes many times at once, and two of one sender at once, make one customer and one ticket', async () => {
    const [raw, other] = [aMail(), aMail()]
    const answers = await Promise.all([raw, raw, raw, other, raw, other].map(mail))
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(2)
    expect(await counts()).toEqual([1, 1])
  })

  it('is a known customer’s by address, whatever its case', async () => {
    const customer = await support.aCustomer(tenant, { email: 'mia@mail.example' })
    const message = await messageOf(await mail(aMail({ From: 'MIA@Mail.Example' })))
    expect(message.ticket.customerId).toBe(customer.id)
  })

  it('with markup and files has them cleaned, and says what was left out', async () => {
    const body = [
      '--b',
      'Content-Type: text/html',
      '',
      '<p>See <b>this</b><img src="http://spy.example/x.gif"><script>alert(1)</script></p>',
      '--b',
      'Content-Type: text/plain; name="note.txt"',
      'Content-Disposition: attachment; filename="../../note.txt"',
      '',
      'a note',
      '--b',
      'Content-Type: application/x-msdownload; name="virus.exe"',
      'Content-Disposition: attachment; filename="virus.exe"',
      '',
      'MZ',
      '--b--',
    ].join('\r\n')
    const message = await messageOf(await mail(aMail({ 'Content-Type': 'multipart/mixed; boundary=b' }, body)))
    expect(message.content).toBe('See this\n\n[1 file was left out]')
    expect(message.contentHtml).toContain('<b>this</b>')
    expect(message.contentHtml).not.toMatch(/script|img|spy/)
    const where = { tenantId: tenant.id, messageId: message.id }
    const files = await db().messageAttachment.findMany({ where, include: { attachment: true } })
    expect(files.map(({ attachment }) => attachment.fileName)).toEqual(['note.txt'])
  })
})

describe('an answer', () => {
  let ticket: Ticket
  beforeEach(async () => {
    const customer = await support.aCustomer(tenant, { email: 'mia@mail.example' })
    ticket = await support.aTicket(tenant, { customerId: customer.id })
    // Newer: what is not told apart lands here.
    support.clock.advance(1_000)
    await support.aTicket(tenant, { customerId: customer.id })
  })
  const placed = async (raw: string) => (await messageOf(await mail(raw))).ticketId

  it('to the sealed address lands on its ticket, from whomever it comes; a forged one does not', async () => {
    const to = replyAddress(mailFrom, { tenantId: tenant.id, number: ticket.number }, inboundToken)
    expect(await placed(aMail({ To: to.toUpperCase(), From: 'friend@mail.example' }))).toBe(ticket.id)
    expect(await placed(aMail({ To: to, Subject: 'again' }))).toBe(ticket.id)
    const forged = replyAddress(mailFrom, { tenantId: tenant.id, number: ticket.number }, 'a guess')
    expect(await placed(aMail({ To: forged, From: 'thief@mail.example' }))).not.toBe(ticket.id)
  })

  it('to a message of ours, or to one of theirs, lands beside it', async () => {
    const ours = await support.aMessage(ticket, { channel: 'EMAIL', deliveryStatus: 'SENT' })
    const answer = await messageOf(await mail(aMail({ 'In-Reply-To': messageIdOf(ours.id, 'shop.example') })))
    expect(answer).toMatchObject({ ticketId: ticket.id, inReplyToId: ours.id })
    const next = aMail({ References: `<gone@x.example> ${answer.externalId}`, From: 'friend@mail.example' })
    expect(await placed(next)).toBe(ticket.id)
  })

  it('with a number in its subject lands there only if the ticket is its sender’s', async () => {
    expect(await placed(aMail({ Subject: `Re: x [#${ticket.number}]` }))).toBe(ticket.id)
    expect(await placed(aMail({ Subject: `#${ticket.number}`, From: 'thief@mail.example' }))).not.toBe(ticket.id)
    expect(await placed(aMail({ Subject: '#999999999 and #0' }))).not.toBe(ticket.id)
  })

  it('does not reach another tenant’s ticket', async () => {
    const home = tenant
    const to = replyAddress(mailFrom, { tenantId: home.id, number: ticket.number }, inboundToken)
    const ours = await support.aMessage(ticket, { channel: 'EMAIL', deliveryStatus: 'SENT' })
    tenant = await support.aTenant()
    const placedAt = await placed(aMail({ To: to, 'In-Reply-To': messageIdOf(ours.id, 'shop.example') }))
    expect(await db().ticket.count({ where: { tenantId: tenant.id, id: placedAt } })).toBe(1)
  })

  it('of a machine is recorded, and reopens nothing; of a person it reopens', async () => {
    const where = { tenantId: tenant.id, id: ticket.id }
    await db().ticket.updateMany({ where, data: { status: 'CLOSED', closedAt: start } })
    const subject = `Out of office [#${ticket.number}]`
    const automatic = await messageOf(await mail(aMail({ Subject: subject, 'Auto-Submitted': 'auto-replied' })))
    expect(automatic).toMatchObject({ isAutomatic: true, ticketId: ticket.id, ticket: { status: 'CLOSED' } })
    const person = await messageOf(await mail(aMail({ Subject: subject })))
    expect(person.ticket.status).toBe('OPEN')
  })
})

describe('loops and bounces', () => {
  const sending = { channel: 'EMAIL', deliveryStatus: 'SENT', attempts: 1 }
  const ownId = ({ id }: { id: string }) => messageIdOf(id, 'shop.example')
  const report = (action: string, returned: string[]) =>
    aMail(
      {
        From: 'MAILER-DAEMON@mx.example',
        'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b',
      },
      [
        ...['--b', 'Content-Type: text/plain', '', 'Sorry.', '--b', 'Content-Type: message/delivery-status', ''],
        ...['Reporting-MTA: dns; mx.example', '', 'Final-Recipient: rfc822; mia@mail.example', `Action: ${action}`],
        ...['Status: 5.1.1', 'Diagnostic-Code: smtp; 550 no such mailbox'],
        ...['--b', 'Content-Type: text/rfc822-headers', '', ...returned, 'Subject: x', '--b--'],
      ].join('\r\n'),
    )

  it('of our own mail, and of machines that we do not know, end here', async () => {
    const ticket = await support.aTicket(tenant)
    const ours = await support.aMessage(ticket, { channel: 'EMAIL', deliveryStatus: 'SENT' })
    const before = await counts()
    for (const raw of [
      aMail({ From: `Shop <${mailFrom}>` }),
      aMail({ From: replyAddress(mailFrom, { tenantId: tenant.id, number: 1 }, inboundToken) }),
      aMail({ 'Message-ID': messageIdOf(ours.id, 'shop.example') }),
      aMail({ From: 'MAILER-DAEMON@mx.example' }),
      aMail({ From: 'robot@mail.example', 'Auto-Submitted': 'auto-replied' }),
      aMail({ From: 'no address', Subject: 'x' }),
    ])
      expect(await mail(raw)).toMatchObject({ status: 202, outcome: 'IGNORED', messageId: null })
    expect(await counts()).toEqual(before)
  })

  it('a report of a failed delivery makes the message FAILED, and tells its ticket, once', async () => {
    const ticket = await support.aTicket(tenant)
    const ours = await support.aMessage(ticket, sending)
    const returned = [`Message-ID: ${ownId(ours)}`]
    const read = () => db().message.findFirstOrThrow({ where: { tenantId: tenant.id, id: ours.id } })
    await mail(report('delayed', returned))
    expect((await read()).deliveryStatus).toBe('SENT')
    expect(await mail(report('failed', returned))).toMatchObject({ outcome: 'BOUNCED', messageId: ours.id })
    await mail(report('failed', returned))
    expect(await read()).toMatchObject({
      deliveryStatus: 'FAILED',
      lastError: expect.stringContaining('550 no such mailbox'),
    })
    await support.module.sequence()
    const where = { tenantId: tenant.id, ticketId: ticket.id, type: 'DELIVERY_FAILED' }
    expect(await db().loggedEvent.count({ where })).toBe(1)
  })

  it('a report is about the message that came back, not about those that it answered', async () => {
    const ticket = await support.aTicket(tenant)
    const messages = await Promise.all([1, 2, 3].map(() => support.aMessage(ticket, sending)))
    const [first, , last] = messages.toSorted((a, b) => (a.id < b.id ? -1 : 1)) as [Message, Message, Message]
    const thread = `References: ${messages.map(ownId).join(' ')} <c@mail.example>`
    const named = [thread, 'In-Reply-To: <c@mail.example>', `message-id:\r\n ${ownId(last)}`]
    expect(await mail(report('failed', named))).toMatchObject({ outcome: 'BOUNCED', messageId: last.id })
    const unnamed = [`References: ${ownId(last)} ${ownId(first)}`]
    expect(await mail(report('failed', unnamed))).toMatchObject({ outcome: 'BOUNCED', messageId: first.id })
  })

  it('a report that is faster than the acknowledgement is not lost', async () => {
    const ours = await support.aMessage(await support.aTicket(tenant), { ...sending, deliveryStatus: 'SENDING' })
    const { database, clock, log } = support
    const facts = { state: { status: 'SENDING', attempts: 1 } as const, now: start, chance: 0 }
    // Acknowledged after the report's message was read, before it is written.
    const late: typeof database.transact = async (tenantId, run) => {
      await settle(database, ours, { kind: 'acknowledged', externalId: ownId(ours) }, facts)
      return database.transact(tenantId, run)
    }
    const options = { database: { ...database, transact: late }, clock, log, settings: support.settings }
    const returned = await parseMail(Buffer.from(report('failed', [`Message-ID: ${ownId(ours)}`])))
    expect(await takeInMail(options, tenant, returned, start)).toEqual({ outcome: 'BOUNCED', messageId: ours.id })
    const where = { tenantId: tenant.id, id: ours.id }
    expect(await db().message.findFirst({ where })).toMatchObject({ deliveryStatus: 'FAILED', sentAt: start })
  })

  it('more than ten messages of one sender in ten minutes open no more tickets', async () => {
    const ticket = await support.aTicket(tenant)
    for (let n = 0; n < 10; n += 1)
      await support.aMessage(ticket, { fromAgent: false, authorEmail: 'flood@mail.example' })
    const before = await counts()
    expect(await mail(aMail({ From: 'flood@mail.example' }))).toMatchObject({ status: 202, outcome: 'IGNORED' })
    expect(await counts()).toEqual(before)
    expect(await mail(aMail({ From: 'flood@mail.example', Subject: `#${ticket.number}` }))).toMatchObject({
      outcome: 'IGNORED',
    })
    support.clock.advance(600_000)
    expect(await mail(aMail({ From: 'flood@mail.example' }))).toMatchObject({ outcome: 'RECEIVED' })
  })
})

describe('what is very long', () => {
  const long = (letters: number) =>
    Array.from({ length: letters }, (_, n) => String.fromCodePoint(0x4e_00 + ((n * 7_919) % 20_000))).join('')

  it('is an id of a thousand characters, none of them a letter of ours; again it is the same', async () => {
    const said = { from: '+331234567', text: 'x', externalId: long(1_000) }
    const first = await say('sms', said)
    expect(first).toMatchObject({ status: 202, outcome: 'RECEIVED' })
    expect((await say('sms', said)).messageId).toBe(first.messageId)
  })

  it('is an address without a name', async () => {
    const address = `${'x'.repeat(64)}@${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(50)}.example`
    expect(await mail(aMail({ From: address }))).toMatchObject({ status: 202, outcome: 'RECEIVED' })
    expect(await db().customer.count({ where: { tenantId: tenant.id, email: address } })).toBe(1)
  })
})

describe('another channel', () => {
  it('brings a text from a telephone, a chat or a form, once', async () => {
    const sms = { from: '+33 1 23 45 67', text: 'Where is it?\u0007', externalId: 'sms-1' }
    const first = await say('sms', sms)
    expect(await messageOf(first)).toMatchObject({ content: 'Where is it?', channel: 'SMS', externalId: 'sms-1' })
    expect((await say('sms', sms)).messageId).toBe(first.messageId)
    const phone = await db().customer.findFirst({ where: { tenantId: tenant.id, phone: '+331234567' } })
    expect(phone).not.toBeNull()

    const chats = await Promise.all(
      ['1', '2', '3'].map((id) => say('chat', { from: 'visitor 7', text: `t${id}`, externalId: id })),
    )
    expect(new Set((await Promise.all(chats.map(messageOf))).map(({ ticketId }) => ticketId)).size).toBe(1)

    const form = await messageOf(
      await say('form', { from: 'Mia@mail.example', name: 'Mia', text: 'x', externalId: 'f1', subject: 'Return' }),
    )
    expect(form).toMatchObject({
      authorName: 'Mia',
      authorEmail: 'mia@mail.example',
      ticket: { subject: 'Return', channel: 'FORM' },
    })
  })
})
