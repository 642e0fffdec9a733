import type { FetchNode, ResponsePath } from '@apollo/query-planner'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import type { Paths } from './branches.ts'
import { isEntity, type Entity } from './entities.ts'
import { malformed, subgraphError } from './errors.ts'
import type { Rewrite } from './rewrites.ts'
import type { Run } from './run.ts'

export type Places = (ResponsePath | undefined)[]
export type Attempt = (run: Run) => Promise<void>

/** What both kinds of fetch need to know. */
export type Fetch = {
  node: FetchNode
  /** `keys`: what tells the entities that are asked about from one another */
  ask(run: Run, operation: GraphQLOperation, keys?: readonly string[]): Promise<FormattedExecutionResult>
  /** the objects to fill in */
  entities(run: Run): Entity[]
  paths: Paths
  /** fills an object in with an answer's; `isFree`: whether parts of that may become parts of the object */
  fill(place: Entity, received: Entity, isFree: boolean): void
  /** where a failure of the whole fetch is told */
  failedAt(run: Run): Places
  onReceived: Rewrite | null
  variables(run: Run): Record<string, unknown>
  /** the path of an error below the place it is of, as the client named the fields */
  below(path: readonly (string | number)[]): ResponsePath
}

/** Asks; reports the errors of the answer where `placesOf` says; gives its data. */
export async function ask(
  run: Run,
  fetch: Fetch,
  { variables, keys }: { variables: Record<string, unknown>; keys?: readonly string[] },
  placesOf: (error: GraphQLFormattedError) => Places,
): Promise<Entity | null> {
  const { operation: query, operationName, serviceName } = fetch.node
  const operation = { query, variables, ...(operationName !== undefined && { operationName }) }
  const { data, errors } = await fetch.ask(run, operation, keys)
  for (const error of errorsOf(errors))
    run.errors.push(...placesOf(error).map((place) => subgraphError(error, serviceName, place)))
  return dataOf(data)
}

/** The data of an answer, null where it has none. Throws where something else stands there. */
export function dataOf(data: unknown): Entity | null {
  if (data === null || data === undefined) return null
  if (!isEntity(data)) throw malformed('data that is no object')
  return data
}

/** Of what stands where errors should, those that are some. */
export const errorsOf = (errors: unknown): GraphQLFormattedError[] =>
  Array.isArray(errors) ? errors.filter(isError) : []

function isError(error: unknown): error is GraphQLFormattedError {
  return isEntity(error) && typeof error['message'] === 'string' && (!error['path'] || Array.isArray(error['path']))
}
