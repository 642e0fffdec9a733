import { createHash } from 'node:crypto'
import { createEngine, type EngineOptions } from '@quimbi/gateway/engine/engine.ts'
import { isEntity } from '@quimbi/gateway/engine/entities.ts'
import type { RequestContext, Result } from '@quimbi/gateway/engine/stock.ts'
import type { SubgraphCall } from '@quimbi/gateway/subgraph-calls.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { parse, type FormattedExecutionResult } from 'graphql'
import { composeFixture, fixtureSubgraphs, services, type ServiceName } from './engine-fixture.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** What Apollo Server would hand to an executor. */
export function requestFor(
  { query, variables, operationName }: GraphQLOperation,
  context: { facts?: Partial<Facts>; signal?: AbortSignal } = {},
): RequestContext {
  const facts = { requestId: 'test', caller: null, ...context.facts }
  return {
    request: { query, variables, operationName },
    document: parse(query),
    queryHash: createHash('sha256').update(query).digest('hex'),
    metrics: {},
    context: { ...context, facts },
    logger: silent,
  } as unknown as RequestContext
}

/**
 * An answer as Apollo's executor is right with it: it takes the interface that an interface object's subgraph names for the type of an entity, whose
 * own type it knew already.
 */
export function withoutInterfaces(result: FormattedExecutionResult): FormattedExecutionResult {
  const entities = result.data?.['_entities']
  for (const entity of Array.isArray(entities) ? entities : [])
    if (isEntity(entity) && entity['__typename'] === 'Item') delete entity['__typename']
  return result
}

export type Asked = { service: string; operation: GraphQLOperation; facts: Facts; signal: AbortSignal | undefined }
type Changed = Partial<Record<ServiceName, (next: SubgraphCall) => SubgraphCall>>

/** An engine on the fixture. `asked` is what the subgraphs were asked; `changed` puts something in a subgraph's place. */
export async function anEngine(changed: Changed = {}, options: Partial<EngineOptions> = {}) {
  const answer = fixtureSubgraphs()
  const asked: Asked[] = []
  const calls = services.map((service) => {
    const plain: SubgraphCall = (operation) => answer(service, operation)
    const call = changed[service]?.(plain) ?? plain
    const watched: SubgraphCall = (operation, facts, signal) => {
      asked.push({ service, operation, facts, signal })
      return call(operation, facts, signal)
    }
    return [service, watched] as const
  })
  const engine = createEngine({ supergraphSdl: composeFixture(), calls: Object.fromEntries(calls), ...options })
  const { executor } = await engine.load({ apollo: {} })
  const ask = (query: string, variables = {}, context: Parameters<typeof requestFor>[1] = {}): Promise<Result> => {
    if (!executor) throw new Error('there is no executor')
    return executor(requestFor({ query, variables }, context) as never) as Promise<Result>
  }
  return { engine, ask, asked }
}

/** A subgraph that never answers, and tells when it was asked and when it was called off. */
export function neverAnswering() {
  const reached = Promise.withResolvers<void>()
  const calledOff = Promise.withResolvers<void>()
  const call: SubgraphCall = (_operation, _facts, signal) => {
    const { promise, reject } = Promise.withResolvers<never>()
    signal?.addEventListener('abort', () => {
      calledOff.resolve()
      reject(signal.reason)
    })
    reached.resolve()
    return promise
  }
  return { call, reached: reached.promise, calledOff: calledOff.promise }
}
