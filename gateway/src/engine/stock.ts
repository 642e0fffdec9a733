import { executeQueryPlan, type buildOperationContext, type GraphQLDataSource } from '@apollo/gateway'
import type { Schema } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql'
import type { Entity } from './entities.ts'
import type { Run } from './run.ts'

export type OperationContext = ReturnType<typeof buildOperationContext>
export type RequestContext = Parameters<typeof executeQueryPlan>[2]
export type Result = Awaited<ReturnType<typeof executeQueryPlan>>

/** Apollo's own executor, for what is not compiled: rare plans, introspection, answers that the schema does not allow. */
export type Stock = {
  execute(plan: QueryPlan, operation: OperationContext, request: RequestContext, ask: Run['ask']): Promise<Result>
  /** Brings merged answers into the shape that was asked for: hides, nullifies, introspects. */
  shape(data: Entity, operation: OperationContext, request: RequestContext): Promise<Result>
}

const merged = 'merged'
const whole = { kind: 'Fetch', serviceName: merged, operation: '', operationName: undefined, operationKind: 'query' }

export function createStock(supergraph: GraphQLSchema, api: Schema, services: readonly string[]): Stock {
  const run = async (...[plan, sources, request, operation]: [...Head, RequestContext, OperationContext]) => {
    const result = await executeQueryPlan(plan, sources, request, operation, supergraph, api)
    const { errors } = result
    return errors ? { ...result, errors: errors.map(asGraphQLError) } : result
  }
  return {
    execute(plan, operation, request, ask) {
      const sources = services.map((name) => [name, dataSource(name, ask)])
      return run(plan, Object.fromEntries(sources) as Head[1], request, operation)
    },
    // A plan of one fetch, whose answer is there already: what remains is the shaping.
    shape: (data, operation, request) =>
      run(
        { kind: 'QueryPlan', node: whole as QueryPlan['node'] & object },
        { [merged]: { process: async () => ({ data }) } },
        request,
        operation,
      ),
  }
}

type Head = [QueryPlan, Parameters<typeof executeQueryPlan>[1]]

/** What Apollo's executor asks a subgraph through. What it asks is never shared: it does not tell queries from mutations. */
const dataSource = (serviceName: string, ask: Run['ask']): GraphQLDataSource => ({
  async process({ request: { query = '', variables = {}, operationName } }) {
    const operation = { query, variables, ...(operationName !== undefined && { operationName }) }
    const result = await ask({ serviceName, operationKind: OperationTypeNode.MUTATION }, operation)
    return result as Awaited<ReturnType<GraphQLDataSource['process']>>
  },
})

// It puts whatever was thrown among the errors.
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  return new GraphQLError('The plan failed', {
    originalError: error instanceof Error ? error : new Error(String(error)),
  })
}
