import { createHash } from 'node:crypto'
import { composeServices } from '@apollo/composition'
import { executeQueryPlan } from '@apollo/gateway'
import { Supergraph } from '@apollo/federation-internals'
import { isEntity } from '@quimbi/gateway/engine/entities.ts'
import { execute } from '@quimbi/gateway/engine/engine.ts'
import { createGraph } from '@quimbi/gateway/engine/prepare.ts'
import type { RequestContext, Result } from '@quimbi/gateway/engine/stock.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { GraphQLError, parse, validate, type FormattedExecutionResult } from 'graphql'
import { dataOf } from './partition-data.ts'
import { keyedInterface } from './partition-model.ts'
import { randomOperation } from './partition-queries.ts'
import { randomModel } from './partition-random.ts'
import { answerWhole, servicesOf, type Log } from './partition-services.ts'
import { sdlOf, serviceName } from './partition-split.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A random graph, whole and in subgraphs; null where those do not compose. */
export function partition(seed: number) {
  const model = randomModel(createRandom(seed))
  const sdls = Array.from({ length: model.services }, (_, service) => sdlOf(model, service))
  const { supergraphSdl } = composeServices(
    sdls.map((sdl, service) => ({ name: serviceName(service), url: 'http://subgraph', typeDefs: parse(sdl) })),
  )
  if (!supergraphSdl) return null
  const data = dataOf(model, seed)
  return { sdls, data, graph: createGraph(supergraphSdl), ask: servicesOf(model, data, sdls) }
}

type Partition = NonNullable<ReturnType<typeof partition>>
type Answered = {
  generated: GraphQLOperation
  whole: FormattedExecutionResult
  ours: Result
  difference: string
}

/** Asks both a random question; null where that is none. */
export async function askBoth({ graph, data, ask }: Partition, seed: number): Promise<Answered | null> {
  const generated = randomOperation(graph.schema, createRandom(seed))
  if (validate(graph.schema, parse(generated.query)).length > 0) return null
  const [made, madeByUs]: [Log, Log] = [[], []]
  const whole = await answerWhole(graph.schema, data, made, generated)
  const ours = await orError(() =>
    execute(graph, requestOf(generated), ({ serviceName }, operation) => ask(serviceName, operation, madeByUs)),
  )
  const difference = differenceOf(whole, ours) || (made.join() === madeByUs.join() ? '' : 'other mutations')
  return { generated, whole, ours, difference }
}

/** Apollo’s executor on the same plan. */
export async function askStock({ graph, ask }: Partition, generated: GraphQLOperation): Promise<Result> {
  const request = requestOf(generated)
  return orError(async () => {
    const { plan, operation } = graph.prepare({ ...request, operationName: undefined })
    const process = (name: string) => async (asked: { request: never }) => {
      const result = await ask(name, asked.request, [])
      const entities = result.data?.['_entities']
      for (const each of Array.isArray(entities) ? entities : [])
        if (isEntity(each) && each['__typename'] === keyedInterface) delete each['__typename']
      return result
    }
    const sources = Object.fromEntries(graph.services.map((name) => [name, { process: process(name) }]))
    const api = Supergraph.build(graph.sdl).apiSchema()
    return executeQueryPlan(plan, sources as never, request, operation, graph.whole, api)
  })
}

async function orError(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask()
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] }
  }
}

function requestOf(request: GraphQLOperation): RequestContext {
  const queryHash = createHash('sha256').update(request.query).digest('hex')
  const document = parse(request.query)
  return { request, document, queryHash, metrics: {}, context: {}, logger: silent } as unknown as RequestContext
}

/** What is wrong with an answer; empty where nothing is. */
export function differenceOf(whole: FormattedExecutionResult, ours: Result): string {
  const isFlawed = Boolean(ours.errors?.length || ours.extensions?.['valueCompletion'])
  // Apollo’s shape of what the schema does not allow is not in the specification’s order.
  const text = isFlawed ? inNames : JSON.stringify
  if (text(whole.data) !== text(ours.data)) return 'other data'
  if (isFlawed !== Boolean(whole.errors?.length)) return isFlawed ? 'errors' : 'no errors'
  // What the subgraphs themselves find wrong with being asked.
  const fault = ours.errors?.find(({ message }) => /^s\d /.test(message))
  if (fault) return fault.message
  return ''
}

const inNames = (data: unknown): string =>
  JSON.stringify(data, (_key, value: unknown) =>
    isEntity(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  )

/** Whether Apollo’s planner has a plan for it. */
export function isPlanned({ graph }: Partition, generated: GraphQLOperation): boolean {
  try {
    graph.prepare({ ...requestOf(generated), operationName: undefined })
    return true
  } catch {
    return false
  }
}
