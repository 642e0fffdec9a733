import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext, GraphQLResponse } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { DocumentNode } from 'graphql'
import { GraphQLError, NoSchemaIntrospectionCustomRule, validate } from 'graphql'
import { factsOf } from './federation-door.ts'
import type { Metrics, Outcome } from './metrics.ts'
import { tellingOfConditions } from './root-conditions.ts'

/** What an operation of Apollo Server's can be hooked with. */
export type GraphQLPlugin<C extends BaseContext> = ApolloServerPlugin<C>
export type PluginRequest<C extends BaseContext> = GraphQLRequestContext<C>

/** What Apollo would add by itself: pages, reports to its cloud, and traces in answers, which name every error. */
export const disabledPlugins: ApolloServerPlugin[] = [
  ApolloServerPluginLandingPageDisabled(),
  ApolloServerPluginUsageReportingDisabled(),
  ApolloServerPluginSchemaReportingDisabled(),
  ApolloServerPluginInlineTraceDisabled(),
  ApolloServerPluginCacheControlDisabled(),
]

/** Counts and times operations. */
export function metricsPlugin<C extends BaseContext>(metrics: Metrics): ApolloServerPlugin<C> {
  return {
    async requestDidStart() {
      const started = performance.now()
      return {
        async willSendResponse({ operation, response }) {
          const seconds = (performance.now() - started) / 1000
          metrics.observeOperation({ type: operation?.operation ?? 'unknown', outcome: outcomeOf(response), seconds })
        },
      }
    },
  }
}

/** Refuses subscriptions, which Apollo Server would run as queries. */
export const subscriptionsElsewhere: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async validationDidStart(request) {
        Object.assign(request, { document: tellingOfConditions(request.document, request.schema) })
      },
      async didResolveOperation({ operation }) {
        if (operation?.operation !== 'subscription') return
        throw new GraphQLError('Subscribe over a WebSocket (graphql-ws) or server-sent events', {
          extensions: { code: 'BAD_REQUEST', reason: 'SUBSCRIPTION', http: { status: 400 } },
        })
      },
    }
  },
}

/** Refuses introspection to everybody but the gateway and those who may. */
export function introspectionPlugin<C extends BaseContext>(
  may: (context: C) => boolean = () => false,
): ApolloServerPlugin<C> {
  // Apollo keeps parsed documents, so each is looked through once.
  const introspects = new WeakMap<DocumentNode, boolean>()
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, schema, contextValue }) {
          if (factsOf(contextValue)?.caller === 'gateway') return
          const known =
            introspects.get(document) ?? validate(schema, document, [NoSchemaIntrospectionCustomRule]).length > 0
          introspects.set(document, known)
          if (known && !may(contextValue)) throw introspectionRefused()
        },
      }
    },
  }
}

function introspectionRefused(): GraphQLError {
  return new GraphQLError('Introspection is not available here', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  })
}

function outcomeOf({ body }: GraphQLResponse): Outcome {
  const { data, errors } = body.kind === 'single' ? body.singleResult : body.initialResult
  if (!errors?.length) return 'ok'
  return data ? 'partial' : 'error'
}
