import { createServiceClient } from '@quimbi/service/client.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { memoryNonces } from '@quimbi/service/nonces.ts'
import type { ServiceKey } from '@quimbi/service/service-keys.ts'
import { createSignatureVerifier, createSigner } from '@quimbi/service/signing.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { feedDoor, httpSource } from './feed-http.ts'
import type { FeedPage, FeedSource } from './feed.ts'
import { recordedLog, tenantA } from './test-kit.ts'

const key = (id: string, service: ServiceKey['service']): ServiceKey => ({ id, service, secret: Buffer.alloc(32, id) })
const keys = [key('i', 'intelligence'), key('g', 'gateway')]

const page: FeedPage = {
  events: [
    {
      position: 9_007_199_254_740_993n,
      eventId: tenantA,
      tenantId: tenantA,
      type: 'customer.seen',
      occurredAt: new Date('2026-11-21T10:00:00.123Z'),
      payload: { customerId: tenantA, refs: [] },
    },
  ],
  position: 9_007_199_254_740_994n,
  head: 9_007_199_254_740_995n,
  atEnd: false,
}

async function door(source: FeedSource) {
  const { app, drain, listen } = createHttp({
    service: 'support',
    log: recordedLog().log,
    metrics: createMetrics('support'),
    readiness: async () => ({}),
    signatures: createSignatureVerifier({ keys, nonces: memoryNonces(), clock: systemClock }),
  })
  await app.register(feedDoor({ source, verify: (request) => request.caller, readers: ['intelligence'] }))
  const { url } = await listen(0, '127.0.0.1')
  onTestFinished(() => drain(0))
  return url
}

function reader(url: string, service: 'intelligence' | 'gateway') {
  const client = createServiceClient({ baseUrl: url, signer: createSigner(keys, service), timeoutMs: 5_000 })
  onTestFinished(() => client.close())
  return httpSource(client)
}

const request = { after: null, topics: ['customer.seen'], limit: 10 } as const

describe('the feed over HTTP', () => {
  it('gives the same page as in memory, positions beyond what a number holds included', async () => {
    const asked: unknown[] = []
    const url = await door({ pull: async (request) => (asked.push(request), page) })
    expect(await reader(url, 'intelligence').pull({ ...request, after: 9_007_199_254_740_992n })).toEqual(page)
    expect(asked).toEqual([{ ...request, after: 9_007_199_254_740_992n }])
  })

  it('answers neither the unsigned nor another service', async () => {
    const url = await door({ pull: () => Promise.reject(new Error('reached')) })
    const body = JSON.stringify(request)
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${url}/internal/feed`, { method: 'POST', headers, body })).status).toBe(401)
    await expect(reader(url, 'gateway').pull(request)).rejects.toThrow('403')
  })

  it('refuses what is no request', async () => {
    const url = await door({ pull: () => Promise.reject(new Error('reached')) })
    const source = reader(url, 'intelligence')
    await expect(source.pull({ ...request, limit: 1_001 })).rejects.toThrow('400')
    await expect(source.pull({ ...request, after: '-1' })).rejects.toThrow('400')
    await expect(source.pull({ ...request, topics: ['customer.sold' as 'customer.seen'] })).rejects.toThrow('400')
  })

  it.each([
    ['no JSON', 'hello'],
    ['no page', '{"events":[]}'],
    [
      'a page with a date that is none',
      JSON.stringify({
        events: [{ ...page.events[0], position: '1', occurredAt: 'now' }],
        position: '1',
        head: '1',
        atEnd: true,
      }),
    ],
  ])('says so when the sender answers with %s', async (_, body) => {
    const client = { post: async () => ({ status: 200, body }), close: async () => {} }
    const failure = { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }
    await expect(httpSource(client).pull(request)).rejects.toMatchObject(failure)
  })

  it('says so when the sender is away', async () => {
    await expect(reader('http://127.0.0.1:9', 'intelligence').pull(request)).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    })
  })
})
