import { use } from 'react'
import { InboxContext, type Listed } from './inbox-context.ts'

export type Neighbours = { previous: number | null; next: number | null }

/** The tickets before and after one in the inbox as it is shown; next to one that is not listed is the first. */
export function useInboxNeighbours(number: number): Neighbours {
  const listed = use(InboxContext)
  return listed ? neighboursOf(listed, number) : { previous: null, next: null }
}

export function neighboursOf(listed: Listed, number: number | null): Neighbours {
  const place = number === null ? undefined : listed.find(number)
  const index = place ? listed.indexOf(place.id) : -1
  if (index === -1) return { previous: null, next: listed.at(0)?.number ?? null }
  return { previous: listed.at(index - 1)?.number ?? null, next: listed.at(index + 1)?.number ?? null }
}
