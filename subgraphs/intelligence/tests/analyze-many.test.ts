import { join } from 'node:path'
import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOrdersFile } from '../src/features/orders-file.ts'
import { lensOf } from '../src/profiles/lens.ts'
import { openWorld, type World } from './kit.ts'

let world: World
let tenantId: string
beforeAll(async () => {
  world = await openWorld()
  tenantId = newId()
  // Models take a moment once; no test is to pay for them.
  await lensOf(world.database.forTenant(tenantId), tenantId)
})
afterAll(() => world.close())

const everything = `query ($input: [AnalyzeCustomerInput!]!) { analyzeCustomers(input: $input) { customerId status userErrors { code path }
  dna { archetype { name } axes { axis dominant { name } memberships { membership } } confidence }
  churnRisk { score level factors { feature contribution explanation } recommendations revenueAtRisk { amount } }
  ltvForecast { amount { amount } interval { low { amount } high { amount } } factors { feature contribution } }
  behavior { totalOrders lifetimeValue { amount } } nextPurchase { expectedAt } engagement { score } lifecycle trajectory { direction }
  communicationGuidance } }`

type Analysis = {
  customerId: string
  status: string
  churnRisk: { score: number } | null
  userErrors: { code: string }[]
}

/** Buyers of a real shop, with all their orders. */
async function buyers(count: number) {
  const histories = await readOrdersFile(join(import.meta.dirname, '../../../../shared/data/cdnow/orders.csv.gz'))
  return histories
    .filter(({ orders }) => orders.length > 0)
    .slice(0, count)
    .map(({ customerId, orders }) => ({
      customerId,
      orders: orders.map(({ at, amount }, n) => ({
        externalId: `${customerId}-${n}`,
        placedAt: new Date(at),
        total: amount.toFixed(2),
        currencyCode: 'USD',
      })),
    }))
}

/** CPU of this thread between two turns of its loop: by the wall, others would decide. */
function longestStretch() {
  const cpu = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1_000
  }
  const began = cpu()
  let [last, longestMs, isOver] = [began, 0, false]
  const tick = () => {
    const now = cpu()
    longestMs = Math.max(longestMs, now - last)
    last = now
    if (!isOver) setImmediate(tick)
  }
  setImmediate(tick)
  return {
    stop() {
      isOver = true
      return { longestMs: Math.max(longestMs, cpu() - last), totalMs: cpu() - began }
    },
  }
}

describe('a thousand customers in one call', () => {
  it('are each answered, and others get their turn meanwhile', { timeout: 240_000 }, async () => {
    const input = await buyers(1_000)
    expect(input).toHaveLength(1_000)
    // One of them is wrong, and refused on its own.
    input[499]!.orders[0]!.total = '-1'
    const meter = longestStretch()
    const { data, codes } = await world.ask<{ analyzeCustomers: Analysis[] }>(
      everything,
      { input },
      await world.agent(tenantId, 'AGENT'),
    )
    const { longestMs, totalMs } = meter.stop()
    expect(codes).toEqual([])
    const analyses = data?.analyzeCustomers ?? []
    expect(analyses.map(({ customerId }) => customerId)).toEqual(input.map(({ customerId }) => customerId))
    expect(analyses[499]).toMatchObject({
      churnRisk: null,
      userErrors: [{ code: 'INVALID', path: ['input', '499', 'orders', '0', 'total'] }],
    })
    const others = analyses.filter((_, n) => n !== 499)
    expect(others.every(({ userErrors, churnRisk }) => userErrors.length === 0 && churnRisk !== null)).toBe(true)
    expect(longestMs).toBeLessThan(totalMs / 3)
  })
})
