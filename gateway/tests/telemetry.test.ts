import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  startTelemetry,
  traceHeaders,
  traced,
  tracedRequest,
  type TelemetryOptions,
} from '@quimbi/service/telemetry.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { fed2, serveAlone, serveCase } from './standalone-kit.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

const subgraphs = {
  things: fed2('type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! }', {
    Query: { thing: () => ({ id: '1' }) },
  }),
  extras: fed2('type Thing @key(fields: "id") { id: ID! extra: String }', {
    Thing: { __resolveReference: (of: object) => of, extra: () => 'more' },
  }),
}

async function graph() {
  const served = await serveCase(subgraphs)
  stops.push(served.stop)
  return { served, ...(await serveAlone(served.supergraph, stops)) }
}

type Processor = NonNullable<TelemetryOptions['processor']>
type Ended = Parameters<Processor['onEnd']>[0]

/** Traces this process into a list. */
function remembering(ratio = 1): Ended[] {
  const ended: Ended[] = []
  const processor: Processor = {
    onStart() {},
    onEnd: (span) => void ended.push(span),
    async forceFlush() {},
    async shutdown() {},
  }
  const telemetry = startTelemetry({ service: 'test', ratio, processor })
  stops.push(() => telemetry?.stop())
  return ended
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`
const query = '{ thing { extra } }'
const named = (spans: Ended[]) => new Map(spans.map((span) => [span.name, span]))

describe('what is traced', () => {
  it('is the request, its plan, each fetch and the shaping, in the trace that the client began', async () => {
    const { post, served } = await graph()
    const ended = remembering()
    await post({ query }, { headers: { traceparent } })
    await expect.poll(() => ended.map(({ name }) => name)).toContain('POST /graphql')
    const spans = named(ended)
    expect([...spans.keys()].sort()).toEqual(['POST /graphql', 'fetch extras', 'fetch things', 'plan', 'shape'])
    const request = spans.get('POST /graphql')
    expect(request?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    expect(request?.attributes).toMatchObject({ 'http.response.status_code': 200 })
    for (const [name, span] of spans) {
      expect(span.spanContext().traceId, name).toBe(traceId)
      if (span !== request) expect(span.parentSpanContext?.spanId, name).toBe(request?.spanContext().spanId)
    }
    for (const { name, headers } of served.asked)
      expect(headers['traceparent']).toBe(`00-${traceId}-${spans.get(`fetch ${name}`)?.spanContext().spanId}-01`)
  })

  it('is told apart where requests run at the same time', async () => {
    const { post } = await graph()
    const ended = remembering()
    await Promise.all([1, 2, 3].map((n) => post({ query: `{ thing { extra } a${n}: __typename }` })))
    await expect.poll(() => ended.length).toBe(15)
    const traces = Map.groupBy(ended, (span) => span.spanContext().traceId)
    expect([...traces.values()].map((spans) => spans.length)).toEqual([5, 5, 5])
  })

  it('is not more than the share that was asked for, whatever a client says', async () => {
    const { ask, served } = await graph()
    const ended = remembering(0)
    expect((await ask({ query }, { headers: { traceparent } })).data).toEqual({ thing: { extra: 'more' } })
    expect(ended).toEqual([])
    expect(served.asked[0]?.headers['traceparent']).toMatch(/-00$/)
  })

  it('is nothing, and nothing is sent, where nobody wants to know', async () => {
    expect(startTelemetry({ service: 'test' })).toBeUndefined()
    const { post, served } = await graph()
    await post({ query }, { headers: { traceparent } })
    expect(served.asked[0]?.headers).not.toHaveProperty('traceparent')
    expect(traceHeaders()).toEqual({})
    expect(await traced('alone', 'internal', async () => 1)).toBe(1)
  })

  it('says that it failed, and not how', async () => {
    const ended = remembering()
    const fails = () => traced('part', 'internal', () => Promise.reject(new Error('ada@shop.example was refused')))
    await expect(tracedRequest('request', {}, fails)).rejects.toThrow('refused')
    expect(ended.map(({ name, status }) => [name, status.code])).toEqual([
      ['part', 2],
      ['request', 2],
    ])
    expect(JSON.stringify(ended.map(({ status, attributes, events }) => [status, attributes, events]))).not.toContain(
      'ada',
    )
  })
})

describe('where spans go', () => {
  it('is an OTLP receiver, with the name of the service', async () => {
    const bodies: string[] = []
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => void chunks.push(chunk))
      request.on('end', () => {
        bodies.push(`${request.url} ${Buffer.concat(chunks).toString()}`)
        response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('{}')
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    stops.push(() => (receiver.close(), receiver.closeAllConnections()))
    const { port } = receiver.address() as AddressInfo
    const { post } = await graph()
    const telemetry = startTelemetry({ service: 'gateway', endpoint: `http://127.0.0.1:${port}/` })
    await post({ query })
    await telemetry?.stop()
    expect(bodies.join()).toContain('/v1/traces ')
    expect(bodies.join()).toContain('"service.name"')
    expect(bodies.join()).toContain('fetch extras')
  })

  it('may be away: requests are answered and the end comes all the same', async () => {
    const { ask } = await graph()
    const telemetry = startTelemetry({ service: 'gateway', endpoint: 'http://127.0.0.1:1' })
    expect((await ask({ query })).data).toEqual({ thing: { extra: 'more' } })
    await telemetry?.stop()
  })
})
