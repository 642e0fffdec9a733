import { createCostLimits } from '@quimbi/service/cost/cost-limits.ts'
import { costPlugin, priceOf } from '@quimbi/service/cost/cost-plugin.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import type { GraphQLPlugin } from '@quimbi/service/graphql-plugins.ts'
import type { Payment } from '@quimbi/service/subscriptions.ts'
import { throttled } from '@quimbi/service/throttled.ts'
import type { DocumentNode } from 'graphql'
import type { Context } from '../context.ts'
import type { PartnerMetrics } from './metrics.ts'

export type PartnerCosts = {
  /** In this order. */
  plugins: readonly GraphQLPlugin<Context>[]
  /** What the request with this context was charged. */
  costOf(context: object): number
  /** Takes the price of one event with the subscription, and again for each event after the first. */
  price(context: Context, document: DocumentNode, operation: GraphQLOperation): Promise<Payment>
}

/** What partners' documents cost, by the directives of their schema. */
export function partnerCosts(sdl: string, maxCost: number, metrics: PartnerMetrics): PartnerCosts {
  const costs = createCostLimits(sdl, maxCost)
  const charges = new WeakMap<object, number>()
  const priced = costPlugin<Context>({
    costs,
    purseOf: ({ admission }) => admission ?? null,
    metrics,
    isTold: () => true,
    charged: (context, points) => void charges.set(context, points),
  })
  return {
    plugins: [priced, telling],
    costOf: (context) => charges.get(context) ?? 1,
    async price({ admission }, document, { variables, operationName }) {
      if (!admission) return async () => 0
      const { requested } = priceOf(() => costs.checkDocument(document, variables, operationName), metrics)
      const { allowed, retryAfterMs } = await admission.take(requested)
      if (!allowed) {
        metrics.refused('budget')
        throw throttled('QUERY_BUDGET', retryAfterMs)
      }
      metrics.priced('requested', requested)
      let isPaid = true
      return async () => {
        const { allowed, retryAfterMs } = isPaid ? free : await admission.pay(requested)
        isPaid = false
        return allowed ? 0 : retryAfterMs
      }
    },
  }
}

const free = { allowed: true, retryAfterMs: 0 }

/** Counts what never came to be priced, such as a document that does not parse; every answer tells what is left. */
const telling: GraphQLPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue: { admission }, response }) {
        if (!admission) return
        await admission.count()
        for (const [name, value] of Object.entries(admission.headers())) response.http.headers.set(name, value)
      },
    }
  },
}
