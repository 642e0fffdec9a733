import { askPeer, type PeerMeans } from '@quimbi/service/peer-graph.ts'
import { z } from 'zod'
import { deadlineMs, type InsightSource } from './ask.ts'

const query = `query SupportInsight($customerId: ID!) { customerInsight(customerId: $customerId) {
  churnRisk { score basis { asOf } } ltvForecast { amount { amount } } dna { archetype { name } } } }`

const answer = z.object({
  customerInsight: z
    .object({
      churnRisk: z.object({ score: z.number(), basis: z.object({ asOf: z.coerce.date() }) }).nullable(),
      ltvForecast: z.object({ amount: z.object({ amount: z.coerce.number() }) }).nullable(),
      dna: z.object({ archetype: z.object({ name: z.string() }) }).nullable(),
    })
    .nullable(),
})

/** Intelligence's graph as a source of insight. Nothing is known of who never ordered. */
export function insightClient(means: PeerMeans): InsightSource {
  const ask = askPeer(means, { service: 'support', dependency: 'insight', deadlineMs })
  return async ({ tenantId, customerId }, signal) => {
    const { customerInsight: known } = await ask({ query, variables: { customerId } }, answer, { tenantId, signal })
    if (!known?.churnRisk) return null
    const { churnRisk, ltvForecast, dna } = known
    return {
      churnRisk: churnRisk.score,
      lifetimeValue: ltvForecast?.amount.amount ?? null,
      archetype: dna?.archetype.name ?? null,
      asOf: churnRisk.basis.asOf,
    }
  }
}
