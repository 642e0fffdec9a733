import { tracesOf } from '@quimbi/events/trace.ts'
import { verifyLog } from '@quimbi/events/verify.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { startTelemetry, traced, tracedRequest, type TelemetryOptions } from '@quimbi/service/telemetry.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { followTickets } from '../src/log/follow.ts'
import { positionNow } from '../src/log/position.ts'
import { openSupport, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { serveLive, take } from './live-kit.ts'

type Processor = NonNullable<TelemetryOptions['processor']>
type Ended = Parameters<Processor['onEnd']>[0]

/** Traces this process into a list. */
function remembering(): Ended[] {
  const ended: Ended[] = []
  const none = async () => {}
  const processor: Processor = {
    onStart() {},
    onEnd: (span) => void ended.push(span),
    forceFlush: none,
    shutdown: none,
  }
  const telemetry = startTelemetry({ service: 'support', processor })
  onTestFinished(() => telemetry?.stop())
  return ended
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const create = `mutation ($input: CreateTicketInput!) {
  createTicket(input: $input) { ticket { id number } userErrors { code path message } } }`
const tag = 'mutation ($input: TagTicketInput!) { tagTicket(input: $input) { asOf userErrors { code } } }'

let support: TestSupport
let tenant: Tenant
let agent: TestAgent
let ask: Ask
let customerId: string

beforeAll(async () => {
  support = await openSupport({ settings: { webhooksToLoopback: true } })
  support.clock.set(new Date())
})
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  agent = await support.anAgent(tenant)
  ask = await support.asAgent(agent)
  customerId = (await support.aCustomer(tenant)).id
})

/** Asks as within a request of the trace; what is wrong with the answer fails the test. */
async function askTraced<T>(query: string, variables: object): Promise<T> {
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  const { data, errors } = await tracedRequest('request', headers, () => ask<T>(query, { ...variables }))
  expect(errors).toEqual([])
  return data!
}

async function openTraced(): Promise<string> {
  const input = { customerId, subject: 'My lamp', channel: 'EMAIL', initialMessage: 'It broke.' }
  const { createTicket } = await askTraced<{ createTicket: { ticket: { id: string } } }>(create, { input })
  return createTicket.ticket.id
}

/** Puts what is committed into the log until the work is done, as a running service would. */
async function sequencing<T>(work: Promise<T>): Promise<T> {
  const state = { isDone: false }
  const done = work.finally(() => (state.isDone = true))
  while (!state.isDone) await support.module.sequence()
  return done
}

const logged = () =>
  support.database.system.loggedEvent.findMany({ where: { tenantId: tenant.id }, orderBy: { sequence: 'asc' } })

describe('a ticket’s events', () => {
  it('carry the trace of the request, those that travel to Intelligence too', async () => {
    await support.module.sequence()
    const before = (await logged()).length
    remembering()
    const id = await openTraced()
    await askTraced(tag, { input: { id, tags: ['a'] } })
    await support.module.sequence()
    const events = (await logged()).slice(before)
    const types = events.map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(['TICKET_CREATED', 'MESSAGE_RECEIVED', 'TAGGED', 'ticket.opened']))
    expect(tracesOf(events).map((trace) => trace.split('-')[1])).toEqual(types.map(() => traceId))
  })

  it('carry none where nothing is traced', async () => {
    const ticket = await support.aTicket(tenant)
    await support.module.sequence()
    const events = await logged()
    expect(events.map(({ ticketId }) => ticketId)).toContain(ticket.id)
    expect(tracesOf(events)).toEqual([])
  })

  it('are followed in that trace', async () => {
    const handle = () => traced('work', 'internal', async () => {})
    const follower = followTickets(
      { ...support, metrics: createMetrics('test') },
      { name: 'traced', types: ['TAGGED'], handle },
    )
    onTestFinished(() => follower.stop())
    const ended = remembering()
    const id = await openTraced()
    await askTraced(tag, { input: { id, tags: ['b'] } })
    await support.module.sequence()
    await follower.drain?.()
    const request = ended.filter(({ name }) => name === 'request').at(-1)
    // It begins at the log's beginning, with what other tests wrote.
    const below = (span: Ended | undefined) =>
      ended.filter((one) => one.parentSpanContext?.spanId === span?.spanContext().spanId)
    const [follow, ...others] = below(request)
    expect([follow?.name, follow?.spanContext().traceId, others]).toEqual(['follow traced', traceId, []])
    expect(below(follow).map(({ name }) => name)).toEqual(['work'])
  })

  it('keep the log’s chain, and are erased with their trace', async () => {
    remembering()
    const id = await openTraced()
    await support.module.sequence()
    const verify = () =>
      verifyLog(support.database.systemPool, { tenantId: tenant.id, links: support.links, now: support.clock.now() })
    expect(await verify()).toBeNull()
    await ask('mutation ($id: ID!) { eraseCustomer(input: { id: $id }) { userErrors { code } } }', { id: customerId })
    await support.module.sequence()
    const left = (await logged()).filter(({ ticketId }) => ticketId === id)
    expect(left.length).toBeGreaterThan(0)
    expect(tracesOf(left)).toEqual([])
    expect(await verify()).toBeNull()
  })
})

describe('the trace is not shown', () => {
  const shows = (what: unknown) => /traceparent|0af7651916cd43dd/.test(JSON.stringify(what))

  it('in the history, in an answer’s place in the log, or in the contract', async () => {
    remembering()
    const id = await openTraced()
    const { tagTicket } = await sequencing(
      askTraced<{ tagTicket: { asOf: string } }>(tag, { input: { id, tags: ['c'] } }),
    )
    expect(tagTicket.asOf).toEqual(expect.any(String))
    const { data, errors } = await ask<{ ticket: { events: { nodes: { type: string }[] } } }>(
      `query ($id: ID!) { ticket(id: $id) { id events(first: 100) { nodes { id cursor type causedBy changes { field from to } message { id content }
        actor { __typename } ticket { id number } } } } events(first: 100) { nodes { id changes { field from to } } } }`,
      { id },
    )
    expect(errors).toEqual([])
    expect(data?.ticket.events.nodes.map(({ type }) => type)).toContain('TAGGED')
    expect(shows([data, tagTicket.asOf, Buffer.from(tagTicket.asOf, 'base64url').toString()])).toBe(false)
    const { data: service } = await support.asGateway({ tenantId: tenant.id })<{ _service: { sdl: string } }>(
      '{ _service { sdl } }',
    )
    expect(service?._service.sdl).toContain('type TicketEvent')
    expect(shows(service)).toBe(false)
  })

  it('to who subscribes', async () => {
    const live = await serveLive(support)
    onTestFinished(() => live.close())
    const client = await live.connectAs(agent)
    await support.module.sequence()
    const after = await positionNow(support.database, tenant.id)
    const query = `subscription ($after: Cursor) { inboxUpdated(after: $after) {
      id cursor type ticketId causedBy actor { __typename } changes { field from to } } }`
    const first = take(client.subscribe<{ inboxUpdated: { ticketId: string } }>(query, { after }), 1)
    remembering()
    const id = await openTraced()
    await support.module.sequence()
    const [result] = await first
    expect(result?.data?.inboxUpdated.ticketId).toBe(id)
    expect(shows(result)).toBe(false)
  })

  it('to webhooks', async () => {
    const save = `mutation ($input: SaveWebhookEndpointInput!) { saveWebhookEndpoint(input: $input) { userErrors { code } } }`
    // Nobody listens there: what would have been sent is kept.
    const input = { url: 'http://127.0.0.1:1', eventTypes: ['TICKET_CREATED'] }
    expect((await ask(save, { input })).errors).toEqual([])
    remembering()
    const id = await openTraced()
    await support.module.settle()
    const sent = await support.database.system.webhookDelivery.findMany({ where: { tenantId: tenant.id } })
    expect(sent.map(({ body }) => (JSON.parse(body) as { data: { ticketId: string } }).data.ticketId)).toEqual([id])
    expect(shows(sent)).toBe(false)
    await support.database.system.webhookEndpoint.deleteMany({ where: { tenantId: tenant.id } })
  })

  it('in an export of a person', async () => {
    remembering()
    await openTraced()
    await support.module.sequence()
    const { errors } = await ask('mutation ($id: ID!) { exportCustomerData(input: { id: $id }) { url } }', {
      id: customerId,
    })
    expect(errors).toEqual([])
    const { content } = await support.database.system.dataExport.findFirstOrThrow({ where: { customerId } })
    const told = JSON.parse(content!) as { events: { type: string; payload: { view: object; changes: object[] } }[] }
    const opened = told.events.find(({ type }) => type === 'TICKET_CREATED')
    expect(opened?.payload).toMatchObject({ view: { channel: 'EMAIL' }, actor: { kind: 'agent' } })
    expect(shows(told)).toBe(false)
  })
})
