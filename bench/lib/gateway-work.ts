import { publicQuery } from './gateway-public.ts'

const insight = 'dna { archetype summary confidence } churnRisk { score level } ltvForecast { amount currencyCode }'
const list = `query Inbox($first: Int!, $search: String, $customers: Int) { tickets(first: $first, search: $search, customers: $customers) {
  id number subject status priority openedAt tags customer { id name email ${insight} } } }`
const one = `query Ticket($id: ID!, $search: String) { ticket(id: $id, search: $search) {
  id number subject status customer { id name ${insight} } } }`

/** A body to send; `serial` makes the variables of each request its own, so that nothing can answer for another. */
export type Work = { name: string; bodyOf(serial: number): string }

const inbox = (serial: number, first: number, customers: number) =>
  JSON.stringify({ query: list, variables: { first, search: `s${serial}`, customers } })

export const works = {
  /** Fifty tickets of twenty customers. */
  inbox: { name: 'inbox', bodyOf: (serial) => inbox(serial, 50, 20) },
  /** Fifty tickets of fifty customers. */
  noDuplicates: { name: 'no duplicates', bodyOf: (serial) => inbox(serial, 50, 50) },
  /** Pages of 30 to 70, and one small query for each. */
  mixed: {
    name: 'mixed',
    bodyOf: (serial) =>
      serial % 2
        ? inbox(serial, 30 + (serial % 41), 20)
        : JSON.stringify({ query: one, variables: { id: `t${serial % 200}`, search: `s${serial}` } }),
  },
  /** The public benchmark's: no variables there. */
  publicQuery: { name: 'public query', bodyOf: () => JSON.stringify({ query: publicQuery }) },
} satisfies Record<string, Work>

export type WorkName = keyof typeof works
