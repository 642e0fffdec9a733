import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apple, askFruit, now, openModelWorld, outcomeOf, type Opened } from './model.test-kit.ts'
import * as server from './server.test-kit.ts'

let world: Opened
beforeAll(async () => void (world = await openModelWorld()))
afterAll(() => world.close())

const sent = () => world.server.asked.length
const usage = { prompt_tokens: 120, completion_tokens: 30 }

describe('the account', () => {
  const prices = { OPENAI_INPUT_PRICE: '0.75', OPENAI_OUTPUT_PRICE: '4.5' }

  it('holds what the server says it used, by day and purpose, at the prices given', async () => {
    const { model, tenantId, clock, registry } = world.open(prices)
    world.server.behave(server.streams(apple, usage))
    await Promise.all([1, 2, 3].map(() => askFruit(model, tenantId)))
    clock.advance(12 * 3_600_000)
    world.server.behave(server.answersWhole(apple, usage))
    await askFruit(model, tenantId)
    const row = { generator: 'openai:small', purpose: 'questions', failures: 0 }
    expect(await world.usage(tenantId)).toEqual([
      { ...row, day: now.slice(0, 10), calls: 3, input: 360, output: 90, cost: 675 },
      { ...row, day: '2026-11-22', calls: 1, input: 120, output: 30, cost: 225 },
    ])
    const metrics = await registry.metrics()
    expect(metrics).toContain('quimbi_model_tokens_total{purpose="questions",kind="input"} 480')
    expect(metrics).toContain('quimbi_model_cost_usd_total{purpose="questions"} 0.0009')
    expect(metrics).toContain('quimbi_model_calls_total{purpose="questions",outcome="ok"} 4')
    expect(metrics).toContain('quimbi_model_call_duration_seconds_count{purpose="questions"} 4')
    expect(metrics).not.toContain(tenantId)
  })

  it.each([
    ['where it says nothing', [server.streams(apple)], { failures: 0, input: 5, output: 5 }],
    [
      'where it says nonsense',
      [server.streams(apple, { prompt_tokens: -7, completion_tokens: 1e300 })],
      { failures: 0, input: 5, output: 5 },
    ],
    [
      'where it broke off, for both tries',
      [server.breaksOff('{"fruit"'), server.streams(apple, usage)],
      { failures: 0, input: 125, output: 32 },
    ],
    [
      'not where it refused',
      [server.refuses(429), server.streams(apple, usage)],
      { failures: 0, input: 120, output: 30 },
    ],
  ] as [string, server.Behaviour[], object][])('estimates %s', async (_, behaviours, expected) => {
    const { model, tenantId } = world.open()
    world.server.behave(...behaviours)
    await askFruit(model, tenantId)
    expect(await world.usage(tenantId)).toMatchObject([{ calls: 1, cost: 0, ...expected }])
  })
})

describe('a budget', () => {
  it('that is spent lets no request out, to its tenant alone and until the next day', async () => {
    const { model, tenantId, clock, registry, lines } = world.open({ OPENAI_DAILY_TOKENS: 2_000 })
    const other = newId()
    world.server.behave(server.streams(apple, { prompt_tokens: 400, completion_tokens: 101 }))
    await askFruit(model, tenantId)
    const before = sent()
    for (const _ of [1, 2, 3]) expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_BUDGET')
    expect(sent()).toBe(before)
    expect(await world.usage(tenantId)).toMatchObject([{ calls: 1 }])
    expect(await registry.metrics()).toContain('quimbi_model_calls_total{purpose="questions",outcome="budget"} 3')
    expect(lines).toEqual([])

    expect(await askFruit(model, other)).toEqual({ fruit: 'apple' })
    clock.advance(12 * 3_600_000)
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
  })

  it('is not overdrawn by calls at once', async () => {
    const { model, tenantId } = world.open({ OPENAI_DAILY_TOKENS: 4_000 })
    const before = sent()
    world.server.behave(async (response, asked) => {
      await world.server.seen(before + 2)
      await server.streams(apple, { prompt_tokens: 400, completion_tokens: 1_500 })(response, asked)
    })
    const all = await Promise.all([1, 2, 3, 4].map(() => outcomeOf(askFruit(model, tenantId))))
    expect(all.filter((one) => one === 'MODEL_BUDGET')).toHaveLength(2)
    expect(sent() - before).toBe(2)
    expect(await world.usage(tenantId)).toMatchObject([{ calls: 2, input: 800, output: 3_000 }])
  })

  it('of 0 is none', async () => {
    const { model, tenantId } = world.open({ OPENAI_DAILY_TOKENS: 0 })
    world.server.behave(server.streams(apple, { prompt_tokens: 90_000_000, completion_tokens: 9 }))
    for (const _ of [1, 2]) expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
  })
})
