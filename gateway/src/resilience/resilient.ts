import { setTimeout as delay } from 'node:timers/promises'
import { createBreaker, type BreakerMetrics } from '@quimbi/service/breaker.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { openDeadline } from '@quimbi/service/deadline.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { GraphQLError } from 'graphql'
import { UnwellAnswer, type SubgraphCall } from '../subgraph-calls.ts'

export type ResilienceOptions = {
  clock: Clock
  /** So long a query is waited for, a second try included. */
  deadlineMs(operation: GraphQLOperation): number
  /** so long a subgraph that failed five times in a row is left alone; 2 s */
  pauseMs?: number
  /** told of each second try */
  onRetry?: () => void
  breaker?: BreakerMetrics
  /** from 0 to 1; for the pause before a second try, so that those who failed together do not come back together */
  random?: () => number
}

/** The shortest and the longest pause before a second try. */
const [shortestMs, longestMs] = [20, 100]
/** When a client may come again, where nothing more is known. */
const comeAgainMs = 1_000

/**
 * Guards a subgraph: a deadline, one more try, a breaker. A failure is no answer in time, none at all, a status from 500, or something that is
 * no GraphQL; errors in an answer are answers, and a client that leaves says nothing of the subgraph. Mutations are tried once and waited for as
 * long as the request may take: called off half-way, nobody knows what became of them. Rejects with SUBGRAPH_UNAVAILABLE, or the signal's reason.
 */
export function resilient(call: SubgraphCall, options: ResilienceOptions): SubgraphCall {
  const { clock, deadlineMs, pauseMs = 2_000, onRetry, random = Math.random } = options
  const breaker = createBreaker({
    clock,
    pauseMs,
    isSilent: (error) => error instanceof Left,
    metrics: options.breaker,
  })

  async function twice(...[operation, facts, signal]: Parameters<SubgraphCall>) {
    const deadline = openDeadline({ ms: deadlineMs(operation), signal })
    const within = deadline.signal
    try {
      return await call(operation, facts, within)
    } catch (error) {
      if (within.aborted) throw error
      await delay(shortestMs + random() * (longestMs - shortestMs), undefined, { signal: within }).catch(() => {})
      if (within.aborted) throw error
      onRetry?.()
      return await call(operation, facts, within)
    } finally {
      deadline.close()
    }
  }

  async function attempt(...[operation, facts, signal]: Parameters<SubgraphCall>) {
    try {
      return await (isQuery(operation) ? twice : call)(operation, facts, signal)
    } catch (error) {
      throw signal?.aborted ? new Left('left', { cause: signal.reason }) : error
    }
  }

  return async (operation, facts, signal) => {
    try {
      return await breaker.run(() => attempt(operation, facts, signal))
    } catch (error) {
      if (error instanceof Left) throw error.cause
      if (error instanceof UnwellAnswer) return error.result
      throw withComeAgain(error)
    }
  }
}

/** Nobody waits for the answer any more. */
class Left extends Error {}

/** Anything else than what is plainly a query is never sent twice. */
const isQuery = ({ query }: GraphQLOperation): boolean => /^\s*(?:query\b|\{)/.test(query)

function withComeAgain(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error
  const { extensions, message } = error
  if (extensions['retryable'] !== true || extensions['retryAfterMs'] !== undefined) return error
  return new GraphQLError(message, { extensions: { ...extensions, retryAfterMs: comeAgainMs } })
}
