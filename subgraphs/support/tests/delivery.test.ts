import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@quimbi/database/ids.ts'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Prisma, Tenant, Ticket } from '../generated/prisma/client.ts'
import { createFileStore } from '../src/attachments/store.ts'
import type { Channel, ChannelAdapter } from '../src/channels/adapter.ts'
import { NotDelivered } from '../src/channels/adapter.ts'
import { sealedTicket } from '../src/channels/addresses.ts'
import { createDeliverer, type DelivererOptions } from '../src/channels/deliverer.ts'
import { deliveryUnknown, leaseMs } from '../src/channels/delivery.ts'
import { maxPerRecipientAnHour, purgeFuses } from '../src/channels/fuse.ts'
import { headersOf, openSmtp } from './delivery-smtp.ts'
import { openSupport, start, type TestSupport } from './kit.ts'

const inboundToken = 'the token of the inbound door'
const mailFrom = 'support@shop.example'

let support: TestSupport
let smtp: Awaited<ReturnType<typeof openSmtp>>
let tenant: Tenant
let ticket: Ticket
let refused: ReadonlyMap<string, number>

beforeAll(async () => {
  smtp = await openSmtp({ refuseRecipient: (address) => refused.get(address) ?? null })
  support = await openSupport({ settings: { smtpUrl: smtp.url, mailFrom, inboundToken } })
})
afterAll(async () => {
  await support.close()
  await smtp.close()
})
beforeEach(async () => {
  refused = new Map()
  smtp.taken.length = 0
  support.clock.set(start)
  tenant = await support.aTenant()
  ticket = await support.aTicket(tenant)
})

/** A message that is due at once. */
const due = (on: Ticket, message: Partial<Prisma.MessageUncheckedCreateInput> = {}): Promise<Message> =>
  support.aMessage(on, {
    deliveryStatus: 'QUEUED',
    nextAttemptAt: support.clock.now(),
    recipient: 'mia@mail.example',
    channel: 'EMAIL',
    ...message,
  })

const read = ({ tenantId, id }: Message): Promise<Message> =>
  support.database.forTenant(tenantId).message.findFirstOrThrow({ where: { tenantId, id } })

/** What the ticket's log says of messages that did not arrive. */
async function failures({ tenantId, id: ticketId }: Ticket) {
  await support.module.sequence()
  const where = { tenantId, ticketId, type: 'DELIVERY_FAILED' }
  const rows = await support.database.forTenant(tenantId).loggedEvent.findMany({ where, orderBy: { sequence: 'asc' } })
  return rows.map(({ payload }) => payload as { messageId: string; reason: string; actor: unknown })
}

function deliverer(adapter: Omit<Partial<ChannelAdapter>, 'channel'>, options: Partial<DelivererOptions> = {}) {
  const one = {
    channel: 'EMAIL' as Channel,
    deliver: async () => ({ externalId: 'x' }),
    close: async () => {},
    ...adapter,
  }
  const files = { open: () => Promise.reject(new Error('no files here')) }
  return createDeliverer({ ...support, adapters: new Map([['EMAIL' as Channel, one]]), files, ...options })
}

describe('a message by e-mail', () => {
  it('goes out once, as a part of its conversation, and is SENT when the server has acknowledged it', async () => {
    await support.database.system.tenant.updateMany({
      where: { id: tenant.id },
      data: { brand: 'Röster & Söhne', signature: 'Your team\nMon–Fri' },
    })
    const asked = await support.aMessage(ticket, {
      fromAgent: false,
      channel: 'EMAIL',
      externalId: '<q1@mail.example>',
    })
    const message = await due(ticket, { inReplyToId: asked.id })
    await support.module.settle()
    await support.module.settle()

    expect(smtp.taken).toHaveLength(1)
    const [mail] = smtp.taken
    const headers = headersOf(mail?.raw ?? '')
    expect(mail).toMatchObject({ from: mailFrom, to: ['mia@mail.example'], messageId: `<${message.id}@shop.example>` })
    expect(headers.get('in-reply-to')).toBe('<q1@mail.example>')
    expect(headers.get('references')).toContain('<q1@mail.example>')
    expect(headers.get('auto-submitted')).toBe('no')
    expect(headers.get('subject')).toBe(`Re: ${ticket.subject} [#${ticket.number}]`)
    expect(headers.get('from')).toContain(`<${mailFrom}>`)
    const [, replyTo = ''] = /<(.*)>/.exec(headers.get('reply-to') ?? '') ?? []
    expect(sealedTicket([replyTo], tenant.id, inboundToken)).toBe(ticket.number)
    expect(mail?.raw).toContain('It is on its way.')
    expect(mail?.raw).toMatch(/-- ?(=20)?\r\nYour team/)
    expect(await read(message)).toMatchObject({
      ...{ deliveryStatus: 'SENT', attempts: 1, lastError: null, nextAttemptAt: null },
      externalId: `<${message.id}@shop.example>`,
      sentAt: start,
    })
  })

  it('ends with the signature once, also where its writer has ended it so', async () => {
    await support.database.system.tenant.updateMany({
      where: { id: tenant.id },
      data: { brand: 'Röster & Söhne', signature: 'Your team\nMon–Fri' },
    })
    await due(ticket, { content: 'It is on its way.\n\nBest wishes,\nYour team\nMon–Fri' })
    await support.module.settle()
    const { text = '' } = await PostalMime.parse(smtp.taken[0]?.raw ?? '')
    expect(text.split('Your team')).toHaveLength(2)
  })

  it('is taken together with others that are due, and each goes out once', async () => {
    const messages = await Promise.all(Array.from({ length: 6 }, () => due(ticket)))
    const taking = () => support.statements.filter((sql) => sql.includes("SET delivery_status = 'SENDING'")).length
    const before = taking()
    const delivered: string[] = []
    const four = deliverer({ deliver: async ({ id }) => (delivered.push(id), { externalId: id }) }, { concurrency: 4 })
    await four.drain?.()
    await four.stop()
    expect(delivered.toSorted()).toEqual(messages.map(({ id }) => id).toSorted())
    // Four, then the rest, then nothing.
    expect(taking() - before).toBeLessThanOrEqual(3)
  })

  it('waits until it is due', async () => {
    const message = await due(ticket, { deliveryStatus: 'HELD', nextAttemptAt: new Date(start.getTime() + 15_000) })
    await support.module.settle()
    expect(smtp.taken).toHaveLength(0)
    support.clock.advance(15_000)
    await support.module.settle()
    expect(smtp.taken).toHaveLength(1)
    expect((await read(message)).deliveryStatus).toBe('SENT')
  })

  it('takes its files along', async () => {
    const bytes = 'the bill, in numbers'
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const path = join(support.settings.filesDir, 'bill')
    writeFileSync(path, bytes)
    await createFileStore(support.settings).put({ tenantId: tenant.id, sha256 }, path)
    const message = await due(ticket)
    const facts = {
      tenantId: tenant.id,
      id: newId(),
      fileName: 'Räkning.txt',
      contentType: 'text/plain',
      byteSize: 20,
      sha256,
    }
    const db = support.database.forTenant(tenant.id)
    await db.attachment.create({ data: { ...facts, uploadedAt: start, createdAt: start } })
    await db.messageAttachment.create({ data: { tenantId: tenant.id, messageId: message.id, attachmentId: facts.id } })
    await support.module.settle()
    const mail = await PostalMime.parse(smtp.taken[0]?.raw ?? '', { attachmentEncoding: 'utf8' })
    expect(mail.attachments).toMatchObject([{ filename: 'Räkning.txt', content: bytes }])
    expect(mail.text).toContain('It is on its way.')
  })

  it('whose file is gone is tried again, and goes nowhere without it', async () => {
    const message = await due(ticket)
    const sha256 = createHash('sha256').update('gone').digest('hex')
    const facts = {
      tenantId: tenant.id,
      id: newId(),
      fileName: 'x.txt',
      contentType: 'text/plain',
      byteSize: 4,
      sha256,
    }
    const db = support.database.forTenant(tenant.id)
    await db.attachment.create({ data: { ...facts, uploadedAt: start, createdAt: start } })
    await db.messageAttachment.create({ data: { tenantId: tenant.id, messageId: message.id, attachmentId: facts.id } })
    await support.module.settle()
    expect(smtp.taken).toEqual([])
    expect(await read(message)).toMatchObject({ deliveryStatus: 'QUEUED', lastError: 'It could not be prepared.' })
  })

  it('breaks no header, whatever the subject and the names say', async () => {
    const { customerId, tenantId, id } = ticket
    const evil = 'x\r\nBcc: thief@evil.example\r\n\r\nbody'
    await support.database
      .forTenant(tenantId)
      .customer.updateMany({ where: { tenantId, id: customerId }, data: { name: evil } })
    await support.database.forTenant(tenantId).ticket.updateMany({ where: { tenantId, id }, data: { subject: evil } })
    await support.database.system.tenant.updateMany({ where: { id: tenantId }, data: { brand: evil } })
    await due(ticket)
    await support.module.settle()
    expect(smtp.taken[0]?.to).toEqual(['mia@mail.example'])
    expect(headersOf(smtp.taken[0]?.raw ?? '').has('bcc')).toBe(false)
  })

  it('to what is no single address fails for good, and reaches nobody', async () => {
    const message = await due(ticket, { recipient: 'a@mail.example, b@mail.example' })
    const nobody = await due(ticket, { recipient: null })
    await support.module.settle()
    expect(smtp.taken).toHaveLength(0)
    expect(await read(message)).toMatchObject({ deliveryStatus: 'FAILED', lastError: 'This is no e-mail address.' })
    expect(await read(nobody)).toMatchObject({ deliveryStatus: 'FAILED' })
  })
})

describe('a refusal', () => {
  it('for good is told on the ticket, with its reason, once', async () => {
    refused = new Map([['gone@mail.example', 550]])
    const message = await due(ticket, { recipient: 'gone@mail.example' })
    await support.module.settle()
    await support.module.settle()
    expect(await read(message)).toMatchObject({ deliveryStatus: 'FAILED', attempts: 1, nextAttemptAt: null })
    expect((await read(message)).lastError).toContain('550')
    expect(await failures(ticket)).toEqual([
      expect.objectContaining({
        messageId: message.id,
        reason: expect.stringContaining('550'),
        actor: { kind: 'system', system: 'INTEGRATION', name: 'delivery' },
      }),
    ])
  })

  it('for now is tried again later, and sent in the end', async () => {
    refused = new Map([['busy@mail.example', 451]])
    const message = await due(ticket, { recipient: 'busy@mail.example' })
    await support.module.settle()
    const again = await read(message)
    expect(again).toMatchObject({ deliveryStatus: 'QUEUED', attempts: 1 })
    expect(again.nextAttemptAt?.getTime()).toBeGreaterThan(start.getTime())
    expect(await failures(ticket)).toEqual([])
    refused = new Map()
    support.clock.set(again.nextAttemptAt ?? start)
    await support.module.settle()
    expect(await read(message)).toMatchObject({ deliveryStatus: 'SENT', attempts: 2, lastError: null })
    expect(smtp.taken).toHaveLength(1)
  })

  it('eight times is one for good', async () => {
    refused = new Map([['busy@mail.example', 451]])
    const message = await due(ticket, { recipient: 'busy@mail.example' })
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await support.module.settle()
      support.clock.advance(3_600_000)
    }
    expect(await read(message)).toMatchObject({ deliveryStatus: 'FAILED', attempts: 8 })
    expect(await failures(ticket)).toHaveLength(1)
  })

  it('of the whole mail after it was read is the server’s word, not an unknown outcome', async () => {
    const strict = await openSmtp({ onMail: ({ to }) => (to[0] === 'later@mail.example' ? 452 : 554) })
    const other = await openSupport({ settings: { smtpUrl: strict.url, mailFrom } })
    try {
      const shop = await other.aTenant()
      const on = await other.aTicket(shop)
      const said = { deliveryStatus: 'QUEUED', nextAttemptAt: start, channel: 'EMAIL' }
      const now = await other.aMessage(on, { ...said, recipient: 'never@mail.example' })
      const later = await other.aMessage(on, { ...said, recipient: 'later@mail.example' })
      await other.module.settle()
      const rows = await other.database.forTenant(shop.id).message.findMany({ where: { tenantId: shop.id } })
      const statusOf = ({ id }: Message) => rows.find((row) => row.id === id)?.deliveryStatus
      expect([statusOf(now), statusOf(later)]).toEqual(['FAILED', 'QUEUED'])
      expect(strict.taken).toEqual([])
    } finally {
      await other.close()
      await strict.close()
    }
  })

  it('of the connection is tried again: nothing can have arrived', async () => {
    const gone = await openSmtp()
    await gone.close()
    const other = await openSupport({ settings: { smtpUrl: gone.url, mailFrom } })
    try {
      const shop = await other.aTenant()
      const said = { deliveryStatus: 'QUEUED', nextAttemptAt: start, channel: 'EMAIL', recipient: 'mia@mail.example' }
      const message = await other.aMessage(await other.aTicket(shop), said)
      await other.module.settle()
      const where = { tenantId: shop.id, id: message.id }
      expect(await other.database.forTenant(shop.id).message.findFirst({ where })).toMatchObject({
        deliveryStatus: 'QUEUED',
        lastError: expect.stringContaining('could not be reached'),
      })
    } finally {
      await other.close()
    }
  })
})

describe('an outcome that nobody knows', () => {
  it('is a failure, and is not sent again: the connection was lost after the mail went out', async () => {
    let cut = 0
    const cutting = await openSmtp({
      onMail() {
        cut += 1
        return 'cut'
      },
    })
    const other = await openSupport({ settings: { smtpUrl: cutting.url, mailFrom } })
    try {
      const shop = await other.aTenant()
      const said = { deliveryStatus: 'QUEUED', nextAttemptAt: start, channel: 'EMAIL', recipient: 'mia@mail.example' }
      const message = await other.aMessage(await other.aTicket(shop), said)
      await other.module.settle()
      other.clock.advance(86_400_000)
      await other.module.settle()
      const where = { tenantId: shop.id, id: message.id }
      const row = await other.database.forTenant(shop.id).message.findFirst({ where })
      expect(row).toMatchObject({ deliveryStatus: 'FAILED', attempts: 1, lastError: deliveryUnknown })
      expect(cut).toBe(1)
    } finally {
      await other.close()
      await cutting.close()
    }
  })

  it('is also that of an adapter that does not come back', async () => {
    const message = await due(ticket)
    const stuck = deliverer({ deliver: () => new Promise(() => {}) }, { deadlineMs: 20 })
    await stuck.drain?.()
    await stuck.stop()
    expect(await read(message)).toMatchObject({ deliveryStatus: 'FAILED', lastError: deliveryUnknown })
    expect(await failures(ticket)).toHaveLength(1)
  })

  it('is that of a message whose deliverer is gone, once its lease is over', async () => {
    const nextAttemptAt = new Date(start.getTime() + leaseMs)
    const message = await due(ticket, { deliveryStatus: 'SENDING', attempts: 1, nextAttemptAt })
    await support.module.settle()
    expect((await read(message)).deliveryStatus).toBe('SENDING')
    support.clock.advance(leaseMs)
    await support.module.settle()
    expect(await read(message)).toMatchObject({ deliveryStatus: 'FAILED', attempts: 1, lastError: deliveryUnknown })
    expect(smtp.taken).toHaveLength(0)
    expect(await failures(ticket)).toHaveLength(1)
  })
})

describe('many at once', () => {
  it('two instances deliver each message once', async () => {
    const messages = await Promise.all(
      Array.from({ length: 40 }, (_, n) => due(ticket, { recipient: `c${n}@mail.example` })),
    )
    const sent: string[] = []
    const deliver = async ({ id }: { id: string }) => {
      sent.push(id)
      return { externalId: id }
    }
    const both = [deliverer({ deliver }), deliverer({ deliver })]
    await Promise.all(both.map((one) => one.drain?.()))
    await Promise.all(both.map((one) => one.stop()))
    expect(sent.toSorted()).toEqual(messages.map(({ id }) => id).toSorted())
  })

  it('a recall and a delivery at the same moment: exactly one wins', async () => {
    const messages = await Promise.all(
      Array.from({ length: 30 }, (_, n) => due(ticket, { deliveryStatus: 'HELD', recipient: `r${n}@mail.example` })),
    )
    const sent = new Set<string>()
    const one = deliverer({
      deliver: async ({ id }) => {
        sent.add(id)
        return { externalId: id }
      },
    })
    const recalled = new Set<string>()
    const db = support.database.forTenant(tenant.id)
    const recallAll = Promise.all(
      messages.map(async ({ id, tenantId }) => {
        const where = { tenantId, id, deliveryStatus: 'HELD' }
        const data = { deliveryStatus: 'RECALLED', nextAttemptAt: null }
        if ((await db.message.updateMany({ where, data })).count === 1) recalled.add(id)
      }),
    )
    await Promise.all([one.drain?.(), recallAll])
    await one.stop()
    expect(sent.size + recalled.size).toBe(30)
    for (const id of recalled) expect(sent.has(id)).toBe(false)
  })

  it('a flood to one recipient blows a fuse: twenty an hour, then failures that say so', async () => {
    const recipient = 'loop@mail.example'
    const messages = await Promise.all(
      Array.from({ length: maxPerRecipientAnHour + 3 }, () => due(ticket, { recipient })),
    )
    const other = await due(ticket)
    await support.module.settle()
    expect(smtp.taken.filter(({ to }) => to[0] === recipient)).toHaveLength(maxPerRecipientAnHour)
    const rows = await Promise.all(messages.map(read))
    const blown = rows.filter(({ deliveryStatus }) => deliveryStatus === 'FAILED')
    expect(blown).toHaveLength(3)
    expect(blown[0]?.lastError).toBe('Too many messages to this recipient in an hour.')
    expect(await failures(ticket)).toHaveLength(3)
    expect((await read(other)).deliveryStatus).toBe('SENT')
    support.clock.advance(3_600_000)
    const next = await due(ticket, { recipient: recipient.toUpperCase() })
    await support.module.settle()
    expect((await read(next)).deliveryStatus).toBe('SENT')
    support.clock.advance(2 * 86_400_000)
    expect(await purgeFuses(support.database.system, support.clock.now())).toBeGreaterThan(0)
  })

  it('a chat has room for a conversation, a line at a time', async () => {
    const chat = await support.aTicket(tenant, { channel: 'CHAT' })
    const line = { channel: 'CHAT', recipient: chat.customerId }
    const lines = await Promise.all(Array.from({ length: maxPerRecipientAnHour + 1 }, () => due(chat, line)))
    await support.module.settle()
    const rows = await Promise.all(lines.map(read))
    expect(new Set(rows.map(({ deliveryStatus }) => deliveryStatus))).toEqual(new Set(['SENT']))
  })
})

describe('a demo', () => {
  it('ticket’s message reaches no adapter, and is SENT', async () => {
    await support.database.system.tenant.updateMany({ where: { id: tenant.id }, data: { demoMode: true } })
    const demo = await support.aTicket(tenant, {}, { isDemo: true })
    const message = await due(demo)
    await support.module.settle()
    expect(smtp.taken).toEqual([])
    expect(await read(message)).toMatchObject({ deliveryStatus: 'SENT', externalId: `demo:${message.id}` })
  })

  it('ticket’s message that is due once the demo mode is off fails, and says why', async () => {
    const demo = await support.aTicket(tenant, {}, { isDemo: true })
    const message = await due(demo)
    await support.module.settle()
    expect(smtp.taken).toEqual([])
    const reason = 'The demo mode was switched off.'
    expect(await read(message)).toMatchObject({ deliveryStatus: 'FAILED', lastError: reason, nextAttemptAt: null })
    expect(await failures(demo)).toMatchObject([{ messageId: message.id, reason }])
  })

  it('world’s messages reach no adapter, whatever their ticket says and wherever its clock stands', async () => {
    await support.database.system.tenant.updateMany({
      where: { id: tenant.id },
      data: { isDemo: true, clockOffsetSeconds: 3_600 },
    })
    const message = await due(ticket)
    const sms = await due(ticket, { channel: 'SMS', recipient: '+331234567' })
    await support.module.settle()
    expect(smtp.taken).toEqual([])
    expect(existsSync(join(support.settings.filesDir, 'outbox', 'sms', `${sms.id}.json`))).toBe(false)
    expect((await read(message)).sentAt).toEqual(new Date(start.getTime() + 3_600_000))
  })
})

describe('a channel without a provider', () => {
  it('writes each message to a file of its own', async () => {
    const message = await due(ticket, { channel: 'SMS', recipient: '+331234567' })
    await support.module.settle()
    const folder = join(support.settings.filesDir, 'outbox', 'sms')
    const written = JSON.parse(readFileSync(join(folder, `${message.id}.json`), 'utf8'))
    expect(written).toMatchObject({ id: message.id, channel: 'SMS', recipient: '+331234567', content: message.content })
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
    expect((await read(message)).deliveryStatus).toBe('SENT')
  })
})

describe('the loop', () => {
  it('delivers by itself what becomes due, and lets a delivery end before it stops', async () => {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const one = deliverer({
      async deliver({ id }) {
        begun.resolve()
        await goOn.promise
        return { externalId: id }
      },
    })
    await one.start()
    const message = await due(ticket)
    await begun.promise
    const stopped = one.stop()
    goOn.resolve()
    await stopped
    expect((await read(message)).deliveryStatus).toBe('SENT')
  })

  it('goes on when the database does not answer for a moment', async () => {
    const message = await due(ticket)
    let isDown = true
    const database = {
      ...support.database,
      forTenant: (tenantId: string) =>
        new Proxy(support.database.forTenant(tenantId), {
          get(db, name): unknown {
            if (name !== '$executeRawUnsafe' || !isDown) return Reflect.get(db, name)
            isDown = false
            return () => Promise.reject(new Error('the database restarts'))
          },
        }),
    }
    const one = deliverer({}, { database })
    await one.drain?.()
    await one.stop()
    expect(isDown).toBe(false)
    expect((await read(message)).deliveryStatus).toBe('SENT')
  })

  it('tries again what broke before anything was handed over', async () => {
    const message = await due(ticket)
    const one = deliverer({
      deliver: () => Promise.reject(new NotDelivered('TEMPORARY', 'The outbox could not be written.')),
    })
    await one.drain?.()
    await one.stop()
    expect(await read(message)).toMatchObject({
      deliveryStatus: 'QUEUED',
      lastError: 'The outbox could not be written.',
    })
  })
})
