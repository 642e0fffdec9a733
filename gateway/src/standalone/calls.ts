import type { Facts } from '@quimbi/service/authenticate.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { PlainAnswer, PlainClient } from '@quimbi/service/plain-client.ts'
import { traceHeaders } from '@quimbi/service/telemetry.ts'
import type { FormattedExecutionResult } from 'graphql'
import { withCacheControl } from '../engine/cache-control.ts'
import type { SubgraphCall } from '../subgraph-calls.ts'
import type { Remote } from './subgraphs.ts'

/** What is known of a request here: headers that go on to subgraphs, and nobody who would be believed. */
export type PlainFacts = Facts & { forwarded: Readonly<Record<string, string>> }

/** Asks a subgraph over plain HTTP. */
export function callOf(client: PlainClient, { url }: Remote): SubgraphCall {
  const { username, password } = url
  const own = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    ...((username || password) && { authorization: basic(username, password) }),
  }
  return async (operation, facts, signal) => {
    const { requestId, forwarded } = facts as PlainFacts
    const headers = { ...own, ...forwarded, ...traceHeaders(), 'x-request-id': requestId }
    const answer = await client.post(url, { headers, body: JSON.stringify(operation), signal })
    return withCacheControl(resultOf(answer), answer.cacheControl)
  }
}

/** Whatever the status: who answers with GraphQL is taken at that. */
function resultOf({ status, text }: PlainAnswer): FormattedExecutionResult {
  try {
    const result: unknown = JSON.parse(text)
    if (typeof result === 'object' && result !== null && ('data' in result || 'errors' in result))
      return result as FormattedExecutionResult
  } catch {
    // told below
  }
  throw codedError('SUBGRAPH_UNAVAILABLE', `The subgraph answered with status ${status} and no GraphQL`, {
    retryable: status >= 500,
  })
}

const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
