import { createGateway } from '@quimbi/gateway/gateway.ts'
import type { SubgraphCall } from '@quimbi/gateway/subgraph-calls.ts'
import { inMemory } from '@quimbi/gateway/subgraph-calls.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenVerifier } from '@quimbi/service/tokens.ts'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { parseSecrets } from '../../scripts/lib/secrets.ts'
import { composeFixture, fixtureSubgraphs, services, type ServiceName } from './engine-fixture.ts'
import { neverAnswering } from './engine-kit.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function serve(changed: Partial<Record<ServiceName, SubgraphCall>> = {}) {
  const answer = fixtureSubgraphs()
  const plain = services.map((name): [string, SubgraphCall] => [name, (operation) => answer(name, operation)])
  const logged: string[] = []
  const log = createLogger({
    service: 'gateway',
    level: 'debug',
    destination: { write: (line) => void logged.push(line) },
  })
  const metrics = createMetrics('gateway', new Registry())
  const gateway = await createGateway({
    supergraphSdl: composeFixture(),
    calls: { ...Object.fromEntries(plain), ...changed },
    log,
    metrics,
    clock: systemClock,
    verifier: createTokenVerifier(parseSecrets(generateSecrets()).AGENT_TOKEN_PUBLIC_KEYS),
    introspection: false,
  })
  const http = createHttp({ service: 'gateway', log, metrics, readiness: async () => ({}) })
  await http.app.register(gateway.routes)
  const { url } = await http.listen(0, '127.0.0.1')
  stops.push(
    () => http.drain(),
    () => gateway.stop(),
  )
  const post = (query: string, signal: AbortSignal | null = null) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ query }),
      signal,
    })
  return { post, metrics, logged: () => logged.map((line) => JSON.parse(line) as { level: string; msg: string }) }
}

describe('the gateway over HTTP', () => {
  it('answers, and counts what it asked', async () => {
    const { post, metrics } = await serve()
    const response = await post('{ one { id popularity } }')
    expect(await response.json()).toEqual({ data: { one: { id: 'b3', popularity: 30 } } })
    const text = await metrics.registry.metrics()
    expect(text).toContain('quimbi_gateway_fetch_duration_seconds_count{subgraph="charts",outcome="ok"} 1')
  })

  it('calls off what it asked when the client hangs up', async () => {
    const { call, reached, calledOff } = neverAnswering()
    const { post, metrics } = await serve({ charts: call })
    const client = new AbortController()
    const response = post('{ one { id popularity } }', client.signal).catch(() => 'gone')
    await reached
    client.abort()
    expect(await response).toBe('gone')
    await calledOff
    await expect
      .poll(() => metrics.registry.metrics())
      .toContain('quimbi_gateway_fetch_duration_seconds_count{subgraph="charts",outcome="left"} 1')
  })

  it('takes no client that hangs up for a failure: what it asked is no error in the log', async () => {
    const { call, reached } = neverAnswering()
    const { post, logged } = await serve({ charts: call })
    const client = new AbortController()
    const response = post('{ one { id popularity } }', client.signal).catch(() => 'gone')
    await reached
    client.abort()
    expect(await response).toBe('gone')
    await expect.poll(logged).toContainEqual(expect.objectContaining({ level: 'debug', msg: 'the client left' }))
    expect(logged().filter(({ level }) => level === 'error')).toEqual([])
  })

  it('logs how a subgraph broke', async () => {
    const { post, logged } = await serve({ catalogue: () => Promise.reject(new Error('broken')) })
    await (await post('{ one { id } }')).text()
    expect(logged()).toContainEqual(expect.objectContaining({ level: 'error', msg: 'internal error' }))
  })

  it('does not call off what was answered', async () => {
    const signals: (AbortSignal | undefined)[] = []
    const answer = fixtureSubgraphs()
    const { post } = await serve({
      catalogue: (operation, _facts, signal) => {
        signals.push(signal)
        return answer('catalogue', operation)
      },
    })
    await (await post('{ one { id } }')).text()
    expect(signals.map((signal) => signal?.aborted)).toEqual([false])
  })

  it('keeps to itself how a subgraph broke', async () => {
    const { post } = await serve({ catalogue: () => Promise.reject(new Error('at 10.0.0.7')) })
    const text = await (await post('{ one { id } }')).text()
    expect(JSON.parse(text)).toMatchObject({
      data: { one: null },
      errors: [{ message: 'Internal server error', path: ['one'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    })
    expect(text).not.toContain('10.0.0.7')
  })
})

describe('a subgraph in this process', () => {
  it('is not waited for once the request is over', async () => {
    const { promise } = Promise.withResolvers<never>()
    const call = inMemory({ execute: () => promise })
    const request = new AbortController()
    const answer = call({ query: '{ a }' }, { requestId: 'test', caller: null }, request.signal)
    request.abort(new Error('over'))
    await expect(answer).rejects.toThrow('over')
  })
})
