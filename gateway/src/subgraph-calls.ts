import type { Facts } from '@quimbi/service/authenticate.ts'
import type { ServiceClient } from '@quimbi/service/client.ts'
import { unlessAborted } from '@quimbi/service/deadline.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import type { FormattedExecutionResult } from 'graphql'

/** How the gateway asks a subgraph. Failures of the subgraph are in the result; it throws when there is none, and the signal's reason once that ends. */
export type SubgraphCall = (
  operation: GraphQLOperation,
  facts: Facts,
  signal?: AbortSignal,
) => Promise<FormattedExecutionResult>

/** A subgraph in this process. */
export const inMemory =
  (subgraph: { execute(operation: GraphQLOperation, facts: Facts): Promise<FormattedExecutionResult> }): SubgraphCall =>
  (operation, facts, signal) =>
    unlessAborted(subgraph.execute(operation, { ...facts, caller: 'gateway' }), signal)

/** A subgraph in another process, asked over signed HTTP. */
export const overHttp =
  (client: ServiceClient): SubgraphCall =>
  async (operation, { authorization, requestId, address, tenantId }, signal) => {
    const { status, body } = await client.post('/graphql', JSON.stringify(operation), {
      authorization,
      requestId,
      address,
      tenantId,
      // What the engine hands out ends in time.
      ...(signal && { within: signal }),
    })
    const result = asResult(body)
    if (!result) {
      throw codedError('SUBGRAPH_UNAVAILABLE', `The service answered with status ${status} and no GraphQL`, {
        retryable: true,
      })
    }
    if (status >= 500) throw new UnwellAnswer(result)
    return result
  }

/** What a subgraph said with a status from 500: it is not well, and another try may give more. */
export class UnwellAnswer extends Error {
  readonly result: FormattedExecutionResult

  constructor(result: FormattedExecutionResult) {
    super('The service is not well')
    this.result = result
  }
}

function asResult(body: string): FormattedExecutionResult | null {
  try {
    const value: unknown = JSON.parse(body)
    const isResult = typeof value === 'object' && value !== null && ('data' in value || 'errors' in value)
    return isResult ? (value as FormattedExecutionResult) : null
  } catch {
    return null
  }
}
