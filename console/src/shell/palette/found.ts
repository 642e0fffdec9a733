import { useQuery } from '@apollo/client/react'
import { useDeferredValue, useEffect, useState } from 'react'
import {
  PaletteCustomersDocument,
  PaletteTicketByNumberDocument,
  PaletteTicketsDocument,
  type PaletteCustomersQuery,
  type PaletteTicketFragment,
} from '../generated/Palette.ts'

/** So long after the last key the server is asked: ms. */
const pauseMs = 180
const leastLetters = 2

export type FoundCustomer = PaletteCustomersQuery['customers']['nodes'][number]
export type Found = {
  tickets: readonly PaletteTicketFragment[]
  customers: readonly FoundCustomer[]
  isAsking: boolean
  error: unknown
}

/** Tickets and customers for what was typed; `#12` and `12` are a ticket's number. */
export function useFound(typed: string): Found {
  const text = useSettled(typed.trim())
  const number = numberOf(text)
  const isWorthAsking = text.length >= leastLetters && number === null
  const tickets = useQuery(PaletteTicketsDocument, { variables: { query: text }, skip: !isWorthAsking })
  const customers = useQuery(PaletteCustomersDocument, { variables: { query: text }, skip: !isWorthAsking })
  const byNumber = useQuery(PaletteTicketByNumberDocument, {
    variables: { number: number ?? 0 },
    skip: number === null,
  })
  const one = number === null ? null : byNumber.data?.ticketByNumber
  return {
    tickets:
      number === null ? (isWorthAsking && tickets.data ? tickets.data.searchTickets.nodes : []) : one ? [one] : [],
    customers: isWorthAsking && customers.data ? customers.data.customers.nodes : [],
    isAsking: text !== typed.trim() || tickets.loading || customers.loading || byNumber.loading,
    error: tickets.error ?? customers.error ?? byNumber.error,
  }
}

/** A ticket's number, where that is what was typed. */
export function numberOf(text: string): number | null {
  const digits = /^#?(\d{1,9})$/.exec(text)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** The text once nobody has changed it for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return useDeferredValue(settled)
}
