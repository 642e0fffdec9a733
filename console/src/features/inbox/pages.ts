import type { ApolloClient } from '@apollo/client'
import type { TicketFilter } from '../../graph/generated/schema.ts'
import { InboxPageDocument, InboxRowFragmentDoc, type InboxRowFragment } from './generated/Inbox.ts'
import type { Horizon } from './held-order.ts'
import type { Place } from './order.ts'
import { placeOf } from './score.ts'

export const pageSize = 50

export type InboxPart = { places: Place[]; horizon: Horizon; after: string | null; asOf: string; total: number }

/** Reads a page of the inbox; its rows go to the cache, its order to the caller. Rejects where it did not come. */
export async function readPage(apollo: ApolloClient, filter: TicketFilter, after: string | null): Promise<InboxPart> {
  const { data, error } = await apollo.query({
    query: InboxPageDocument,
    variables: { filter, first: pageSize, after },
    // The list is kept here, by ids: the cache would hold one more long list for each page.
    fetchPolicy: 'no-cache',
  })
  if (!data?.inbox) throw error ?? new Error('The inbox did not come.')
  const { edges, pageInfo, asOf, totalCount } = data.inbox
  const rows = edges.map(({ node }) => node)
  keepRows(apollo, rows)
  const places = rows.map(placeOf)
  return {
    places,
    horizon: pageInfo.hasNextPage ? (places.at(-1) ?? null) : null,
    after: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    asOf,
    total: totalCount,
  }
}

/** The first pages, until there are `least` tickets or no more. */
export async function readPages(apollo: ApolloClient, filter: TicketFilter, least: number): Promise<InboxPart> {
  const first = await readPage(apollo, filter, null)
  let { places, horizon, after } = first
  while (after !== null && places.length < least) {
    const next = await readPage(apollo, filter, after)
    places = [...places, ...next.places]
    ;({ horizon, after } = next)
  }
  // The first page's position: what happened while the others were read is told again.
  return { ...first, places, horizon, after }
}

/** Writes rows to the cache, telling those who watch once. */
export function keepRows(apollo: ApolloClient, rows: readonly InboxRowFragment[]): void {
  apollo.cache.batch({
    update(cache) {
      for (const data of rows)
        cache.writeFragment({ id: `Ticket:${data.id}`, fragment: InboxRowFragmentDoc, fragmentName: 'InboxRow', data })
    },
  })
}
