import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { execute, parse, type FormattedExecutionResult, type GraphQLSchema } from 'graphql'

// A graph that has what makes federation hard: interfaces, an interface object, unions, nested lists, @requires over nested
// fields, @provides, hidden types, fields and enum values, a custom scalar, entities that repeat.

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject"])`

const typeDefs = {
  catalogue: `${link}
    type Query {
      items(first: Int): [Item!]!
      node(id: ID!): Node
      search: [Found]!
      one: Book
      matrix: [[Author]!]
      lucky: Found
    }
    type Mutation { rename(id: ID!, title: String): Book  touch(id: ID!): Author! }
    type Subscription { arrivals: Author }
    interface Node { id: ID! }
    interface Item @key(fields: "id") { id: ID! title: String tags: [String!] dims: Dims }
    type Book implements Item & Node @key(fields: "id") {
      id: ID! title: String tags: [String!] dims: Dims pages: Int! author: Author @provides(fields: "nick") sequel: Book
    }
    type Movie implements Item & Node @key(fields: "id") {
      id: ID! title: String tags: [String!] dims: Dims minutes: Int director: Author!
    }
    type Secret implements Node @key(fields: "id") @inaccessible { id: ID! word: String }
    union Found = Book | Movie | Author | Secret
    type Author implements Node @key(fields: "id") {
      id: ID! name: String! kind: Kind kinds: [Kind] hidden: String @inaccessible nick: String @external
    }
    type Dims @shareable { w: Float! h: Float }
    enum Kind { A B C @inaccessible }`,
  reviews: `${link}
    scalar JSON
    type Query { top: [Review!]! }
    type Book @key(fields: "id") { id: ID! reviews: [Review!]! score: Float }
    type Movie @key(fields: "id") { id: ID! reviews: [Review] }
    type Author @key(fields: "id") {
      id: ID! name: String! @external bio: String @requires(fields: "name") books: [Book!]! rating: Int!
      nick: String @shareable extra: JSON mentor: Author
    }
    type Review { stars: Int! by: Author text: String about: Book helpful: Boolean }`,
  charts: `${link}
    type Query { hot: [Item!]! }
    type Item @interfaceObject @key(fields: "id") { id: ID! popularity: Int levels: [[Int!]] }`,
  depot: `${link}
    type Book @key(fields: "id") {
      id: ID! dims: Dims @external shipping: Float @requires(fields: "dims { w h }") size(unit: String): String
    }
    type Movie @key(fields: "id") { id: ID! size(unit: String): String }
    type Dims { w: Float! @external h: Float @external }`,
}

export type ServiceName = keyof typeof typeDefs

type Row = Record<string, unknown> & { __typename: string; id: string }
type Reference = { id: string; __typename?: string; name?: string; dims?: { w: number; h: number | null } | null }

const numberOf = (id: string) => Number(id.slice(1)) || 0
const author = (n: number): Row => ({
  __typename: 'Author',
  id: `a${n % 7}`,
  name: `Author ${n % 7}`,
  kind: ['A', 'B', 'C', null][n % 4],
  kinds: ['A', null, 'B'],
  nick: `nick ${n % 7}`,
})
const book = (n: number): Row => ({
  __typename: 'Book',
  id: `b${n}`,
  title: `Book ${n}`,
  tags: ['x', 'y'],
  dims: n % 3 ? { w: n, h: n % 2 ? null : n } : null,
  pages: n,
  author: n % 5 ? author(n) : null,
  sequel: n < 5 ? () => book(n + 1) : null,
})
const movie = (n: number): Row => ({
  __typename: 'Movie',
  id: `m${n}`,
  title: null,
  tags: null,
  dims: { w: 1.5, h: 2 },
  minutes: n,
  director: author(n + 1),
})
const secret: Row = { __typename: 'Secret', id: 's1', word: 'xyzzy' }
const byId = (id: string): Row | null => {
  const make = { a: author, b: book, m: movie, s: () => secret }[id[0] ?? '']
  return make ? make(numberOf(id)) : null
}
const review = (n: number) => ({
  stars: n % 5,
  by: n % 3 ? { __typename: 'Author', id: `a${n % 7}` } : null,
  text: `Review ${n}`,
  about: { __typename: 'Book', id: `b${n % 4}` },
  helpful: n % 2 === 0,
})
const resolveType = { __resolveType: ({ __typename }: Row) => __typename }
const reference = { __resolveReference: (of: Reference) => of }
const fromCatalogue = { __resolveReference: ({ id }: Reference) => byId(id) }
const reviewsFrom = (from: number, count: number) => Array.from({ length: count }, (_, index) => review(from + index))

const resolvers: Record<ServiceName, object> = {
  catalogue: {
    Query: {
      items: (_: unknown, { first = 6 }: { first?: number }) =>
        Array.from({ length: first }, (_each, n) => (n % 2 ? book(n) : movie(n))),
      node: (_: unknown, { id }: Reference) => byId(id),
      search: () => [book(1), author(2), null, movie(4), author(2), secret, book(7)],
      one: () => book(3),
      matrix: () => [[author(1), null, author(2)], [author(1)], []],
      lucky: () => author(5),
    },
    Mutation: {
      rename: (_: unknown, { id, title }: Reference & { title: string }) => ({ ...book(numberOf(id)), title }),
      touch: (_: unknown, { id }: Reference) => byId(id),
    },
    Node: resolveType,
    Found: resolveType,
    Item: { ...resolveType, ...fromCatalogue },
    Book: fromCatalogue,
    Movie: fromCatalogue,
    Author: fromCatalogue,
    Secret: fromCatalogue,
  },
  reviews: {
    Query: { top: () => reviewsFrom(0, 5) },
    Book: {
      ...reference,
      reviews: ({ id }: Reference) => reviewsFrom(numberOf(id), numberOf(id) % 4),
      score: ({ id }: Reference) => numberOf(id) / 3,
    },
    Movie: { ...reference, reviews: ({ id }: Reference) => (numberOf(id) % 3 ? [review(1), null, review(4)] : null) },
    Author: {
      ...reference,
      bio: ({ name }: Reference) => (name ? `About ${name}` : null),
      books: ({ id }: Reference) => [{ id: `b${numberOf(id) * 2 + 1}` }, { id: 'b1' }],
      rating: ({ id }: Reference) => {
        if (id === 'a5') throw new Error('Author a5 has no rating')
        return numberOf(id)
      },
      nick: ({ id }: Reference) => `nick ${numberOf(id)}`,
      extra: ({ id }: Reference) => ({ deep: [{ of: id }], constructor: 1 }),
      mentor: ({ id }: Reference) => (numberOf(id) > 3 ? { id: `a${numberOf(id) - 3}` } : null),
    },
  },
  charts: {
    Query: { hot: () => [{ id: 'b1' }, { id: 'm2' }, { id: 'b1' }] },
    Item: {
      ...reference,
      popularity: ({ id }: Reference) => {
        if (id === 'm4') throw new Error('Item m4 is not in the charts')
        return numberOf(id) * 10
      },
      levels: ({ id }: Reference) => [[numberOf(id)], null, [1, 2]],
    },
  },
  depot: {
    Book: {
      ...reference,
      shipping: ({ dims }: Reference) => (dims ? dims.w * 2 + (dims.h ?? 0) : null),
      size: ({ id }: Reference, { unit = 'cm' }: { unit?: string }) => `${numberOf(id)} ${unit}`,
    },
    Movie: { ...reference, size: ({ id }: Reference, { unit }: { unit?: string }) => (unit ? `${id} ${unit}` : null) },
  },
}

export const services = Object.keys(typeDefs) as ServiceName[]

/** The fixture's supergraph. */
export function composeFixture(): string {
  const { supergraphSdl, errors } = composeServices(
    services.map((name) => ({ name, url: `http://${name}.example`, typeDefs: parse(typeDefs[name]) })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'))
  return supergraphSdl
}

/** The subgraphs; what they answer is JSON text, remembered. */
export function fixtureSubgraphs() {
  const schemas = new Map<string, GraphQLSchema>(
    services.map((name) => [
      name,
      buildSubgraphSchema({ typeDefs: parse(typeDefs[name]), resolvers: resolvers[name] as never }),
    ]),
  )
  const known = new Map<string, string>()
  return async (
    service: string,
    { query, variables, operationName }: GraphQLOperation,
  ): Promise<FormattedExecutionResult> => {
    const key = JSON.stringify([service, query, variables])
    const schema = schemas.get(service)
    if (!schema) throw new Error(`There is no ${service}`)
    const text =
      known.get(key) ??
      JSON.stringify(
        await execute({
          schema,
          document: parse(query),
          variableValues: variables ?? {},
          operationName: operationName ?? null,
        }),
      )
    if (known.size < 20_000) known.set(key, text)
    return JSON.parse(text) as FormattedExecutionResult
  }
}
