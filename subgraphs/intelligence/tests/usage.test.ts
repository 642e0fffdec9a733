import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { charge, dayOf } from '../src/assistant/model/usage.ts'
import { dayMs, openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const query = `query ($days: Int) { generationUsage(days: $days) { day generator purpose calls failures inputTokens outputTokens cost } }`
const tenantId = newId()
const spend = (daysAgo: number, purpose: string, costMicros: number) => {
  const day = dayOf(new Date(world.clock.now().getTime() - daysAgo * dayMs))
  const account = { tenantId, day, generator: 'openai:small', purpose }
  const spent = { input: 3_000_000_000, output: 30, costMicros, isFailure: purpose === 'question' }
  return charge(world.database.forTenant(tenantId), account, spent)
}
type Usage = { generationUsage: { day: string; purpose: string; cost: string }[] }
const ask = (variables: object, facts: Parameters<World['ask']>[2]) => world.ask<Usage>(query, { ...variables }, facts)

it('tells managers what language models cost, day by day, of their own tenant', async () => {
  await spend(0, 'draft', 1_250_001)
  await spend(0, 'question', 7)
  await spend(29, 'draft', 500_000)
  await spend(30, 'draft', 900_000)
  const { data, codes } = await ask({}, await world.agent(tenantId))
  expect(codes).toEqual([])
  expect(data?.generationUsage).toMatchObject([
    { purpose: 'draft', calls: 1, failures: 0, inputTokens: '3000000000', outputTokens: '30', cost: '1.250001' },
    { purpose: 'question', failures: 1, cost: '0.000007' },
    { purpose: 'draft', cost: '0.500000' },
  ])
  expect(data?.generationUsage[0]?.day).toBe(dayOf(world.clock.now()).toISOString())
  expect((await ask({ days: 31 }, await world.agent(tenantId))).data?.generationUsage).toHaveLength(4)
  expect((await ask({}, await world.agent(newId()))).data?.generationUsage).toEqual([])
})

it('is for managers, for at most 90 days', async () => {
  expect((await ask({}, await world.agent(tenantId, 'TEAM_LEAD'))).codes).toEqual(['FORBIDDEN'])
  for (const days of [0, 91])
    expect((await ask({ days }, await world.agent(tenantId))).codes).toEqual(['BAD_USER_INPUT'])
})
