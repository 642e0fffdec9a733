import type { GatewayInterface } from '@apollo/server-gateway-interface'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { GraphQLError } from 'graphql'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { createGraph, type Graph, type Prepared } from './prepare.ts'
import { irregular } from './projection.ts'
import type { FetchMetrics } from './fetch-metrics.ts'
import { askingOf, openRequest } from './request.ts'
import type { Run } from './run.ts'
import type { RequestContext, Result } from './stock.ts'

export type EngineOptions = {
  /** The composed graph. */
  supergraphSdl: string
  /** How to ask each subgraph, by its name in the supergraph. */
  calls: Readonly<Record<string, SubgraphCall>>
  /** How long a request may take at its subgraphs, all together; 30 s. */
  deadlineMs?: number
  /** Whether those who ask a subgraph the same at the same time wait for one answer; true. */
  coalesce?: boolean
  metrics?: FetchMetrics | undefined
}

/** What Apollo Server takes as its gateway. */
export type Engine = GatewayInterface & {
  /** Serves another composed graph from the next request on. Throws where it cannot, and goes on with the one it has. */
  update(supergraphSdl: string): void
}

/** What the engine needs of a request's context. */
type Context = { facts: Facts; signal?: AbortSignal | undefined }

/** Apollo plans; the plan and the shape of the answer are compiled once per operation and run here. */
export function createEngine(options: EngineOptions): Engine {
  const { supergraphSdl, calls, deadlineMs = 30_000, coalesce = true, metrics } = options
  const services = new Map(
    Object.entries(calls).map(([name, call]) => [name, askingOf(name, call, coalesce, metrics)] as const),
  )
  let graph = open(supergraphSdl)
  const listeners = new Set<Parameters<Engine['onSchemaLoadOrUpdate']>[0]>()
  const notify = (listener: Parameters<Engine['onSchemaLoadOrUpdate']>[0]) =>
    listener({ apiSchema: graph.schema, coreSupergraphSdl: graph.sdl })

  function open(sdl: string): Graph {
    const opened = createGraph(sdl)
    const missing = opened.services.find((name) => !services.has(name))
    if (missing) throw new Error(`The supergraph names a subgraph "${missing}" that is not configured.`)
    return opened
  }

  async function executor(request: RequestContext): Promise<Result> {
    const { facts, signal } = request.context as Context
    const opened = openRequest({ services, facts, signal, deadlineMs })
    try {
      return await execute(graph, request, opened.ask)
    } finally {
      opened.close()
    }
  }

  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async load() {
      listeners.forEach(notify)
      return { executor }
    },
    update(sdl) {
      graph = open(sdl)
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
  const prepared = graph.prepare({ queryHash, document, operationName })
  if (prepared.plan.node?.kind === 'Subscription') return { errors: [onlyLive()] }
  const { coerced, errors: refused } = prepared.coerce(variables)
  if (refused) return { errors: refused }
  if (!prepared.step) return graph.stock.execute(prepared.plan, prepared.operation, request, ask)
  const run: Run = { variables, coerced, root: {}, errors: [], ask }
  await prepared.step(run)
  return withErrors(await shape(graph, prepared, request, run), run.errors)
}

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
  return graph.stock.shape(root, prepared.operation, request)
}

const onlyLive = () =>
  new GraphQLError('Subscriptions are not served here: open one over WebSocket or server-sent events', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  })

/** Where a subgraph has said what is wrong, what the schema says of the same values is left out. */
function withErrors(shaped: Result, errors: readonly GraphQLError[]): Result {
  if (errors.length === 0) return shaped
  return { errors: [...errors, ...(shaped.errors ?? [])], ...(shaped.data !== undefined && { data: shaped.data }) }
}
