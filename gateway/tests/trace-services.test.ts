import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCollector, type Collected } from './collector-kit.ts'
import { logIn, openProcesses, post, type Body, type ServiceProcess } from './processes-kit.ts'

// Spans leave a process every five seconds; how long anything takes decides nothing.
const patient = { timeout: 60_000, interval: 100 }

const customerQuery = '{ inbox(first: 1) { nodes { customer { id } } } }'
const ticketMutation =
  'mutation ($input: CreateTicketInput!) { createTicket(input: $input) { ticket { id } userErrors { code } } }'
const orderMutation =
  'mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) { accepted userErrors { code } } }'
const eventsQuery = `query ($id: ID!) { ticket(id: $id) { events { nodes { type changes { field } actor { __typename } } } } }`

describe('a trace through processes of all services', { timeout: 120_000 }, () => {
  let collector: Awaited<ReturnType<typeof openCollector>>
  let world: Awaited<ReturnType<typeof openProcesses>>
  let gateway: ServiceProcess
  let token: string

  beforeAll(async () => {
    collector = await openCollector()
    world = await openProcesses({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    gateway = await world.service('gateway')
    const support = await world.service('support', {}, world.portOf.support)
    const intelligence = await world.service('intelligence', {}, world.portOf.intelligence)
    await Promise.all([gateway, support, intelligence].map((one) => one.start()))
    token = await logIn(gateway)
  }, 120_000)
  afterAll(async () => {
    await world.close()
    await collector.close()
  })

  /** Asks the gateway as a client that traces. */
  async function askIn(traceId: string, query: string, variables: object): Promise<Body> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        connection: 'close',
        authorization: `Bearer ${token}`,
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Body
  }

  /** The way from a span of a service up to the client's, once all of it has been collected. */
  async function wayTo(traceId: string, service: string, name: string): Promise<string[]> {
    const here = () => collector.spans.filter((span) => span.traceId === traceId)
    const isIt = (span: Collected) => span.service === service && span.name === name
    const up = (span: Collected | undefined): string[] => {
      if (!span) return ['nowhere']
      const above = here().find(({ spanId }) => spanId === span.parentSpanId)
      const rest = span.parentSpanId === 'b7ad6b7169203331' ? ['client'] : up(above)
      return [`${span.service}: ${span.name}`, ...rest]
    }
    await expect.poll(() => up(here().find(isIt)).at(-1), patient).toBe('client')
    return up(here().find(isIt))
  }

  it('holds a mutation, and what Support and Intelligence make of its events', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const { data: found } = await post(gateway, customerQuery, {}, token)
    const customerId = (found as { inbox: { nodes: { customer: { id: string } }[] } }).inbox.nodes[0]?.customer.id
    const input = { customerId, subject: 'My lamp', channel: 'EMAIL', initialMessage: 'It broke.' }
    const { data } = await askIn(traceId, ticketMutation, { input })
    expect(data).toMatchObject({ createTicket: { userErrors: [] } })

    const asked = ['support: POST /graphql', 'gateway: fetch support', 'gateway: POST /graphql', 'client']
    const inIntelligence = await wayTo(traceId, 'intelligence', 'apply ticket.opened')
    expect(inIntelligence).toEqual(['intelligence: apply ticket.opened', ...asked])
    for (const name of ['automation', 'webhooks'])
      expect(await wayTo(traceId, 'support', `follow ${name}`)).toEqual([`support: follow ${name}`, ...asked])

    // The trace is for who runs the services, not for who uses them.
    const { id } = (data as { createTicket: { ticket: { id: string } } }).createTicket.ticket
    const shown = await askIn(traceId, eventsQuery, { id })
    expect(shown.errors).toBeUndefined()
    expect(JSON.stringify(shown.data)).toContain('TICKET_CREATED')
    expect(JSON.stringify([data, shown])).not.toContain(traceId)
  })

  it('holds what Support makes of an event of Intelligence', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    const order = { externalId: 'traced', placedAt: new Date().toISOString(), total: '20.00', currencyCode: 'USD' }
    const customer = { externalId: 'never met' }
    const input = { source: 'till', orders: [{ customer, order }] }
    const { data, errors } = await askIn(traceId, orderMutation, { input })
    expect([data, errors]).toEqual([{ ingestOrders: { accepted: 1, userErrors: [] } }, undefined])
    expect(await wayTo(traceId, 'support', 'apply customer.seen')).toEqual([
      ...['support: apply customer.seen', 'intelligence: POST /graphql'],
      ...['gateway: fetch intelligence', 'gateway: POST /graphql', 'client'],
    ])
  })
})
