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
  {
    name: 'fields that require one field with other arguments, or without',
    subgraphs: () => ({
      goods: fed2(
        `type Query { products: [Product!]! }
         type Product @key(fields: "upc") { upc: ID! price(in: String): Int weight(in: Unit = KG): Weight }
         type Weight { value(digits: Int): String }  enum Unit { KG LB }`,
        {
          Query: { products: () => [{ upc: 'p1' }, { upc: 'p2' }] },
          Product: {
            ...reference,
            // Nothing costs 0 dollars, which is not nothing told.
            price: ({ upc }: { upc: string }, args: { in?: string }) =>
              args.in === 'USD' ? 0 : Number(upc.slice(1)) * (args.in === 'EUR' ? 10 : 100),
            weight: ({ upc }: { upc: string }, args: { in: string }) => ({ upc, unit: args.in }),
          },
          Weight: {
            value: ({ upc, unit }: { upc: string; unit: string }, { digits = 0 }: { digits?: number }) => {
              if (digits === 9) throw new Error('too exact')
              return `${upc} ${unit} ${digits}`
            },
          },
        },
      ),
      sales: fed2(
        `type Product @key(fields: "upc") {
           upc: ID! price(in: String): Int @external  weight(in: Unit = KG): Weight @external
           usd(note: String): String @requires(fields: "price(in: \\"USD\\")")
           eur: String @requires(fields: "price(in: \\"EUR\\") weight { value }")
           usual: String @requires(fields: "price weight(in: LB) { value(digits: 2) }")
           exact: String @requires(fields: "weight { value(digits: 9) }")
         }
         type Weight { value(digits: Int): String @external }  enum Unit { KG LB }`,
        {
          Product: {
            ...reference,
            usd: ({ price }: { price: number }, { note }: { note?: string }) => `${price} ${note ?? '-'}`,
            eur: ({ price, weight }: { price: number; weight: { value: string } }) => `${price} ${weight.value}`,
            usual: ({ price, weight }: { price: number; weight: { value: string } }) => `${price} ${weight.value}`,
            exact: ({ weight }: { weight: { value: string | null } }) => String(weight.value),
          },
        },
      ),
      totals: fed2(
        `type Product @key(fields: "upc") { upc: ID! eur: String @external usd(note: String): String @external
           both: String @requires(fields: "eur usd(note: \\"t\\")") }`,
        { Product: { ...reference, both: ({ eur, usd }: { eur: string; usd: string }) => `${eur}; ${usd}` } },
      ),
    }),
    queries: [
      {
        query: `query ($n: String, $c: String) { products { usd(note: $n) eur usual price(in: $c) weight { value(digits: 1) } } }`,
        variables: { n: 'n', c: 'CHF' },
        data: {
          products: [
            { usd: '0 n', eur: '10 p1 KG 0', usual: '100 p1 LB 2', price: 100, weight: { value: 'p1 KG 1' } },
            { usd: '0 n', eur: '20 p2 KG 0', usual: '200 p2 LB 2', price: 200, weight: { value: 'p2 KG 1' } },
          ],
        },
        beyondStock: true,
      },
      {
        query: '{ products { both usd usual } }',
        data: {
          products: [
            { both: '10 p1 KG 0; 0 t', usd: '0 -', usual: '100 p1 LB 2' },
            { both: '20 p2 KG 0; 0 t', usd: '0 -', usual: '200 p2 LB 2' },
          ],
        },
        beyondStock: true,
      },
      {
        query: '{ products { exact } __type(name: "Product") { fields { name } } }',
        data: {
          products: [{ exact: 'null' }, { exact: 'null' }],
          __type: {
            fields: ['upc', 'price', 'weight', 'usd', 'eur', 'usual', 'exact', 'both'].map((name) => ({ name })),
          },
        },
        errors: true,
      },
    ],
  },
  {
    name: 'clients that call one field by the name of another, which is a key or required',
    subgraphs: () => ({
      goods: fed2(
        `type Query { products: [Product!]!  found: [Found!]! }  union Found = Product
         type Product @key(fields: "upc") { upc: ID! name: String weight: Int }`,
        {
          Query: {
            products: () => [{ upc: 'p1', name: 'p2', weight: 7 }],
            found: () => [{ __typename: 'Product', upc: 'p1', name: 'p2', weight: 7 }],
          },
          Found: typed,
          Product: { __resolveReference: ({ upc }: { upc: string }) => ({ upc, name: `n${upc}`, weight: 7 }) },
        },
      ),
      sales: fed2(
        `type Product @key(fields: "upc") { upc: ID! sold: String weight: Int @external post: Int @requires(fields: "weight") must: Int! }`,
        {
          Product: {
            ...reference,
            sold: ({ upc }: { upc: string }) => `sold ${upc}`,
            post: ({ weight }: { weight: number }) => weight * 2,
            must: () => null,
          },
        },
      ),
    }),
    queries: [
      {
        query: '{ products { upc: name weight: upc sold post } }',
        data: { products: [{ upc: 'p2', weight: 'p1', sold: 'sold p1', post: 14 }] },
        beyondStock: true,
      },
      {
        query:
          '{ found { ... on Product { ...P sold post } } }  fragment P on Product { __typename: name upc: weight }',
        data: { found: [{ __typename: 'p2', upc: 7, sold: 'sold p1', post: 14 }] },
        beyondStock: true,
      },
      {
        query: '{ found { ... on Product { weight: must upc } } }',
        data: null,
        errors: true,
      },
    ],
  },
]
