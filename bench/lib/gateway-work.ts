import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])'

/** Two subgraphs like ours, small enough that what is measured is the gateway. */
export const subgraphSdl = {
  support: `${link}
    type Query { tickets(first: Int!, search: String, customers: Int): [Ticket!]!  ticket(id: ID!, search: String): Ticket }
    type Ticket @key(fields: "id") {
      id: ID! number: Int! subject: String! status: Status! priority: Float! openedAt: String! customer: Customer! tags: [String!]!
    }
    type Customer @key(fields: "id") { id: ID! name: String! email: String }
    enum Status { OPEN PENDING CLOSED }`,
  intelligence: `${link}
    type Customer @key(fields: "id") { id: ID! dna: Dna churnRisk: ChurnRisk ltvForecast: LtvForecast }
    type Dna { archetype: String! summary: String confidence: Float! }
    type ChurnRisk { score: Float! level: Level! }
    type LtvForecast { amount: Float! currencyCode: String! }
    enum Level { LOW MEDIUM HIGH }`,
}

export type SubgraphName = keyof typeof subgraphSdl
export const subgraphNames = Object.keys(subgraphSdl) as SubgraphName[]

/** The composed graph of subgraphs that listen at these addresses. */
export function composeAt(urls: Readonly<Record<SubgraphName, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphNames.map((name) => ({ name, url: `${urls[name]}/graphql`, typeDefs: parse(subgraphSdl[name]) })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'))
  return supergraphSdl
}

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
} satisfies Record<string, Work>

export type WorkName = keyof typeof works
