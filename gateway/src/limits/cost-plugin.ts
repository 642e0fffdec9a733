import type { Account } from '@quimbi/service/budget.ts'
import type { Price } from '@quimbi/service/cost/cost.ts'
import type { GraphQLPlugin, PluginRequest } from '@quimbi/service/graphql-plugins.ts'
import { throttled } from '@quimbi/service/throttled.ts'
import { GraphQLError } from 'graphql'
import type { GatewayContext } from '../context.ts'
import { accountsOf } from './accounts.ts'
import type { CostLimits } from './cost-limits.ts'
import type { LimitsMetrics } from './limits-metrics.ts'
import type { Limits } from './limits.ts'

/** Asks for `extensions.cost` in the answer. */
const costHeader = 'x-quimbi-cost'

// Apollo Server leaves it to whoever executes, which is not asked.
const notThere = () =>
  new GraphQLError('There is no such operation in the document', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  })

type Reserved = { price: Price; accounts: readonly Account[]; points: number }
type Request = PluginRequest<GatewayContext>

/**
 * Prices every operation before it is planned, refuses what costs more than one may, reserves the points and gives back those that the answer
 * did not use. Our own services pay nothing.
 */
export function costPlugin(costs: CostLimits, limits: Limits, metrics: LimitsMetrics): GraphQLPlugin<GatewayContext> {
  return {
    async serverWillStart() {
      return {
        schemaDidLoadOrUpdate({ coreSupergraphSdl }) {
          if (coreSupergraphSdl !== undefined) costs.update(coreSupergraphSdl)
        },
      }
    },
    async requestDidStart() {
      let reserved: Reserved | undefined
      return {
        async didResolveOperation(request) {
          if (!request.operation) throw notThere()
          reserved = await reserve(request, costs, limits, metrics)
        },
        async willSendResponse(request) {
          if (reserved) await settle(request, reserved, limits, metrics)
        },
      }
    },
  }
}

async function reserve(
  {
    document,
    request,
    contextValue,
  }: Pick<Request, 'request' | 'contextValue'> & { document: NonNullable<Request['document']> },
  costs: CostLimits,
  limits: Limits,
  metrics: LimitsMetrics,
): Promise<Reserved | undefined> {
  const accounts = accountsOf(contextValue, limits)
  if (!accounts) return undefined
  const price = priceOf(() => costs.checkDocument(document, request.variables, request.operationName), metrics)
  // Nothing is quite free: asking costs a point.
  const points = Math.max(1, price.requested)
  const verdict = await limits.budget.take(accounts, points)
  if (!verdict.allowed) {
    metrics.refused('budget')
    throw throttled('QUERY_BUDGET', verdict.retryAfterMs)
  }
  metrics.priced('requested', points)
  return { price, accounts, points }
}

function priceOf(price: () => Price, metrics: LimitsMetrics): Price {
  try {
    return price()
  } catch (error) {
    metrics.refused('cost')
    throw error
  }
}

async function settle(
  { request, response }: Pick<Request, 'request' | 'response'>,
  { price, accounts, points }: Reserved,
  { budget }: Limits,
  metrics: LimitsMetrics,
): Promise<void> {
  const { body } = response
  if (body?.kind !== 'single') return
  const actual = Math.max(1, price.actual(body.singleResult.data))
  metrics.priced('actual', actual)
  const remaining = await budget.give(accounts, points - actual)
  if (request.http?.headers.get(costHeader) !== '1') return
  const [{ limit }] = accounts as [Account]
  const cost = {
    requestedQueryCost: points,
    actualQueryCost: actual,
    throttleStatus: {
      maximumAvailable: limit.capacity,
      currentlyAvailable: Math.floor(remaining[0] ?? 0),
      // points a second, as other services tell it
      restoreRate: limit.perMinute / 60,
    },
  }
  body.singleResult.extensions = { ...body.singleResult.extensions, cost }
}
