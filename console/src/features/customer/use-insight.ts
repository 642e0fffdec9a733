import { NetworkStatus } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { useEffect, useEffectEvent } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import {
  CustomerInsightMovesDocument,
  CustomerInsightNowDocument,
  type CustomerInsightFragment,
} from './generated/Insight.ts'

export type Insight = CustomerInsightFragment
export type InsightState = {
  insight: Insight | null
  isLoading: boolean
  /** Intelligence did not give all; what came is in `insight`. */
  isAway: boolean
  retry: () => void
}

/** What Intelligence makes of a customer, kept fresh while it is shown. */
export function useInsight(customerId: string): InsightState {
  const { live } = useGraph()
  const { data, error, loading, refetch, networkStatus } = useQuery(CustomerInsightNowDocument, {
    variables: { id: customerId },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
  })
  const refresh = useEffectEvent(async () => {
    await refetch()
    return null
  })
  useEffect(
    () =>
      live.subscribe(
        { document: CustomerInsightMovesDocument, variables: { id: customerId } },
        // The event's customer is in the cache by then. What began with this page needs no second reading.
        { next() {}, resync: (reason) => (reason === 'START' ? null : refresh()) },
      ),
    [live, customerId],
  )
  const insight = data?.customer ?? null
  return {
    insight,
    isLoading: (loading && !insight) || networkStatus === NetworkStatus.refetch,
    isAway: !loading && (error !== undefined || insight === null),
    retry: () => void refetch(),
  }
}
