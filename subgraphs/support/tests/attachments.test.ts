import { createHash } from 'node:crypto'
import { readdirSync, existsSync, utimesSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { createHttp, type HttpServer } from '@quimbi/service/http.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { clearWaitingRoom } from '../src/attachments/disk-store.ts'
import { keepFiles } from '../src/attachments/keep.ts'
import { purgeUnsent } from '../src/attachments/service.ts'
import { createFileStore } from '../src/attachments/store.ts'
import { openSupport, refusal, type Ask, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
let http: HttpServer
let tenant: Tenant
let agent: TestAgent
let ask: Ask
beforeAll(async () => {
  support = await openSupport({ settings: { pageOrigins: ['https://console.example'] } })
  const { log } = support
  http = createHttp({ service: 'support', log, metrics: createMetrics('support'), readiness: async () => ({}) })
  await http.app.register(support.module.routes!)
})
afterAll(async () => {
  await http.drain()
  await support.close()
})
beforeEach(async () => {
  tenant = await support.aTenant()
  agent = await support.anAgent(tenant)
  ask = await support.asAgent(agent)
})

const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
  Buffer.from('0000000d49444154789c6360f8ffff3f0005fe02fea7f6f8e50000000049454e44ae426082', 'hex'),
])
const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100, 1)])
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const request = `mutation ($input: RequestUploadInput!) { requestUpload(input: $input) {
  attachment { id fileName contentType byteSize sha256 url } uploadUrl userErrors { code path } } }`
type Uploading = {
  requestUpload: {
    attachment: { id: string; fileName: string; url: string } | null
    uploadUrl: string | null
    userErrors: unknown[]
  }
}
async function announce(bytes: Buffer, input: Record<string, unknown> = {}, who = ask) {
  const file = { fileName: 'photo.png', contentType: 'image/png', byteSize: bytes.length, sha256: sha256(bytes) }
  const { data, errors } = await who<Uploading>(request, { input: { ...file, ...input } })
  expect(errors).toEqual([])
  return data!.requestUpload
}
const pathOf = (url: string) => url.replace('http://support.example', '')
const put = (url: string, body: Buffer, headers: Record<string, string> = { 'content-type': 'image/png' }) =>
  http.app.inject({ method: 'PUT', url: pathOf(url), body, headers })
const get = (url: string, headers: Record<string, string> = {}) =>
  http.app.inject({ method: 'GET', url: pathOf(url), headers })
async function upload(bytes: Buffer, input: Record<string, unknown> = {}, who = ask) {
  const { attachment, uploadUrl } = await announce(bytes, input, who)
  if (uploadUrl !== null) expect((await put(uploadUrl, bytes)).statusCode).toBe(201)
  return attachment!
}
/** Other bytes that are a picture still. */
const picture = (mark: string) => Buffer.concat([png, Buffer.from(mark)])
const db = () => support.database.forTenant(tenant.id)
const storedFiles = () => {
  const folder = join(support.settings.filesDir, 'attachments', tenant.id)
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((name) => String(name).length > 60) : []
}
const waiting = () => readdirSync(join(support.settings.filesDir, 'uploads'))

describe('the door for files, to pages of other origins', () => {
  const console = 'https://console.example'
  const preflight = (url: string, origin: string) =>
    http.app.inject({
      method: 'OPTIONS',
      url: pathOf(url),
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
    })
  const allowed = (headers: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => /^access-control|^vary$/.test(name)))

  it('lets those of its list upload and fetch, without cookies', async () => {
    const { attachment, uploadUrl } = await announce(png)
    const asked = await preflight(uploadUrl!, console)
    expect([asked.statusCode, allowed(asked.headers)]).toEqual([
      204,
      {
        vary: 'origin',
        'access-control-allow-origin': console,
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '3600',
      },
    ])
    const told = { vary: 'origin', 'access-control-allow-origin': console }
    const refused = await put(uploadUrl!, exe, { 'content-type': 'image/png', origin: console })
    expect([refused.statusCode, allowed(refused.headers)]).toEqual([400, told])
    const stored = await put(uploadUrl!, png, { 'content-type': 'image/png', origin: console })
    expect([stored.statusCode, allowed(stored.headers)]).toEqual([201, told])
    const fetched = await get(attachment!.url, { origin: console })
    expect([fetched.statusCode, allowed(fetched.headers)]).toEqual([200, told])
  })

  it.each([
    'https://elsewhere.example',
    'https://console.example.evil.example',
    'http://console.example',
    'https://console.example:8443',
    'null',
  ])('gives %s nothing', async (origin) => {
    const { uploadUrl } = await announce(png)
    const asked = await preflight(uploadUrl!, origin)
    expect([asked.statusCode, allowed(asked.headers)]).toEqual([403, { vary: 'origin' }])
    const { headers } = await get((await upload(png)).url, { origin })
    expect(allowed(headers)).toEqual({ vary: 'origin' })
  })

  it('has rules of its own where the server lets pages ask too', async () => {
    const { log } = support
    const readiness = async () => ({})
    const metrics = createMetrics('support')
    const both = createHttp({ service: 'support', log, metrics, readiness, origins: ['https://other.example'] })
    await both.app.register(support.module.routes!)
    const ask = (url: string, origin: string) =>
      both.app.inject({ method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': 'PUT' } })
    const elsewhere = await ask('/health', 'https://other.example')
    expect(elsewhere.headers['access-control-allow-origin']).toBe('https://other.example')
    expect(allowed((await ask('/files/a', console)).headers)).toMatchObject({
      'access-control-allow-origin': console,
      'access-control-allow-methods': 'GET, PUT',
    })
    expect(allowed((await ask('/files/a', 'https://other.example')).headers)).toEqual({ vary: 'origin' })
    await both.drain()
  })
})

describe('a file', () => {
  it('is announced, uploaded, sent, and downloaded as it was', async () => {
    const { attachment, uploadUrl } = await announce(png, {
      fileName: '../Füße "1".png',
      sha256: sha256(png).toUpperCase(),
    })
    expect(attachment).toMatchObject({
      fileName: 'Füße 1.png',
      contentType: 'image/png',
      byteSize: png.length,
      sha256: sha256(png),
    })
    expect((await get(attachment!.url)).statusCode).toBe(404)
    const stored = await put(uploadUrl!, png)
    expect([stored.statusCode, stored.json()]).toEqual([201, { id: attachment!.id }])
    expect((await put(uploadUrl!, png)).statusCode).toBe(201)
    const answer = await get(attachment!.url)
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload.equals(png)).toBe(true)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-disposition': `attachment; filename="F__e 1.png"; filename*=UTF-8''F%C3%BC%C3%9Fe%201.png`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    expect(waiting()).toEqual([])

    const ticket = await support.aTicket(tenant)
    const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { attachments { id url } } userErrors { code } } }`
    const input = {
      ticketId: ticket.id,
      content: 'Look.',
      idempotencyKey: 'k',
      attachmentIds: [attachment!.id, attachment!.id],
    }
    const { data } = await ask(send, { input })
    expect(data).toMatchObject({ sendMessage: { message: { attachments: [{ id: attachment!.id }] }, userErrors: [] } })
  })

  it('with the same content is not uploaded again, and kept once', async () => {
    const first = await upload(png)
    const again = await announce(png, { fileName: 'same.png' })
    expect(again).toMatchObject({ uploadUrl: null, attachment: { fileName: 'same.png' } })
    expect(again.attachment!.id).not.toBe(first.id)
    expect((await get(again.attachment!.url)).rawPayload.equals(png)).toBe(true)
    expect(storedFiles()).toHaveLength(1)
    // Of another type it is looked at again, and in another business it is another file.
    expect((await announce(png, { contentType: 'image/jpeg' })).uploadUrl).not.toBeNull()
    const stranger = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect((await announce(png, {}, stranger)).uploadUrl).not.toBeNull()
  })

  it('is refused by its announcement', async () => {
    const cases: [Record<string, unknown>, string, string][] = [
      [{ contentType: 'text/html' }, 'INVALID', 'contentType'],
      [{ contentType: 'image/svg+xml' }, 'INVALID', 'contentType'],
      [{ contentType: 'application/x-msdownload' }, 'INVALID', 'contentType'],
      [{ byteSize: 0 }, 'INVALID', 'byteSize'],
      [{ byteSize: -1 }, 'INVALID', 'byteSize'],
      [{ byteSize: 25 * 1024 * 1024 + 1 }, 'LIMIT_EXCEEDED', 'byteSize'],
      [{ sha256: 'x' }, 'INVALID', 'sha256'],
      [{ sha256: `${sha256(png)}0` }, 'INVALID', 'sha256'],
      [{ fileName: ' ' }, 'REQUIRED', 'fileName'],
      [{ fileName: 'a\u0000.png' }, 'INVALID', 'fileName'],
      [{ fileName: 'x'.repeat(1_001) }, 'TOO_LONG', 'fileName'],
    ]
    for (const [input, code, field] of cases)
      expect((await announce(png, input)).userErrors, field).toEqual(refusal(code, 'input', field))
    const turned = await announce(png, { fileName: 'photo\u202egnp.exe' })
    expect(turned.attachment!.fileName).toBe('photognp.exe.png')
  })
})

describe('bytes', () => {
  it.each([
    ['other ones', picture('a'), picture('b'), {}],
    ['fewer', picture('aa'), picture('a'), {}],
    ['more', picture('a'), picture('aa'), {}],
    ['a program', exe, exe, {}],
    ['a page as text', Buffer.from('<html>x'), Buffer.from('<html>x'), { contentType: 'text/plain' }],
    ['a picture as text', png, png, { contentType: 'text/plain' }],
    ['text as a picture', Buffer.from('hello'), Buffer.from('hello'), {}],
    ['a picture of another kind', png, png, { contentType: 'image/gif' }],
  ])('that are %s than announced are refused', async (_what, announced, sent, input) => {
    const { attachment, uploadUrl } = await announce(announced, input)
    const answer = await put(uploadUrl!, sent)
    expect([answer.statusCode, answer.json().errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
    expect((await get(attachment!.url)).statusCode).toBe(404)
    expect([waiting(), storedFiles()]).toEqual([[], []])
  })

  it('may be of any content type on the way, and may be text', async () => {
    const text = Buffer.from('a;b\n1;2\n')
    const { attachment, uploadUrl } = await announce(text, { contentType: 'text/csv', fileName: 'list.csv' })
    expect((await put(uploadUrl!, text, { 'content-type': 'application/json' })).statusCode).toBe(201)
    const answer = await get(attachment!.url)
    expect([answer.payload, answer.headers['content-type']]).toEqual(['a;b\n1;2\n', 'text/csv'])
  })

  it('that do not end are answered, and not read to their end', async () => {
    const { uploadUrl } = await announce(picture('endless'))
    const { port } = await http.listen(0, '127.0.0.1')
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, method: 'PUT', path: pathOf(uploadUrl!) }, (response) => {
        resolve(response.statusCode)
        response.resume()
        request.destroy()
      })
      const more = () => request.destroyed || request.write(Buffer.alloc(64 * 1024), more)
      request.on('error', reject)
      more()
    })
    expect(answer).toBe(400)
    await vi.waitFor(() => expect(waiting()).toEqual([]))
  })

  it('that never come leave nothing', async () => {
    const { uploadUrl } = await announce(picture('never'))
    expect((await http.app.inject({ method: 'PUT', url: pathOf(uploadUrl!) })).statusCode).toBe(400)
    await vi.waitFor(() => expect(waiting()).toEqual([]))
  })
})

describe('a link', () => {
  it('ends: an upload’s after a quarter of an hour, a download’s after an hour', async () => {
    const { attachment, uploadUrl } = await announce(picture('late'))
    support.clock.advance(15 * 60_000 + 1_000)
    expect((await put(uploadUrl!, picture('late'))).statusCode).toBe(403)
    const file = await upload(picture('early'))
    expect((await get(file.url)).statusCode).toBe(200)
    support.clock.advance(60 * 60_000 + 1_000)
    expect((await get(file.url)).statusCode).toBe(403)
    expect(attachment!.id).not.toBe(file.id)
  })

  it('is worth nothing when forged, for another purpose, or in another business', async () => {
    const file = await upload(picture('links'))
    const { uploadUrl } = await announce(picture('more links'))
    const token = file.url.split('/').at(-1)!
    expect((await get(`/files/${token.slice(0, -4)}AAAA`)).statusCode).toBe(403)
    expect((await get('/files/x')).statusCode).toBe(403)
    expect((await get('/files/../../etc/passwd')).statusCode).not.toBe(200)
    expect((await get(`/files/${uploadUrl!.split('/').at(-1)}`)).statusCode).toBe(403)
    expect((await put(`/files/upload/${token}`, picture('links'))).statusCode).toBe(403)
    const now = support.clock.now()
    const elsewhere = await support.aTenant()
    const about = { tenantId: elsewhere.id, subject: file.id }
    expect((await get(`/files/${await support.links.sign('download', about, { now })}`)).statusCode).toBe(404)
    const shown = JSON.stringify(support.logLines)
    expect(shown).not.toContain(token)
  })
})

describe('who may send a file', () => {
  it('is who uploaded it, and whoever answers where it was sent already', async () => {
    const ticket = await support.aTicket(tenant)
    const other = await support.aTicket(tenant)
    const colleague = await support.asAgent(await support.anAgent(tenant))
    const send = async (who: Ask, ticketId: string, id: string) => {
      const query = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code path } } }`
      const input = { ticketId, content: 'Look.', idempotencyKey: crypto.randomUUID(), attachmentIds: [id] }
      const { data } = await who<{ sendMessage: { userErrors: unknown[] } }>(query, { input })
      return data!.sendMessage.userErrors
    }
    const none = refusal('NOT_FOUND', 'input', 'attachmentIds')
    const file = await upload(picture('mine'))
    expect(await send(colleague, ticket.id, file.id)).toEqual(none)
    expect(await send(ask, ticket.id, file.id)).toEqual([])
    expect(await send(colleague, ticket.id, file.id)).toEqual([])
    expect(await send(colleague, other.id, file.id)).toEqual(none)
    expect(await send(ask, other.id, file.id)).toEqual([])
    const pending = await announce(picture('pending'))
    expect(await send(ask, ticket.id, pending.attachment!.id)).toEqual(refusal('INVALID', 'input', 'attachmentIds'))
    const stranger = await support.asAgent(await support.anAgent(await support.aTenant()))
    const theirs = await upload(picture('theirs'), {}, stranger)
    expect(await send(ask, ticket.id, theirs.id)).toEqual(none)
  })
})

describe('what nobody sent', () => {
  const dayMs = 86_400_000
  const purge = () =>
    purgeUnsent(
      support.database.system,
      createFileStore(support.settings),
      new Date(support.clock.now().getTime() + dayMs + 1),
    )

  it('is deleted after a day, and its bytes with its last name', async () => {
    const ticket = await support.aTicket(tenant)
    const sent = await upload(picture('sent'))
    const message = await support.aMessage(ticket)
    const link = { tenantId: tenant.id, messageId: message.id, attachmentId: sent.id }
    await db().messageAttachment.create({ data: link })
    await upload(picture('sent'), { fileName: 'twin.png' })
    await upload(picture('unsent'))
    await announce(picture('announced'))
    expect(storedFiles()).toHaveLength(2)
    expect(await purgeUnsent(support.database.system, createFileStore(support.settings), new Date(0))).toBe(0)
    expect(await purge()).toBeGreaterThanOrEqual(3)
    expect((await db().attachment.findMany({ where: { tenantId: tenant.id } })).map(({ id }) => id)).toEqual([sent.id])
    expect(storedFiles()).toHaveLength(1)
    expect((await get(sent.url)).rawPayload.equals(picture('sent'))).toBe(true)
    expect(await purge()).toBe(0)
  })

  it('is cleared from where uploads wait', async () => {
    await upload(picture('wait'))
    const half = join(support.settings.filesDir, 'uploads', 'half')
    writeFileSync(half, 'half')
    expect(await clearWaitingRoom(support.settings.filesDir, new Date(Date.now() - dayMs))).toBe(0)
    utimesSync(half, new Date(0), new Date(0))
    expect(await clearWaitingRoom(support.settings.filesDir, new Date(Date.now() - dayMs))).toBe(1)
    expect(await clearWaitingRoom(join(support.settings.filesDir, 'nowhere'), new Date())).toBe(0)
  })
})

describe('files that a channel brings', () => {
  it('are kept where they are of a type that is taken, and are what they say', async () => {
    const files = [
      { fileName: 'a/../photo.png', contentType: 'image/png; name=x', bytes: picture('mail') },
      { fileName: 'x.exe', contentType: 'application/octet-stream', bytes: exe },
      { fileName: 'fake.png', contentType: 'image/png', bytes: exe },
      { fileName: 'empty.png', contentType: 'image/png', bytes: Buffer.alloc(0) },
    ]
    const { settings } = support
    const ids = await support.database.transact(tenant.id, (tx) =>
      keepFiles(tx, tenant.id, files, support.clock.now(), { settings }),
    )
    expect(await db().attachment.findMany({ where: { tenantId: tenant.id } })).toMatchObject([
      {
        id: ids[0],
        fileName: 'photo.png',
        contentType: 'image/png',
        uploadedBy: null,
        byteSize: picture('mail').length,
      },
    ])
    expect(ids).toHaveLength(1)
    expect(storedFiles()).toHaveLength(1)
  })
})
