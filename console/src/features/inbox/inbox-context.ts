import { createContext } from 'react'
import type { Place } from './order.ts'

/** The tickets as they are listed now: the inbox, or what a search found. */
export type Listed = {
  length: number
  at(index: number): Place | undefined
  indexOf(id: string): number
  find(number: number): Place | undefined
}

export const InboxContext = createContext<Listed | null>(null)
