import { byTypename, fed2, type Case } from './standalone-kit.ts'

// Where Apollo's own gateway gives something else than the subgraphs said.

const reference = { __resolveReference: (given: object) => given }
const typed = { __resolveType: byTypename }

export const beyondCases: Case[] = [
  {
    name: 'zero, false and the empty text under a name that the planner makes up',
    subgraphs: () => ({
      found: fed2(
        `type Query { search: [Found] }  union Found = Movie | Song
         type Movie @key(fields: "id") { id: ID! stars: Int seen: Boolean note: String }
         type Song @key(fields: "id") { id: ID! stars: Int! @shareable seen: Boolean! @shareable note: String! @shareable }`,
        {
          Query: {
            search: () => [
              { __typename: 'Movie', id: 'm1', stars: 0, seen: false, note: '' },
              { __typename: 'Song', id: 's1', stars: 0, seen: false, note: '' },
            ],
          },
          Found: typed,
        },
      ),
      songs: fed2(
        `type Song @key(fields: "id") {
           id: ID! stars: Int @shareable seen: Boolean @shareable note: String @shareable seconds: Int
         }`,
        { Song: { ...reference, seconds: () => 0 } },
      ),
    }),
    queries: [
      {
        query: '{ search { ... on Movie { stars seen note } ... on Song { stars seen note seconds } } }',
        data: {
          search: [
            { stars: 0, seen: false, note: '' },
            { stars: 0, seen: false, note: '', seconds: 0 },
          ],
        },
        beyondStock: true,
      },
    ],
  },
  {
    name: 'lists of lists of which each subgraph knows a part',
    subgraphs: () => ({
      texts: fed2(`type Query { grid: [[Cell!]] @shareable }  type Cell @shareable { text: String }`, {
        Query: { grid: () => [[{ text: 'a' }, { text: 'b' }], null, []] },
      }),
      costs: fed2(`type Query { grid: [[Cell!]] @shareable }  type Cell @shareable { cost: Float }`, {
        Query: { grid: () => [[{ cost: 0.5 }, { cost: 1 }], null, []] },
      }),
    }),
    queries: [
      {
        query: '{ grid { text cost } }',
        data: {
          grid: [
            [
              { text: 'a', cost: 0.5 },
              { text: 'b', cost: 1 },
            ],
            null,
            [],
          ],
        },
        beyondStock: true,
      },
    ],
  },
  {
    name: 'an entity whose type is known before a subgraph names only its interface',
    subgraphs: () => {
      const media = {
        b1: { __typename: 'Book', id: 'b1', pages: 3 },
        f1: { __typename: 'Film', id: 'f1' },
      }
      return {
        media: fed2(
          `type Query { media: [Media!]! }  interface Media @key(fields: "id") { id: ID! }
           type Book implements Media @key(fields: "id") { id: ID! pages: Int }
           type Film implements Media @key(fields: "id") { id: ID! }`,
          {
            Query: { media: () => Object.values(media) },
            Media: { ...typed, __resolveReference: ({ id }: { id: 'b1' | 'f1' }) => media[id] },
          },
        ),
        reviews: fed2(
          `type Query { reviews: [Review!]! }  type Review { of: Media }
           type Media @key(fields: "id") @interfaceObject { id: ID! score: Int }`,
          {
            Query: { reviews: () => [{ of: { id: 'b1' } }, { of: null }, { of: { id: 'f1' } }] },
            Media: { ...reference, score: ({ id }: { id: string }) => (id === 'b1' ? 5 : 0) },
          },
        ),
        ranks: fed2(
          `type Media @key(fields: "id") @interfaceObject { id: ID! score: Int @external rank: Int @requires(fields: "score") }`,
          { Media: { ...reference, rank: ({ score }: { score: number }) => score * 2 } },
        ),
      }
    },
    queries: [
      {
        query: '{ reviews { of { ... on Book { pages rank } ... on Film { kind: __typename } } } }',
        data: { reviews: [{ of: { pages: 3, rank: 10 } }, { of: null }, { of: { kind: 'Film' } }] },
        beyondStock: true,
      },
      {
        query: '{ media { __typename rank ... on Book { pages } } }',
        data: {
          media: [
            { __typename: 'Book', rank: 10, pages: 3 },
            { __typename: 'Film', rank: 0 },
          ],
        },
      },
    ],
  },
]
