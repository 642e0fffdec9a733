import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import { deduplicate, expand } from './representations.ts'
import type { GatewayContext } from './context.ts'
import type { SubgraphCall } from './subgraph-calls.ts'

/** What Apollo's executor asks a subgraph through: representations travel once each. */
export function createDataSource(call: SubgraphCall): GraphQLDataSource<GatewayContext> {
  return {
    async process({ request, context }: GraphQLDataSourceProcessOptions<GatewayContext>) {
      const { query = '', variables = {}, operationName } = request
      const representations: unknown = variables['representations']
      const deduplicated = Array.isArray(representations) ? deduplicate(representations) : null
      const asked = deduplicated ? { ...variables, representations: deduplicated.distinct } : variables
      const operation = { query, variables: asked, ...(operationName !== undefined && { operationName }) }
      // While it starts, the gateway asks on its own account: there is no request.
      const result = await call(
        operation,
        (context as Partial<GatewayContext>).facts ?? { requestId: 'start', caller: null },
      )
      return (deduplicated ? expand(result, deduplicated) : result) as Awaited<ReturnType<GraphQLDataSource['process']>>
    },
  }
}
