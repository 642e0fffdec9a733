import { useQuery } from '@apollo/client/react'
import { useCallback, useMemo } from 'react'
import { InboxSearchDocument, type InboxSearchQuery } from './generated/Search.ts'
import type { Listed } from './inbox-context.ts'

export type Found = Listed & {
  isLoading: boolean
  error: unknown
  hasMore: boolean
  retry: () => void
  readOn: () => void
  highlightOf: (id: string) => string | undefined
}

const first = 30

/** What a search finds, the best match first. While the next letters are looked for, what was found before stays. */
export function useFound(query: string): Found {
  const { data, previousData, error, loading, refetch, fetchMore } = useQuery(InboxSearchDocument, {
    variables: { query, first },
    skip: query === '',
    fetchPolicy: 'cache-and-network',
  })
  const found = (data ?? (query === '' ? undefined : previousData))?.searchTickets
  const { hasNextPage = false, endCursor = null } = found?.pageInfo ?? {}
  const readOn = useCallback(() => {
    if (loading || endCursor === null) return
    void fetchMore({
      variables: { after: endCursor },
      updateQuery: (before, { fetchMoreResult }) => {
        const { searchTickets: more } = fetchMoreResult as InboxSearchQuery
        const { searchTickets: known } = before as InboxSearchQuery
        return { __typename: 'Query', searchTickets: { ...more, edges: [...known.edges, ...more.edges] } }
      },
    })
  }, [loading, endCursor, fetchMore])
  return useMemo(() => {
    const places = (found?.edges ?? []).map(({ node: { id, number }, rank }) => ({ id, number, key: rank }))
    const indexes = new Map(places.map(({ id }, index) => [id, index]))
    return {
      length: places.length,
      at: (index) => places[index],
      indexOf: (id) => indexes.get(id) ?? -1,
      find: (number) => places.find((place) => place.number === number),
      isLoading: loading,
      error,
      hasMore: hasNextPage,
      retry: () => void refetch(),
      readOn,
      highlightOf: (id) => found?.edges[indexes.get(id) ?? -1]?.highlight,
    }
  }, [found, loading, error, hasNextPage, refetch, readOn])
}
