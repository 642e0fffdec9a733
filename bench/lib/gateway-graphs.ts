import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { supportResolvers } from './gateway-data.ts'
import { publicSubgraphs } from './gateway-public.ts'

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])'

/** Two subgraphs like ours, small enough that what is measured is the gateway. */
const supportSdl = {
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

export type Subgraph = { sdl: string; resolvers: object }
export type Urls = Readonly<Record<string, string>>

export const graphs = {
  support: {
    subgraphs: {
      support: { sdl: supportSdl.support, resolvers: supportResolvers.support },
      intelligence: { sdl: supportSdl.intelligence, resolvers: supportResolvers.intelligence },
    } as Readonly<Record<string, Subgraph>>,
  },
  public: { subgraphs: publicSubgraphs as Readonly<Record<string, Subgraph>> },
}

export type GraphName = keyof typeof graphs

/** The composed graph of subgraphs that listen at these addresses. */
export function composeAt(graph: GraphName, urls: Urls): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(graphs[graph].subgraphs).map(([name, { sdl }]) => {
      return { name, url: `${urls[name]}/graphql`, typeDefs: parse(sdl) }
    }),
  )
  if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'))
  return supergraphSdl
}
