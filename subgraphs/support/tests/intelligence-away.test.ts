import { fixedClock } from '@quimbi/service/clock.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import type { PeerGraph } from '@quimbi/service/peer-graph.ts'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { triageClient } from '../src/automation/triage-client.ts'
import { insightClient } from '../src/insight/client.ts'
import { openSupport, type Ask, type TestSupport } from './kit.ts'

const graph = vi.fn<PeerGraph>()
const clock = fixedClock('2026-11-21T10:00:00.000Z')
const metrics = createMetrics('support')
let support: TestSupport
let ask: Ask
let customerId: string
beforeAll(async () => {
  const means = { graph, clock, metrics }
  support = await openSupport({ insight: insightClient(means), triage: triageClient(means) })
  const tenant = await support.aTenant()
  ask = await support.asAgent(await support.anAgent(tenant))
  customerId = (await support.aCustomer(tenant)).id
})
afterAll(() => support.close())
beforeEach(() => void graph.mockReset())

const insight = (score: number, asOf: string) => ({
  data: {
    customerInsight: {
      churnRisk: { score, basis: { asOf } },
      ltvForecast: { amount: { amount: '120.50' } },
      dna: { archetype: { name: 'Loyal' } },
    },
  },
})

/** Opens a ticket, as ever; what is known of its customer then. */
async function opened(): Promise<{ churnRisk: number; archetype: string } | null> {
  const query = `mutation ($input: CreateTicketInput!) { createTicket(input: $input) { userErrors { code }
    ticket { customer { insightSnapshot { churnRisk archetype } } } } }`
  const input = { customerId, subject: 'S', channel: 'EMAIL', initialMessage: 'Hello' }
  type Snapshot = { churnRisk: number; archetype: string }
  const { data, errors } = await ask<{
    createTicket: { ticket: { customer: { insightSnapshot: Snapshot | null } } }
  }>(query, { input })
  expect(errors).toEqual([])
  return data!.createTicket.ticket.customer.insightSnapshot
}

const state = async () =>
  (await metrics.registry.getSingleMetric('quimbi_breaker_state')!.get()).values.find(
    ({ labels }) => labels['dependency'] === 'insight',
  )?.value

it('while Intelligence is away tickets open; it is left alone after five failures, and asked again later', async () => {
  graph.mockRejectedValue(new Error('away'))
  for (let n = 0; n < 7; n++) expect(await opened()).toBeNull()
  expect(graph).toHaveBeenCalledTimes(5)
  expect(await state()).toBe(2)

  graph.mockResolvedValue(insight(0.7, '2026-11-21T09:00:00.000Z'))
  expect(await opened()).toBeNull()
  clock.advance(10_000)
  expect(await opened()).toEqual({ churnRisk: 0.7, archetype: 'Loyal' })
  expect(await state()).toBe(0)
  expect(graph).toHaveBeenLastCalledWith(
    expect.objectContaining({ variables: { customerId } }),
    expect.objectContaining({ tenantId: expect.any(String) as string }),
  )
})

it('an answer that comes too late is dropped', async () => {
  const late = Promise.withResolvers<ReturnType<typeof insight>>()
  let isTold = false
  graph.mockImplementation((_, { signal }) => {
    signal?.addEventListener('abort', () => (isTold = true))
    return late.promise
  })
  const before = await opened()
  expect(isTold).toBe(true)
  late.resolve(insight(0.99, '2026-11-21T09:59:00.000Z'))
  graph.mockReset().mockResolvedValue({ data: { customerInsight: null } })
  expect(await opened()).toEqual(before)
})
