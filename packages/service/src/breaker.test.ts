import fc from 'fast-check'
import { Registry } from 'prom-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { breakerMetrics } from './breaker-metrics.ts'
import { createBreaker, type Breaker } from './breaker.ts'
import { fixedClock, type FixedClock } from './clock.ts'

let clock: FixedClock
let registry: Registry
let breaker: Breaker
beforeEach(() => {
  clock = fixedClock('2026-11-21T12:00:00.000Z')
  registry = new Registry()
  breaker = createBreaker({ clock, metrics: breakerMetrics(registry, 'support', 'triage') })
})

const ok = async () => 'answer'
const fail = async () => Promise.reject(new Error('away'))
const away = expect.objectContaining({
  extensions: expect.objectContaining({ code: 'SUBGRAPH_UNAVAILABLE', retryable: true }) as object,
})

async function failTimes(times: number): Promise<void> {
  for (let n = 0; n < times; n++) await expect(breaker.run(fail)).rejects.toThrow('away')
}

const metric = async (name: string, labels: object = {}) =>
  (await registry.getSingleMetric(name)!.get()).values.find((value) =>
    Object.entries(labels).every(([key, label]) => value.labels[key] === label),
  )?.value

describe('a breaker', () => {
  it('opens after five failures in a row, and then does no work', async () => {
    await failTimes(4)
    expect(await breaker.run(ok)).toBe('answer')
    await failTimes(5)
    expect(breaker.state).toBe('open')
    let calls = 0
    const counted = async () => (calls += 1)
    await expect(breaker.run(counted)).rejects.toEqual(away)
    clock.advance(9_999)
    await expect(breaker.run(counted)).rejects.toMatchObject({ extensions: { retryAfterMs: 1 } })
    expect(calls).toBe(0)
  })

  it('lets one call try after ten seconds, and closes when that one succeeds', async () => {
    await failTimes(5)
    clock.advance(10_000)
    const trial = Promise.withResolvers<string>()
    const tried = breaker.run(() => trial.promise)
    expect(breaker.state).toBe('half-open')
    await expect(breaker.run(ok)).rejects.toEqual(away)
    trial.resolve('back')
    expect(await tried).toBe('back')
    expect(breaker.state).toBe('closed')
    expect(await breaker.run(ok)).toBe('answer')
  })

  it('opens again for as long when that one fails', async () => {
    await failTimes(5)
    clock.advance(10_000)
    await failTimes(1)
    expect(breaker.state).toBe('open')
    clock.advance(9_999)
    await expect(breaker.run(ok)).rejects.toEqual(away)
    clock.advance(1)
    expect(await breaker.run(ok)).toBe('answer')
  })

  it('is open no longer when the clock is set back', async () => {
    await failTimes(5)
    clock.advance(-3_600_000)
    await expect(breaker.run(ok)).rejects.toMatchObject({ extensions: { retryAfterMs: 10_000 } })
    clock.advance(10_000)
    expect(await breaker.run(ok)).toBe('answer')
  })

  it('hears nothing of calls that began before it opened', async () => {
    const old = Promise.withResolvers<string>()
    const slow = breaker.run(() => old.promise)
    await failTimes(5)
    old.resolve('late')
    expect(await slow).toBe('late')
    expect(breaker.state).toBe('open')
  })

  it('takes an answer that is a refusal for an answer', async () => {
    const choosy = createBreaker({ clock, failures: 1, isFailure: (error) => (error as Error).message !== 'no' })
    await expect(choosy.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(choosy.state).toBe('closed')
    await expect(choosy.run(fail)).rejects.toThrow('away')
    expect(choosy.state).toBe('open')
  })

  it('tells in the metrics how it stands and what became of calls', async () => {
    expect(await metric('quimbi_breaker_state')).toBe(0)
    await breaker.run(ok)
    await failTimes(5)
    await breaker.run(ok).catch(() => {})
    expect(await metric('quimbi_breaker_state', { service: 'support', dependency: 'triage' })).toBe(2)
    const outcomes = ['ok', 'failed', 'refused'].map((outcome) => metric('quimbi_breaker_calls_total', { outcome }))
    expect(await Promise.all(outcomes)).toEqual([1, 5, 1])
  })

  it('works at most once in ten seconds while everything fails, whatever the times', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4_000), { minLength: 20, maxLength: 60 }), async (pauses) => {
        const time = fixedClock('2026-01-01T00:00:00.000Z')
        const one = createBreaker({ clock: time })
        const worked: number[] = []
        for (const pause of pauses) {
          time.advance(pause)
          await one
            .run(async () => {
              worked.push(time.now().getTime())
              throw new Error('away')
            })
            .catch(() => {})
        }
        const trials = worked.slice(4)
        for (const [n, at] of trials.entries()) if (n > 0) expect(at - trials[n - 1]!).toBeGreaterThanOrEqual(10_000)
      }),
    )
  })

  it('learns nothing from a call whose caller has left: another may try at once', async () => {
    const left = new Error('left')
    breaker = createBreaker({ clock, isSilent: (error) => error === left })
    const leave = () => breaker.run(() => Promise.reject(left))
    for (let n = 0; n < 10; n++) await expect(leave()).rejects.toBe(left)
    expect(breaker.state).toBe('closed')
    await failTimes(5)
    clock.advance(10_000)
    await expect(leave()).rejects.toBe(left)
    expect(breaker.state).toBe('open')
    expect(await breaker.run(ok)).toBe('answer')
    expect(breaker.state).toBe('closed')
  })
})
