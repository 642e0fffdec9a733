import { createContext } from 'react'
import type { Place } from './order.ts'

/** The tickets as they are listed now: the inbox, or what a search found. */
export type Listed = {
  length: number
  at(index: number): Place | undefined
  indexOf(id: string): number
  find(number: number): Place | undefined
}

/** The list as it is now, and word of its changes: whoever needs a place of it only when something is pressed is not drawn anew with each event. */
export type Listing = { view(): Listed; subscribe(listener: () => void): () => void }

export const InboxContext = createContext<Listing | null>(null)
