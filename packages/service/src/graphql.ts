import { AsyncLocalStorage } from 'node:async_hooks'
import { ApolloServer, HeaderMap, type ApolloServerOptions } from '@apollo/server'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { DocumentNode, FormattedExecutionResult, GraphQLSchema } from 'graphql'
import { concatAST, parse } from 'graphql'
import type { Facts } from './authenticate.ts'
import { clientLimits, gatewayLimits, refuseBeyond, type DocumentLimits } from './document-limits.ts'
import { bindFacts, guardFederation } from './federation-door.ts'
import { disabledPlugins, introspectionPlugin, metricsPlugin, subscriptionsElsewhere } from './graphql-plugins.ts'
import { failureOf } from './http-errors.ts'
import { mayComeFromForeignPage, statusFor } from './graphql-over-http.ts'
import type { Logger } from './logging.ts'
import { maskErrors, type FormatError } from './mask-errors.ts'
import type { Metrics } from './metrics.ts'
import { withDocument } from './persisted-http.ts'
import type { Persisted } from './persisted-store.ts'
import { createSubscriber, type Live, type Subscribe } from './subscriptions.ts'
import { tracedRequest } from './telemetry.ts'
import type { ServiceName } from './viewer.ts'
import { liveMetrics } from './websocket-metrics.ts'
import type { WebSocketLimits } from './websocket-limits.ts'
import { createWebSocketDoor, type WebSocketDoor } from './websocket.ts'

export type GraphQLOperation = {
  query: string
  variables?: Record<string, unknown> | undefined
  operationName?: string | undefined
  /** What names the document where it is not sent; see `persisted.ts`. */
  named?: { documentId?: unknown; extensions?: unknown } | undefined
}

export type HttpExchange = { request: FastifyRequest; reply: FastifyReply }

export type GraphQLOptions<C extends object> = {
  /** A fresh context for each request; coded errors it throws are the answer. Over HTTP it is given the exchange. */
  context: (facts: Facts, exchange?: HttpExchange) => Promise<C>
  log: Logger
  metrics: Metrics
  /** Whether others than the gateway may introspect; false in production. */
  introspection: boolean
  /** Where the HTTP door is; `/graphql`. */
  path?: string
  /** Of one document; a client's unless given. */
  limits?: DocumentLimits
  /** Bytes of one request; the server's unless given. */
  bodyLimit?: number
  /** How errors meet the client; masked unless given. */
  formatError?: FormatError
  /** How documents are named instead of sent; not at all unless given. */
  persisted?: Persisted | undefined
  /** Who may introspect all the same, where `introspection` is false. */
  mayIntrospect?: (context: C) => boolean
  /** What else of Apollo Server's is to run. */
  plugins?: ApolloServerOptions<C>['plugins'] & object
}

export type GraphQLDoor<C extends object> = {
  /** A context for executing by other means, such as a subscription. */
  contextFor(facts: Facts): Promise<C>
  /** Runs an operation in this process. Never throws: failures are in `errors`, masked. */
  execute(operation: GraphQLOperation, facts: Facts): Promise<FormattedExecutionResult>
  /** The HTTP door, for a server made by createHttp. */
  routes: FastifyPluginAsync
  stop(): Promise<void>
}

export type SubgraphOptions<C extends object> = GraphQLOptions<C> & {
  name: ServiceName | (string & {})
  typeDefs: string | DocumentNode | DocumentNode[]
  /** The resolver map; its types are checked where it is written, against generated ones. */
  resolvers: object
  /** Of a subgraph with subscriptions. */
  live?: Live<C> | undefined
  webSocketLimits?: Partial<WebSocketLimits> | undefined
}

/** The live doors of a subgraph: in this process, and for `HttpServer.upgrade`. */
export type LiveDoors = { subscribe: Subscribe; sockets: WebSocketDoor }

export type Subgraph<C extends object> = GraphQLDoor<C> & { schema: GraphQLSchema; live: LiveDoors | undefined }

/** A subgraph whose federation fields answer to the gateway only, in memory as over HTTP. */
export async function createSubgraph<C extends object>(options: SubgraphOptions<C>): Promise<Subgraph<C>> {
  const schema = subgraphSchema(options)
  const live = options.live && liveDoors(schema, options, options.live)
  return { schema, live, ...(await createGraphQL<C>({ schema }, { limits: gatewayLimits, ...options })) }
}

function liveDoors<C extends object>(schema: GraphQLSchema, options: SubgraphOptions<C>, live: Live<C>): LiveDoors {
  const { context, log, webSocketLimits: limits } = options
  const metrics = liveMetrics(options.metrics.registry, options.name)
  const subscribe = createSubscriber<C>({ schema, context, live, log, metrics })
  const connect = async (facts: Facts) => {
    const known = await context(facts)
    return { viewer: live.viewer(known), watch: (end: Parameters<typeof live.watch>[1]) => live.watch(known, end) }
  }
  return { subscribe, sockets: createWebSocketDoor({ subscribe, connect, log, metrics, ...(limits && { limits }) }) }
}

type Served<C extends object> = Pick<ApolloServerOptions<C>, 'gateway'> | { schema: GraphQLSchema }

/** Apollo Server over a schema or a gateway, in memory and over HTTP, with errors masked and operations measured. */
export async function createGraphQL<C extends object>(
  served: Served<C>,
  options: GraphQLOptions<C>,
): Promise<GraphQLDoor<C>> {
  const { log, metrics, path = '/graphql', limits = clientLimits } = options
  // Apollo's formatError knows nothing of the request it formats for.
  const current = new AsyncLocalStorage<Facts>()
  const formatError = options.formatError ?? maskErrors({ log, requestId: () => current.getStore()?.requestId })
  const settings = {
    ...served,
    ...refuseBeyond(limits),
    formatError,
    logger: log,
    plugins: [
      ...disabledPlugins,
      metricsPlugin(metrics),
      subscriptionsElsewhere,
      ...(options.introspection ? [] : [introspectionPlugin<C>(options.mayIntrospect)]),
      ...(options.plugins ?? []),
    ],
    introspection: true,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: options.persisted ? { cache: options.persisted.store } : (false as const),
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
  }
  const apollo = new ApolloServer<C>(settings as ApolloServerOptions<C>)
  await apollo.start()

  const contextFor = async (facts: Facts, exchange?: HttpExchange) =>
    bindFacts(await options.context(facts, exchange), facts)

  async function execute(operation: GraphQLOperation, facts: Facts): Promise<FormattedExecutionResult> {
    return current.run(facts, async () => {
      try {
        const { query, variables = {}, operationName } = operation
        const request = { query, variables, ...(operationName !== undefined && { operationName }) }
        const { body } = await apollo.executeOperation(request, { contextValue: await contextFor(facts) })
        if (body.kind !== 'single') throw new Error('incremental delivery is not served')
        return body.singleResult
      } catch (error) {
        return failureOf(error, formatError, facts.requestId).body
      }
    })
  }

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const facts = factsFrom(request)
    return current.run(facts, async () => {
      // Made here and not by Apollo, which would prefix the message of a refusal.
      const contextValue = await contextFor(facts, { request, reply })
      const asked = {
        method: request.method,
        headers: headerMap(request),
        search: request.url.slice((request.url + '?').indexOf('?')),
        body: request.body,
      }
      // Our own services send what they ask.
      const persisted = facts.caller ? undefined : options.persisted
      const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: persisted ? withDocument(asked, persisted) : asked,
        context: async () => contextValue,
      })
      if (body.kind !== 'complete') throw new Error('incremental delivery is not served')
      return reply
        .code(statusFor(status ?? 200, headers, body.string))
        .headers(Object.fromEntries(headers))
        .send(body.string)
    })
  }

  const tracedHandler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    tracedRequest(`${request.method} ${path}`, request.headers, async (note) => {
      const answered = await handle(request, reply)
      note({ 'http.request.method': request.method, 'http.route': path, 'http.response.status_code': reply.statusCode })
      return answered
    })

  const { bodyLimit } = options
  return {
    contextFor,
    execute,
    routes: async (app) =>
      void app.route({
        method: ['GET', 'POST'],
        url: path,
        exposeHeadRoute: false,
        handler: tracedHandler,
        ...(bodyLimit !== undefined && { bodyLimit }),
      }),
    stop: () => apollo.stop(),
  }
}

function subgraphSchema({
  typeDefs,
  resolvers,
}: Pick<SubgraphOptions<object>, 'typeDefs' | 'resolvers'>): GraphQLSchema {
  const document = typeof typeDefs === 'string' ? parse(typeDefs) : concatAST([typeDefs].flat())
  const schema = buildSubgraphSchema({ typeDefs: document, resolvers: resolvers as SchemaModule['resolvers'] & object })
  guardFederation(schema)
  return schema
}

type SchemaModule = Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: DocumentNode }>

/** What an HTTP request says of its caller, before anybody is believed. */
export function factsFrom({ headers, id, caller, ip }: FastifyRequest): Facts {
  const { authorization, 'x-api-key': apiKey, 'x-quimbi-tenant': tenant, 'x-quimbi-client': client } = headers
  return {
    requestId: id,
    caller: caller ?? null,
    // The gateway forwards for others: it says for whom.
    address: caller && typeof client === 'string' ? client : ip,
    ...(authorization !== undefined && { authorization }),
    ...(typeof apiKey === 'string' && { apiKey }),
    // Believed only under a signature, which covers it.
    ...(caller && typeof tenant === 'string' && { tenantId: tenant }),
  }
}

function headerMap({ method, headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap()
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) map.set(name, typeof value === 'string' ? value : value.join(', '))
  }
  if (method === 'GET' && !mayComeFromForeignPage(headers)) map.set('apollo-require-preflight', 'none needed')
  return map
}
