import { use } from 'react'
import { InboxContext, type Listed } from './inbox-context.ts'

export type Neighbours = { previous: number | null; next: number | null }

/** Tells, when asked, the tickets before and after one in the inbox as it is shown then; next to one that is not listed is the first. */
export function useInboxNeighbours(number: number): () => Neighbours {
  const listing = use(InboxContext)
  return () => (listing ? neighboursOf(listing.view(), number) : { previous: null, next: null })
}

export function neighboursOf(listed: Listed, number: number | null): Neighbours {
  const place = number === null ? undefined : listed.find(number)
  const index = place ? listed.indexOf(place.id) : -1
  if (index === -1) return { previous: null, next: listed.at(0)?.number ?? null }
  return { previous: listed.at(index - 1)?.number ?? null, next: listed.at(index + 1)?.number ?? null }
}
