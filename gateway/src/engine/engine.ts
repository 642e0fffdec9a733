import type { GatewayInterface } from '@apollo/server-gateway-interface'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { traced, tracedSync } from '@quimbi/service/telemetry.ts'
import { GraphQLError } from 'graphql'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { heedCacheControl } from './cache-control.ts'
import { createGraph, type Graph, type Prepared } from './prepare.ts'
import { irregular } from './projection.ts'
import type { FetchMetrics } from './fetch-metrics.ts'
import { askingOf, openRequest } from './request.ts'
import type { Run } from './run.ts'
import type { RequestContext, Result } from './stock.ts'
import { tellTypes } from './tell-types.ts'

export type EngineOptions = {
  /** The composed graph. */
  supergraphSdl: string
  /** How to ask each subgraph, by its name in the supergraph. */
  calls: Readonly<Record<string, SubgraphCall>>
  /** How long a request may take at its subgraphs, all together; 30 s. */
  deadlineMs?: number
  /** Whether those who ask a subgraph the same at the same time wait for one answer; true. */
  coalesce?: boolean
  /** Whether what subgraphs say of keeping their answers decides about the whole answer (`overallCachePolicy`); false. */
  cacheControl?: boolean
  /** Whether values that the schema does not allow are errors, as the specification has it, and not only Apollo's `extensions.valueCompletion`; false. */
  completionErrors?: boolean
  metrics?: FetchMetrics | undefined
}

/** What Apollo Server takes as its gateway. */
export type Engine = GatewayInterface & {
  /** Serves another composed graph, asked for by other calls if given, from the next request on. Throws where it cannot, and goes on with what it has. */
  update(supergraphSdl: string, calls?: EngineOptions['calls']): void
  /** The graph that is served now. */
  readonly graph: Graph
  /** Asks its subgraphs, as a request does, for as long as `deadlineMs`. */
  ask(asking: { facts: Facts; deadlineMs: number }): ReturnType<typeof openRequest>
}

/** What the engine needs of a request's context. */
type Context = { facts: Facts; signal?: AbortSignal | undefined }

/** Apollo plans; the plan and the shape of the answer are compiled once per operation and run here. */
export function createEngine(options: EngineOptions): Engine {
  const {
    supergraphSdl,
    calls,
    deadlineMs = 30_000,
    coalesce = true,
    cacheControl = false,
    completionErrors = false,
    metrics,
  } = options
  const askings = (given: EngineOptions['calls']) =>
    new Map(Object.entries(given).map(([name, call]) => [name, askingOf(name, call, coalesce, metrics)] as const))
  let services = askings(calls)
  let graph = open(supergraphSdl, services)
  const listeners = new Set<Parameters<Engine['onSchemaLoadOrUpdate']>[0]>()
  const notify = (listener: Parameters<Engine['onSchemaLoadOrUpdate']>[0]) =>
    listener({ apiSchema: graph.schema, coreSupergraphSdl: graph.sdl })

  function open(sdl: string, known: typeof services): Graph {
    const opened = createGraph(sdl)
    const missing = opened.services.find((name) => !known.has(name))
    if (missing) throw new Error(`The supergraph names a subgraph "${missing}" that is not configured.`)
    return opened
  }

  async function executor(request: RequestContext): Promise<Result> {
    const { facts, signal } = request.context as Context
    const opened = openRequest({ services, facts, signal, deadlineMs })
    try {
      const ask = cacheControl ? heedCacheControl(opened.ask, request.overallCachePolicy) : opened.ask
      const result = await execute(graph, request, ask)
      return completionErrors ? toldAsErrors(result) : result
    } finally {
      opened.close()
    }
  }

  return {
    get graph() {
      return graph
    },
    ask: (asking) => openRequest({ ...asking, services, signal: undefined }),
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async load() {
      listeners.forEach(notify)
      return { executor }
    },
    update(sdl, others) {
      const next = others ? askings(others) : services
      graph = open(sdl, next)
      services = next
      listeners.forEach(notify)
    },
    async stop() {
      listeners.clear()
    },
  }
}

/** Runs one operation of a graph. */
export async function execute(graph: Graph, request: RequestContext, ask: Run['ask']): Promise<Result> {
  const {
    document,
    queryHash,
    request: { operationName, variables = {} },
  } = request
  const prepared = tracedSync('plan', () => graph.prepare({ queryHash, document, operationName }))
  if (prepared.plan.node?.kind === 'Subscription') return { errors: [onlyLive()] }
  const { coerced, errors: refused } = prepared.coerce(variables)
  if (refused) return { errors: refused }
  if (!prepared.step)
    return restored(prepared, await graph.stock.execute(prepared.plan, prepared.operation, request, ask))
  const run: Run = { variables, coerced, root: {}, errors: [], memory: new Map(), ask }
  await prepared.step(run)
  return answer(graph, prepared, request, run)
}

/** What the client is answered, out of what the subgraphs told. */
export async function answer(graph: Graph, prepared: Prepared, request: RequestContext, run: Run): Promise<Result> {
  const shaped = await traced('shape', 'internal', () => shape(graph, prepared, request, run))
  return restored(prepared, withErrors(shaped, run.errors))
}

const restored = ({ renamed }: Prepared, result: Result): Result => renamed?.restore(result) ?? result

async function shape(
  graph: Graph,
  prepared: Prepared,
  request: RequestContext,
  { root, coerced }: Run,
): Promise<Result> {
  const projection = prepared.projectionFor(coerced)
  try {
    if (projection) return { data: projection(root) }
  } catch (error) {
    if (error !== irregular) throw error
  }
  tellTypes(prepared.operation, root)
  return graph.stock.shape(root, prepared.operation, request)
}

const onlyLive = () =>
  new GraphQLError('Subscriptions are not served here: open one over WebSocket or server-sent events', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  })

/** What the schema says of wrong values, where no subgraph has said what is wrong. */
function toldAsErrors(result: Result): Result {
  const { data, extensions: { valueCompletion, ...extensions } = {} } = result
  if (!Array.isArray(valueCompletion)) return result
  const errors = valueCompletion.map((each: GraphQLError) => {
    return new GraphQLError(each.message, { path: each.path ?? null, extensions: { code: 'INVALID_VALUE' } })
  })
  const isMore = Object.keys(extensions).length > 0
  return {
    errors: [...(result.errors ?? []), ...errors],
    ...(data !== undefined && { data }),
    ...(isMore && { extensions }),
  }
}

/** Where a subgraph has said what is wrong, what the schema says of the same values is left out. */
function withErrors(shaped: Result, errors: readonly GraphQLError[]): Result {
  if (errors.length === 0) return shaped
  return { errors: [...errors, ...(shaped.errors ?? [])], ...(shaped.data !== undefined && { data: shaped.data }) }
}
