import type { Facts } from '@quimbi/service/authenticate.ts'
import { unlessAborted } from '@quimbi/service/deadline.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import type { FormattedExecutionResult } from 'graphql'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { copy } from './entities.ts'

/** One question under way, and how many wait for it. */
type Flight = { answer: Promise<FormattedExecutionResult>; waiting: number; shared: boolean; abort: AbortController }

/**
 * Lets those who ask the same at the same time wait for one answer; for queries only. What counts as the same is everything the subgraph is
 * told: the query, its variables and who asks. The request's id is the first one's. It is called off when nobody waits any more.
 */
export function coalesce(call: SubgraphCall, onShared: () => void = () => {}): SubgraphCall {
  const flights = new Map<string, Flight>()

  function take(key: string, operation: GraphQLOperation, facts: Facts): Flight {
    const known = flights.get(key)
    if (known) {
      known.shared = true
      onShared()
      return known
    }
    const abort = new AbortController()
    const land = () => void (flights.get(key) === flight && flights.delete(key))
    const answer = call(operation, facts, abort.signal).finally(land)
    const flight: Flight = { answer, waiting: 0, shared: false, abort }
    flights.set(key, flight)
    return flight
  }

  return async (operation, facts, signal) => {
    const key = keyOf(operation, facts)
    const flight = take(key, operation, facts)
    flight.waiting += 1
    try {
      const result = await unlessAborted(flight.answer, signal)
      // What one request merges into its answer is not to show in another's.
      return flight.shared ? copy(result) : result
    } finally {
      flight.waiting -= 1
      if (flight.waiting === 0 && flights.get(key) === flight) {
        flights.delete(key)
        flight.abort.abort()
      }
    }
  }
}

const keyOf = ({ query, operationName, variables }: GraphQLOperation, facts: Facts) =>
  JSON.stringify([query, operationName, variables, { ...facts, requestId: null }])
