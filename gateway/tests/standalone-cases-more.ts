import { fed2, byTypename, type Case } from './standalone-kit.ts'

// Where Apollo's own gateway gives something else than the subgraphs said, found by random graphs.

const reference = { __resolveReference: (given: object) => given }

export const moreCases: Case[] = [
  {
    name: 'what is required of objects in lists of lists',
    subgraphs: () => ({
      shelves: fed2(
        `type Query { room: Room }  type Room @key(fields: "id") { id: ID! shelves: [[Book]] }
         type Book @shareable { title: String }`,
        { Query: { room: () => ({ id: 'r1', shelves: [[{ title: 'a' }, null], null, [], [{ title: 'b' }]] }) } },
      ),
      labels: fed2(
        `type Room @key(fields: "id") {
           id: ID! shelves: [[Book]] @external label: String @requires(fields: "shelves { title }")
         }
         type Book @shareable { title: String }`,
        { Room: { ...reference, label: ({ shelves }: { shelves: unknown }) => JSON.stringify(shelves) } },
      ),
    }),
    queries: [
      {
        query: '{ room { label } }',
        data: { room: { label: '[[{"title":"a"},null],null,[],[{"title":"b"}]]' } },
        beyondStock: true,
      },
    ],
  },
  {
    name: 'mutations in the order in which they are asked for, in fragments too',
    subgraphs: () => {
      let count = 0
      const next = () => (count += 1)
      return {
        counts: fed2(`type Query { count: Int }  type Mutation { one: Int two: Int }`, {
          Mutation: { one: next, two: next },
        }),
      }
    },
    queries: [
      {
        query:
          'mutation { one ...F again: one }  fragment F on Mutation { two ...G }  fragment G on Mutation { third: two }',
        data: { one: 1, two: 2, third: 3, again: 4 },
        beyondStock: true,
      },
    ],
  },
  {
    name: 'fragments on an interface around others, where something is wrong elsewhere',
    subgraphs: () => ({
      books: fed2(
        `type Query { book: Book wrong: Sick }  interface Node { id: ID! }  type Book implements Node { id: ID! title: String }
         type Sick @key(fields: "id") { id: ID! }`,
        {
          Query: { book: () => ({ id: 'b1', title: 'Emma' }), wrong: () => ({ id: 's1' }) },
          Node: { __resolveType: byTypename },
        },
      ),
      sick: fed2(`type Sick @key(fields: "id") { id: ID! pulse: Int! }`, { Sick: { __resolveReference: () => null } }),
    }),
    queries: [
      {
        query: '{ wrong { pulse } book { ... on Node { __typename ... on Book { title } } } }',
        data: { wrong: null, book: { __typename: 'Book', title: 'Emma' } },
        errors: true,
        beyondStock: true,
      },
    ],
  },
]
