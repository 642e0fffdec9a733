import { breakerMetrics } from '@quimbi/service/breaker-metrics.ts'
import { fixedClock } from '@quimbi/service/clock.ts'
import { unlessAborted } from '@quimbi/service/deadline.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { UnwellAnswer, type SubgraphCall } from '../subgraph-calls.ts'
import { resilient, type ResilienceOptions } from './resilient.ts'

const facts = { requestId: 'test', caller: null }
const query = { query: 'query A { a }' }
const mutation = { query: 'mutation A { a }' }
const answer = { data: { a: 1 } }
const away = () => codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot be reached', { retryable: true })

/** A guarded subgraph that does these one after the other, the last again and again. */
function guarded(steps: (() => unknown)[], options: Partial<ResilienceOptions> = {}) {
  const clock = fixedClock('2026-11-21T12:00:00.000Z')
  const seen = { calls: 0, retries: 0 }
  const call: SubgraphCall = (_operation, _facts, signal) => {
    const step = steps[Math.min(seen.calls, steps.length - 1)]
    seen.calls += 1
    return unlessAborted(Promise.try(() => step?.()) as ReturnType<SubgraphCall>, signal)
  }
  const means = { clock, deadlineMs: () => 10_000, random: () => 0, onRetry: () => void (seen.retries += 1) }
  const ask = resilient(call, { ...means, ...options })
  return { ask, clock, seen }
}

const fail = () => {
  throw away()
}
const never = () => new Promise<never>(() => {})

describe('a guarded subgraph', () => {
  it('is asked once when it answers, whatever errors the answer has', async () => {
    const failed = { data: null, errors: [{ message: 'no' }] }
    const { ask, seen } = guarded([() => failed])
    for (let n = 0; n < 10; n++) expect(await ask(query, facts)).toBe(failed)
    expect(seen).toEqual({ calls: 10, retries: 0 })
  })

  it('is asked a second time for a query, not a third', async () => {
    const back = guarded([fail, () => answer])
    expect(await back.ask(query, facts)).toBe(answer)
    expect(await back.ask({ query: '{ a }' }, facts)).toBe(answer)
    expect(back.seen).toEqual({ calls: 3, retries: 1 })
    const gone = guarded([fail])
    await expect(gone.ask(query, facts)).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true, retryAfterMs: 1_000 },
    })
    expect(gone.seen).toEqual({ calls: 2, retries: 1 })
  })

  it.each([mutation, { query: 'subscription { a }' }, { query: '# a comment\nmutation { a }' }])(
    'is asked once for what is no query: $query',
    async (operation) => {
      const { ask, seen } = guarded([fail])
      await expect(ask(operation, facts)).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
      expect(seen.calls).toBe(1)
    },
  )

  it('tells what a service said that is not well, after a second try', async () => {
    const said = { errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }
    const unwell = () => {
      throw new UnwellAnswer(said)
    }
    const { ask, seen } = guarded([unwell])
    expect(await ask(query, facts)).toBe(said)
    expect(seen.calls).toBe(2)
    expect(await guarded([unwell, () => answer]).ask(query, facts)).toBe(answer)
  })

  it('is not waited for longer than the deadline, and not asked again after it', async () => {
    const { ask, seen } = guarded([never], { deadlineMs: () => 20 })
    await expect(ask(query, facts)).rejects.toMatchObject({
      message: 'The service did not answer in time',
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true, retryAfterMs: 1_000 },
    })
    expect(seen.calls).toBe(1)
  })

  it('is waited for as long as the request lasts when it changes something', async () => {
    const late = Promise.withResolvers<unknown>()
    const { ask } = guarded([() => late.promise], { deadlineMs: () => 1 })
    const asked = ask(mutation, facts)
    await new Promise((resolve) => setTimeout(resolve, 20))
    late.resolve(answer)
    expect(await asked).toBe(answer)
  })

  it('is left alone after five failures, for two seconds', async () => {
    const registry = new Registry()
    const { ask, seen, clock } = guarded([fail], { breaker: breakerMetrics(registry, 'gateway', 'support') })
    for (let n = 0; n < 5; n++) await expect(ask(mutation, facts)).rejects.toThrow('cannot be reached')
    await expect(ask(query, facts)).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true, retryAfterMs: 2_000 },
    })
    expect(seen.calls).toBe(5)
    expect(await registry.metrics()).toContain('quimbi_breaker_state{service="gateway",dependency="support"} 2')
    clock.advance(2_000)
    await expect(ask(mutation, facts)).rejects.toThrow('cannot be reached')
    expect(seen.calls).toBe(6)
  })

  it('counts a service that is not well as a failure', async () => {
    const { ask, seen } = guarded([
      () => {
        throw new UnwellAnswer({ errors: [{ message: 'no' }] })
      },
    ])
    for (let n = 0; n < 5; n++) await ask(mutation, facts)
    await expect(ask(mutation, facts)).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
    expect(seen.calls).toBe(5)
  })

  it('is not blamed for clients that leave', async () => {
    const { ask, seen } = guarded([never])
    for (let n = 0; n < 10; n++) {
      const client = new AbortController()
      const asked = ask(query, facts, client.signal)
      client.abort(new Error('gone'))
      await expect(asked).rejects.toThrow('gone')
    }
    expect(seen).toEqual({ calls: 10, retries: 0 })
  })

  it('lets what is no outage through as it is', async () => {
    const { ask } = guarded([() => Promise.reject(new Error('broken'))])
    await expect(ask(query, facts)).rejects.toThrow('broken')
  })
})
