import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Tenant, Ticket, WebhookDelivery } from '../generated/prisma/client.ts'
import { rescoreTenant } from '../src/scoring/rescore.ts'
import { purgeDeliveries, takeDue } from '../src/webhooks/deliveries.ts'
import { createWebhookSender, type WebhookSenderOptions } from '../src/webhooks/sender.ts'
import { addRule, rule, settled } from './automation-kit.ts'
import { codesOf, openSupport, refusal, type Ask, type TestSupport } from './kit.ts'
import { change, tagged } from './live-kit.ts'

type Got = { path: string; headers: IncomingHttpHeaders & Record<string, string>; body: string }

/** A receiver on this machine: answers 204 unless told otherwise. */
async function openReceiver() {
  const got: Got[] = []
  const state = { answer: (response: ServerResponse, _: Got): unknown => response.writeHead(204).end() }
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const one = { path: request.url ?? '', headers: request.headers as Got['headers'], body }
    got.push(one)
    state.answer(response, one)
  }
  // What is cut off in the middle was not received.
  const server = createServer((request, response) => void receive(request, response).catch(() => {}))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    got,
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  }
}

let support: TestSupport
let receiver: Awaited<ReturnType<typeof openReceiver>>
let tenant: Tenant
let ticket: Ticket
let ask: Ask

beforeAll(async () => {
  support = await openSupport({ settings: { webhooksToLoopback: true } })
  // The library that checks signatures compares with the real time.
  support.clock.set(new Date())
})
beforeEach(async () => {
  receiver = await openReceiver()
  tenant = await support.aTenant()
  ask = await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' }))
  ticket = await support.aTicket(tenant)
  onTestFinished(() => receiver.close())
  // Nothing of one test is due in another.
  onTestFinished(async () => void (await support.database.system.webhookEndpoint.deleteMany({})))
})
afterAll(() => support.close())

type Saved = {
  saveWebhookEndpoint: {
    endpoint: { id: string; secretHint: string } | null
    secret: string | null
    userErrors: object[]
  }
}
const save = `mutation ($input: SaveWebhookEndpointInput!) {
  saveWebhookEndpoint(input: $input) { endpoint { id secretHint } secret userErrors { code path message } } }`
const listEndpoints = `{ webhookEndpoints { id url isActive eventTypes failingSince disabledReason disabledReason
  deliveries(first: 2) { nodes { id eventId attempt statusCode nextAttemptAt deliveredAt } pageInfo { hasNextPage } } } }`
const remove = `mutation ($id: ID!) { deleteWebhookEndpoint(input: { id: $id }) { deletedId userErrors { code path message } } }`

async function saved(input: object = {}, as = ask) {
  const { data, errors } = await as<Saved>(save, { input: { url: receiver.url, eventTypes: ['TAGGED'], ...input } })
  expect(errors).toEqual([])
  return data!.saveWebhookEndpoint
}
const anEndpoint = async (input: object = {}) => {
  const { endpoint, secret } = await saved(input)
  return { id: endpoint!.id, secret: secret! }
}
const deliveries = (): Promise<WebhookDelivery[]> =>
  support.database.system.webhookDelivery.findMany({ where: { tenantId: tenant.id }, orderBy: { createdAt: 'asc' } })
const endpointRow = (id: string) => support.database.system.webhookEndpoint.findFirstOrThrow({ where: { id } })
const verify = ({ body, headers }: Got, secret: string) => new Webhook(secret).verify(body, headers)

let tags = 0
async function happen(one = ticket): Promise<string> {
  const eventId = await change(support, one, tagged(`tag-${(tags += 1)}`))
  await support.module.settle()
  return eventId
}

function aSender(options: Partial<WebhookSenderOptions> = {}) {
  const { database, clock, log, settings } = support
  const sender = createWebhookSender({ database, clock, log, settings, ...options })
  onTestFinished(() => sender.stop())
  return sender
}

describe('an event', () => {
  it('reaches the endpoint that asked for it, signed, once', async () => {
    const { secret } = await anEndpoint()
    const eventId = await happen()
    await support.module.settle()
    expect(receiver.got).toHaveLength(1)
    const [got] = receiver.got
    expect(got!.headers['webhook-id']).toBe(eventId)
    expect(verify(got!, secret)).toMatchObject({ id: eventId, type: 'TAGGED', data: { ticketId: ticket.id } })
    expect(() => verify({ ...got!, body: `${got!.body} ` }, secret)).toThrow()
    expect(await deliveries()).toMatchObject([
      { attempt: 1, statusCode: 204, nextAttemptAt: null, deliveredAt: expect.any(Date) },
    ])
  })

  it('of another kind, of another business, of a demo, from before, or for one that is off reaches nobody', async () => {
    await change(support, ticket, tagged('before'))
    support.clock.advance(1)
    await anEndpoint()
    await anEndpoint({ isActive: false })
    await change(support, ticket, { type: 'TICKET_UPDATED', set: { subject: 'x' } })
    await happen(await support.aTicket(await support.aTenant()))
    await happen(await support.aTicket(tenant, {}, { isDemo: true }))
    await support.database.system.tenant.updateMany({ where: { id: tenant.id }, data: { isDemo: true } })
    await happen()
    expect(receiver.got).toEqual([])
    expect(await deliveries()).toEqual([])
  })

  it('of a rule reaches the endpoint that the rule names, whatever types that one asks for', async () => {
    const { id, secret } = await anEndpoint({ eventTypes: ['MERGED'] })
    await anEndpoint({ eventTypes: ['MERGED'] })
    const conditions = { field: 'tags', op: 'contains', value: 'vip' }
    const actions = [{ webhook: { endpointId: id } }]
    await addRule(ask, rule({ name: 'Tell the warehouse', trigger: 'TICKET_UPDATED', conditions, actions }))
    await happen()
    await change(support, ticket, tagged('vip'))
    await settled(support)
    expect(receiver.got).toHaveLength(1)
    expect(verify(receiver.got[0]!, secret)).toMatchObject({
      type: 'TICKET_UPDATED',
      data: { ticketId: ticket.id, actor: { kind: 'system', system: 'AUTOMATION', name: 'Tell the warehouse' } },
    })
  })

  it('of no ticket in particular, as of a changed formula, reaches nobody and holds up nothing', async () => {
    await anEndpoint({ eventTypes: ['RERANKED', 'TAGGED'] })
    const data = { scoringWeights: { urgency: 9 }, configVersion: 9 }
    await support.database.system.tenant.updateMany({ where: { id: tenant.id }, data })
    expect(await rescoreTenant(support.database, tenant.id, support.clock.now())).toBe(1)
    const eventId = await happen()
    expect(receiver.got.map(({ headers }) => headers['webhook-id'])).toEqual([eventId])
    const where = { tenantId: tenant.id, action: 'event.set_aside' }
    expect(await support.database.system.auditEntry.count({ where })).toBe(0)
  })

  it('is signed with both secrets for a day after a rotation', async () => {
    const { id, secret } = await anEndpoint()
    const { secret: next } = await saved({ id, rotateSecret: true })
    expect(next).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
    await happen()
    for (const one of [secret, next!]) verify(receiver.got[0]!, one)
    await support.database.system.webhookEndpoint.updateMany({
      where: { id },
      data: { rotatedAt: new Date(support.clock.now().getTime() - 86_400_000) },
    })
    await happen()
    verify(receiver.got[1]!, next!)
    expect(() => verify(receiver.got[1]!, secret)).toThrow()
  })
})

describe('an attempt that fails', () => {
  it('is made again later, under the same id, and the endpoint is failing until one succeeds', async () => {
    const { id, secret } = await anEndpoint()
    receiver.state.answer = (response) => response.writeHead(500).end('x'.repeat(1_000_000))
    const eventId = await happen()
    expect(await deliveries()).toMatchObject([{ attempt: 1, statusCode: 500, lastError: 'It answered 500.' }])
    expect((await endpointRow(id)).failingSince).toEqual(support.clock.now())
    await support.module.settle()
    expect(receiver.got).toHaveLength(1)
    receiver.state.answer = (response) => response.writeHead(200).end()
    support.clock.advance(5_000)
    await support.module.settle()
    expect(receiver.got.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId])
    verify(receiver.got[1]!, secret)
    expect(await deliveries()).toMatchObject([{ attempt: 2, deliveredAt: support.clock.now() }])
    expect((await endpointRow(id)).failingSince).toBeNull()
  })

  it('by 410 switches the endpoint off, and drops what was on its way', async () => {
    const { id } = await anEndpoint()
    receiver.state.answer = (response) => response.writeHead(500).end()
    await happen()
    receiver.state.answer = (response) => response.writeHead(410).end()
    await happen()
    expect(await endpointRow(id)).toMatchObject({ isActive: false, disabledReason: expect.stringContaining('410') })
    expect((await deliveries()).map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([null, null])
    const where = { tenantId: tenant.id, action: 'webhook_endpoint.disabled' }
    expect(await support.database.system.auditEntry.count({ where })).toBe(1)
    const shown = { webhookEndpoints: [{ id, isActive: false, disabledReason: expect.stringContaining('410') }] }
    expect((await ask(listEndpoints)).data).toMatchObject(shown)
    await saved({ id })
    expect(await endpointRow(id)).toMatchObject({ isActive: true, failingSince: null, disabledReason: null })
  })

  it('after five days of failures switches the endpoint off', async () => {
    const { id } = await anEndpoint()
    receiver.state.answer = (response) => response.writeHead(500).end()
    const failingSince = new Date(support.clock.now().getTime() - 5 * 86_400_000)
    await support.database.system.webhookEndpoint.updateMany({ where: { id }, data: { failingSince } })
    await happen()
    expect(await endpointRow(id)).toMatchObject({ isActive: false, failingSince, disabledReason: expect.any(String) })
  })

  it('by a redirect is not followed', async () => {
    await anEndpoint()
    receiver.state.answer = (response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end()
    await happen()
    expect(receiver.got.map(({ path }) => path)).toEqual(['/'])
    expect(await deliveries()).toMatchObject([{ statusCode: 302, deliveredAt: null }])
  })

  it('by an answer that does not come is cut off', async () => {
    await anEndpoint()
    receiver.state.answer = () => {}
    await change(support, ticket, tagged('slow'))
    await enqueued()
    await aSender({ deadlineMs: 50 }).drain()
    expect(await deliveries()).toMatchObject([{ attempt: 1, statusCode: null, lastError: 'It took too long.' }])
  })

  it('because nobody listens is made again', async () => {
    await anEndpoint({ url: 'http://127.0.0.1:9/' })
    await happen()
    expect(await deliveries()).toMatchObject([
      { attempt: 1, statusCode: null, lastError: expect.stringContaining('reached') },
    ])
  })
})

/** Deliveries that nobody has tried yet: as the follower makes them. */
async function enqueued(count = 1, endpointId?: string): Promise<void> {
  const { database, clock } = support
  const { id } = await database.system.webhookEndpoint.findFirstOrThrow({
    where: { tenantId: tenant.id, ...(endpointId && { id: endpointId }) },
  })
  const now = clock.now()
  const one = { tenantId: tenant.id, endpointId: id, body: '{}', createdAt: now, nextAttemptAt: now }
  await database.system.webhookDelivery.createMany({
    data: Array.from({ length: count }, () => ({ ...one, id: crypto.randomUUID(), eventId: crypto.randomUUID() })),
  })
}

describe('a private address', () => {
  const addresses = ['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fc00::1', '::ffff:127.0.0.1']

  it.each(addresses)('behind a name is refused when it is called: %s', async (address) => {
    await anEndpoint({ url: `https://hook.example/` })
    await enqueued()
    const family = address.includes(':') ? 6 : 4
    const resolve: WebhookSenderOptions['resolve'] = (_, _options, callback) =>
      callback(null, [
        { address: '93.184.215.14', family: 4 },
        { address, family },
      ])
    await aSender({ settings: {}, resolve }).drain()
    expect(await deliveries()).toMatchObject([{ attempt: 1, statusCode: null, lastError: 'The address is private.' }])
  })

  it.each(addresses)('is refused when it is called, whatever stands in the table: %s', async (address) => {
    const { id } = await anEndpoint()
    const url = `${receiver.url.replace('127.0.0.1', address.includes(':') ? `[${address}]` : address)}/`
    await support.database.system.webhookEndpoint.updateMany({ where: { id }, data: { url } })
    await enqueued()
    await aSender({ settings: {} }).drain()
    expect(receiver.got).toEqual([])
    expect(await deliveries()).toMatchObject([{ lastError: 'The address is private.' }])
  })
})

describe('several at once', () => {
  it('send each attempt once, whatever instances there are', async () => {
    await anEndpoint()
    await enqueued(30)
    await Promise.all([aSender().drain(), aSender().drain()])
    const ids = receiver.got.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(30)
    expect(new Set(ids).size).toBe(30)
    expect((await deliveries()).every(({ attempt, deliveredAt }) => attempt === 1 && deliveredAt)).toBe(true)
  })

  it('leave room for others beside one that is slow', async () => {
    const slow = await anEndpoint({ url: `${receiver.url}/slow` })
    await enqueued(10, slow.id)
    support.clock.advance(1)
    const fast = await anEndpoint({ url: `${receiver.url}/fast` })
    await enqueued(3, fast.id)
    const waiting: ServerResponse[] = []
    const allFast = Promise.withResolvers<void>()
    let isFree = false
    receiver.state.answer = (response, { path }) => {
      if (path === '/slow' && !isFree) {
        waiting.push(response)
        return
      }
      response.writeHead(204).end()
      if (receiver.got.filter((got) => got.path === '/fast').length === 3) allFast.resolve()
    }
    // No deadline frees what a slow one holds.
    const drained = aSender({ deadlineMs: 3_600_000 }).drain()
    await allFast.promise
    expect(receiver.got.filter(({ path }) => path === '/slow').length).toBeLessThanOrEqual(4)
    isFree = true
    for (const response of waiting) response.writeHead(204).end()
    await drained
    expect(receiver.got).toHaveLength(13)
  })

  it('take up what an instance that died had in hand', async () => {
    await anEndpoint()
    await enqueued()
    const taken = await takeDue(support.database.system, support.clock.now(), [])
    expect(taken).toMatchObject({ attempt: 1 })
    await aSender().drain()
    expect(receiver.got).toEqual([])
    support.clock.advance(60_000)
    await aSender().drain()
    expect(receiver.got).toMatchObject([{ headers: { 'webhook-id': taken!.eventId } }])
    expect(await deliveries()).toMatchObject([{ attempt: 2, deliveredAt: expect.any(Date) }])
  })
})

describe('an endpoint', () => {
  it('shows its secret once, and what was sent', async () => {
    const { endpoint, secret, userErrors } = await saved({ eventTypes: ['TAGGED', 'TAGGED'] })
    expect(userErrors).toEqual([])
    expect(secret).toMatch(/^whsec_/)
    expect(endpoint!.secretHint).toBe(secret!.slice(-4))
    for (let n = 0; n < 3; n += 1) await happen()
    const { data } = await ask<{ webhookEndpoints: object[] }>(listEndpoints)
    expect(data!.webhookEndpoints).toMatchObject([
      { id: endpoint!.id, url: `${receiver.url}/`, isActive: true, eventTypes: ['TAGGED'], failingSince: null },
    ])
    expect(data!.webhookEndpoints).toMatchObject([
      { deliveries: { nodes: [{ statusCode: 204 }, { statusCode: 204 }], pageInfo: { hasNextPage: true } } },
    ])
    expect((await saved({ id: endpoint!.id })).secret).toBeNull()
    const audit = await support.database.system.auditEntry.findMany({ where: { tenantId: tenant.id } })
    expect(JSON.stringify(audit)).not.toContain(secret)
  })

  it('is refused with a bad address, no or unknown types, and beyond twenty', async () => {
    expect((await saved({ url: 'http://shop.example' })).userErrors).toEqual(refusal('INVALID', 'input', 'url'))
    expect((await saved({ url: 'https://10.0.0.1/' })).userErrors).toEqual(refusal('INVALID', 'input', 'url'))
    expect((await saved({ eventTypes: [] })).userErrors).toEqual(refusal('REQUIRED', 'input', 'eventTypes'))
    const unsent = await saved({ eventTypes: ['LEFT_VIEW'] })
    expect(unsent.userErrors).toEqual(refusal('INVALID', 'input', 'eventTypes'))
    await Promise.all(Array.from({ length: 22 }, () => saved()))
    expect(await support.database.system.webhookEndpoint.count({ where: { tenantId: tenant.id } })).toBe(20)
    expect((await saved()).userErrors).toEqual(refusal('LIMIT_EXCEEDED', 'input'))
  })

  it('is removed with what was on its way', async () => {
    const { id } = await anEndpoint()
    await enqueued(2)
    expect((await ask(remove, { id })).data).toEqual({ deleteWebhookEndpoint: { deletedId: id, userErrors: [] } })
    expect(await deliveries()).toEqual([])
    expect((await ask(remove, { id })).data).toMatchObject({
      deleteWebhookEndpoint: { userErrors: refusal('NOT_FOUND', 'input', 'id') },
    })
  })

  it('is for managers to change and for leads to see, and of no other business', async () => {
    const { id } = await anEndpoint()
    const lead = await support.asAgent(await support.anAgent(tenant, { role: 'TEAM_LEAD' }))
    expect((await saved({}, lead)).userErrors).toEqual(refusal('FORBIDDEN'))
    expect((await lead<{ webhookEndpoints: object[] }>(listEndpoints)).data?.webhookEndpoints).toHaveLength(1)
    const senior = await support.asAgent(await support.anAgent(tenant, { role: 'SENIOR_AGENT' }))
    expect(codesOf(await senior(listEndpoints))).toEqual(['FORBIDDEN'])
    const stranger = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect((await saved({ id }, stranger)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    expect((await stranger(listEndpoints)).data).toEqual({ webhookEndpoints: [] })
  })

  it('keeps what was sent for 30 days', async () => {
    await anEndpoint()
    await happen()
    receiver.state.answer = (response) => response.writeHead(500).end()
    await happen()
    await purgeDeliveries(support.database.system, new Date(support.clock.now().getTime() + 31 * 86_400_000))
    expect(await deliveries()).toMatchObject([{ deliveredAt: null, statusCode: 500 }])
  })
})
