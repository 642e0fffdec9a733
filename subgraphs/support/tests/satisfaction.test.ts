import { createHttp } from '@quimbi/service/http.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Tenant, Ticket } from '../generated/prisma/client.ts'
import { change, historyOf } from './lifecycle-kit.ts'
import { openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
let http: ReturnType<typeof createHttp>
let tenant: Tenant
let ask: Ask

beforeAll(async () => {
  support = await openSupport()
  http = createHttp({
    ...{ service: 'support', log: support.log, metrics: createMetrics('support') },
    readiness: async () => ({}),
  })
  if (support.module.routes) await http.app.register(support.module.routes)
  await http.app.ready()
})
afterAll(async () => {
  await http.drain()
  await support.close()
})
beforeEach(async () => {
  support.clock.set(start)
  tenant = await support.aTenant()
  ask = await support.asAgent(await support.anAgent(tenant))
})

const answered = { firstRepliedAt: start }
const setStatus = (ticket: Ticket, status: string) => change(ask, 'setTicketStatus', { id: ticket.id, status })

async function close(ticket: Ticket): Promise<Message[]> {
  expect((await setStatus(ticket, 'CLOSED')).userErrors).toEqual([])
  await support.module.settle()
  return surveysOf(ticket)
}

const surveysOf = ({ tenantId, id: ticketId }: Ticket) =>
  support.database.forTenant(tenantId).message.findMany({
    where: { tenantId, ticketId, authorSystem: { equals: { kind: 'AUTOMATION', name: 'survey' } } },
    orderBy: { createdAt: 'asc' },
  })

const tokenIn = ({ content }: Message): string => /\/survey\/(\S+)/.exec(content)?.[1] ?? ''

async function aSurvey(): Promise<{ ticket: Ticket; token: string }> {
  const ticket = await support.aTicket(tenant, {}, answered)
  const [survey] = await close(ticket)
  return { ticket, token: tokenIn(survey!) }
}

async function answer(token: string, score: number, comment: string | null = null) {
  const { data, errors } = await support.anonymous<{
    recordSatisfaction: { deletedId: string | null; asOf: null; userErrors: object[] }
  }>(
    `mutation ($input: RecordSatisfactionInput!) {
      recordSatisfaction(input: $input) { deletedId asOf userErrors { code path } }
    }`,
    { input: { token, score, comment } },
  )
  expect(errors).toEqual([])
  return data!.recordSatisfaction
}

const shown = async ({ id }: Ticket) =>
  (
    await ask<{ ticket: { satisfaction: object | null } }>(
      `query ($id: ID!) { ticket(id: $id) { satisfaction { score comment answeredAt } } }`,
      { id },
    )
  ).data?.ticket.satisfaction

describe('the question', () => {
  it('goes out once, a little after an answered ticket is closed, and answers nobody', async () => {
    const ticket = await support.aTicket(tenant, {}, answered)
    const surveys = await close(ticket)
    expect(surveys).toEqual([
      expect.objectContaining({
        ...{ fromAgent: true, isAutomatic: true, deliveryStatus: 'QUEUED', authorName: tenant.name },
        nextAttemptAt: new Date(start.getTime() + 600_000),
        recipient: expect.stringContaining('@mail.example'),
        content: expect.stringContaining('http://support.example/survey/'),
      }),
    ])
    await support.module.settle()
    expect(await surveysOf(ticket)).toHaveLength(1)
    expect((await historyOf(support, ticket)).at(-1)).toMatchObject({
      type: 'MESSAGE_SENT',
      payload: {
        actor: { kind: 'system', system: 'AUTOMATION', name: 'survey' },
        depth: 1,
        data: { isAutomatic: true },
      },
    })
  })

  it('is taken back while it waits when the ticket is reopened', async () => {
    const ticket = await support.aTicket(tenant, {}, answered)
    await close(ticket)
    await setStatus(ticket, 'OPEN')
    await support.module.settle()
    expect(await surveysOf(ticket)).toEqual([
      expect.objectContaining({ deliveryStatus: 'RECALLED', nextAttemptAt: null, deletedAt: start }),
    ])
    support.clock.advance(1_000)
    // Nobody was asked, so the next closing asks.
    expect(await close(ticket)).toHaveLength(2)
  })

  it.each([
    ['nobody answered', {}, {}],
    ['it is a demo', {}, { ...answered, isDemo: true }],
    ['it was a call', { channel: 'PHONE' }, answered],
    ['the customer has no phone', { channel: 'SMS' }, answered],
  ])('is not asked where %s', async (_, ticket, and) => {
    expect(await close(await support.aTicket(tenant, ticket, and))).toEqual([])
  })

  it('is not asked again within a week', async () => {
    const { id: customerId } = await support.aCustomer(tenant)
    expect(await close(await support.aTicket(tenant, { customerId }, answered))).toHaveLength(1)
    support.clock.advance(6 * 86_400_000)
    ask = await support.asAgent(await support.anAgent(tenant))
    expect(await close(await support.aTicket(tenant, { customerId }, answered))).toEqual([])
    support.clock.advance(2 * 86_400_000)
    ask = await support.asAgent(await support.anAgent(tenant))
    expect(await close(await support.aTicket(tenant, { customerId }, answered))).toHaveLength(1)
  })
})

describe('the answer', () => {
  it('is kept once, without a login, and told', async () => {
    const { ticket, token } = await aSurvey()
    expect(await answer(token, 5, ' Great! ')).toEqual({ deletedId: ticket.id, asOf: null, userErrors: [] })
    expect(await shown(ticket)).toEqual({ score: 5, comment: 'Great!', answeredAt: start.toISOString() })
    expect((await answer(token, 1)).userErrors).toEqual(refusal('ALREADY_EXISTS', 'input', 'token'))
    expect(await shown(ticket)).toMatchObject({ score: 5 })
    expect((await historyOf(support, ticket)).at(-1)).toMatchObject({
      type: 'SATISFACTION_RECORDED',
      payload: { actor: { kind: 'customer', id: ticket.customerId }, data: { score: 5 } },
    })
  })

  it('to a later closing takes the place of the earlier one', async () => {
    const { ticket, token } = await aSurvey()
    await answer(token, 1)
    await setStatus(ticket, 'OPEN')
    support.clock.advance(8 * 86_400_000)
    ask = await support.asAgent(await support.anAgent(tenant))
    const later = tokenIn((await close(ticket)).at(-1)!)
    expect((await answer(later, 4)).userErrors).toEqual([])
    expect(await shown(ticket)).toMatchObject({ score: 4 })
    expect((await answer(token, 2)).userErrors).toEqual(refusal('ALREADY_EXISTS', 'input', 'token'))
  })

  it('is refused where score, comment or link are none', async () => {
    const { token } = await aSurvey()
    for (const score of [0, 6, -1])
      expect((await answer(token, score)).userErrors).toEqual(refusal('INVALID', 'input', 'score'))
    expect((await answer(token, 3, 'x'.repeat(2_001))).userErrors).toEqual(refusal('TOO_LONG', 'input', 'comment'))
    expect((await answer(`${token}x`, 3)).userErrors).toEqual(refusal('INVALID', 'input', 'token'))
    const claims = { tenantId: tenant.id, subject: crypto.randomUUID() }
    const other = await support.links.sign('download', claims, { now: start })
    expect((await answer(other, 3)).userErrors).toEqual(refusal('INVALID', 'input', 'token'))
    const gone = await support.links.sign('survey', { ...claims, data: { closing: 1 } }, { now: start })
    expect((await answer(gone, 3)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'token'))
    support.clock.advance(31 * 86_400_000)
    expect((await answer(token, 3)).userErrors).toEqual(refusal('INVALID', 'input', 'token'))
  })

  it('is limited to a few tries', async () => {
    for (let count = 0; count < 10; count += 1) await answer('no token', 3)
    expect((await answer('no token', 3)).userErrors).toEqual(refusal('LIMIT_EXCEEDED'))
  })
})

describe('the page', () => {
  const get = (token: string) => http.app.inject({ method: 'GET', url: `/survey/${token}` })
  const post = (token: string, form: Record<string, string>) =>
    http.app.inject({
      method: 'POST',
      url: `/survey/${token}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(form).toString(),
    })

  it('asks without any script, for a brand of any name', async () => {
    await support.asOwner('UPDATE tenant SET brand = $2 WHERE id = $1', [tenant.id, '<script>alert("A&B")</script>'])
    const { token } = await aSurvey()
    const { statusCode, headers, body } = await get(token)
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-.+'; form-action 'self'/)
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(body).not.toContain('<script')
    expect(body).toContain('&lt;script&gt;alert(&quot;A&amp;B&quot;)')
    expect(body.match(/<button /g)).toHaveLength(5)
    expect(body).toContain('<label for="comment">')
  })

  it('takes the answer once', async () => {
    const { ticket, token } = await aSurvey()
    const thanks = await post(token, { score: '4', comment: 'Größe <b>\r\nzwei' })
    expect([thanks.statusCode, thanks.body.includes('Thank you!')]).toEqual([200, true])
    expect(await shown(ticket)).toMatchObject({ score: 4, comment: 'Größe <b>\r\nzwei' })
    expect((await post(token, { score: '4' })).statusCode).toBe(409)
  })

  it('says so where it cannot', async () => {
    const { token } = await aSurvey()
    expect((await get('zzz')).statusCode).toBe(403)
    expect((await post('zzz', { score: '4' })).statusCode).toBe(403)
    expect((await post(token, {})).statusCode).toBe(400)
    expect((await post(token, { score: '4.5' })).statusCode).toBe(400)
    expect((await post(token, { score: '5', comment: 'x'.repeat(40_000) })).statusCode).toBe(413)
  })
})
