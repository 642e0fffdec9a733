import { GraphQLError } from 'graphql'
import type { BudgetLimit, Verdict } from '../budget.ts'
import type { GraphQLPlugin, PluginRequest } from '../graphql-plugins.ts'
import { throttled } from '../throttled.ts'
import type { CostLimits } from './cost-limits.ts'
import type { Price } from './cost.ts'

/** What a request is paid from. */
export type Purse = {
  limit: BudgetLimit
  take(points: number): Promise<Pick<Verdict, 'allowed' | 'retryAfterMs'>>
  /** Returns what is left. */
  give(points: number): Promise<number>
  /** The same where nobody is told what is left: not waited for. */
  giveLater?(points: number): void
}

export type CostOptions<C extends object> = {
  costs: CostLimits
  /** Who pays; null for whom it is free. */
  purseOf(context: C): Purse | null
  metrics: { priced(kind: 'requested' | 'actual', points: number): void; refused(reason: 'cost' | 'budget'): void }
  /** Whether the answer is to say in `extensions.cost` what it cost. */
  isTold(request: PluginRequest<C>): boolean
  /** Hears what an operation came to, in the end. */
  charged?(context: C, points: number): void
}

// Apollo Server leaves it to whoever executes, which is not asked.
const notThere = () =>
  new GraphQLError('There is no such operation in the document', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  })

type Reserved = { price: Price; purse: Purse; points: number }

/**
 * Prices every operation before it is planned or run, refuses what costs more than one may, reserves the points and gives back those that the
 * answer did not use.
 */
export function costPlugin<C extends object>(options: CostOptions<C>): GraphQLPlugin<C> {
  return {
    async serverWillStart() {
      return {
        schemaDidLoadOrUpdate({ coreSupergraphSdl }) {
          if (coreSupergraphSdl !== undefined) options.costs.update(coreSupergraphSdl)
        },
      }
    },
    async requestDidStart() {
      let reserved: Reserved | undefined
      return {
        async didResolveOperation(request) {
          if (!request.operation) throw notThere()
          reserved = await reserve(request, options)
        },
        async willSendResponse(request) {
          if (reserved) await settle(request, reserved, options)
        },
      }
    },
  }
}

async function reserve<C extends object>(
  { document, request, contextValue }: Pick<PluginRequest<C>, 'request' | 'contextValue' | 'document'>,
  { costs, purseOf, metrics }: CostOptions<C>,
): Promise<Reserved | undefined> {
  const purse = purseOf(contextValue)
  if (!purse || !document) return undefined
  const price = priceOf(() => costs.checkDocument(document, request.variables, request.operationName), metrics)
  // Nothing is quite free: asking costs a point.
  const points = Math.max(1, price.requested)
  const { allowed, retryAfterMs } = await purse.take(points)
  if (!allowed) {
    metrics.refused('budget')
    throw throttled('QUERY_BUDGET', retryAfterMs)
  }
  metrics.priced('requested', points)
  return { price, purse, points }
}

/** A price, or the refusal of what costs too much, counted. */
export function priceOf<P>(price: () => P, metrics: Pick<CostOptions<object>['metrics'], 'refused'>): P {
  try {
    return price()
  } catch (error) {
    metrics.refused('cost')
    throw error
  }
}

async function settle<C extends object>(
  request: PluginRequest<C>,
  { price, purse, points }: Reserved,
  { metrics, charged, isTold }: CostOptions<C>,
): Promise<void> {
  const body = request.response.body
  if (body?.kind !== 'single') return
  const actual = Math.max(1, price.actual(body.singleResult.data))
  metrics.priced('actual', actual)
  charged?.(request.contextValue, actual)
  const back = points - actual
  if (purse.giveLater && !isTold(request)) return back > 0 ? purse.giveLater(back) : undefined
  const remaining = await purse.give(back)
  if (!isTold(request)) return
  const { capacity, perMinute } = purse.limit
  const cost = {
    requestedQueryCost: points,
    actualQueryCost: actual,
    throttleStatus: {
      maximumAvailable: capacity,
      currentlyAvailable: Math.floor(remaining),
      // points a second, as other services tell it
      restoreRate: perMinute / 60,
    },
  }
  body.singleResult.extensions = { ...body.singleResult.extensions, cost }
}
