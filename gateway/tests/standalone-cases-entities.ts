import { fed1, fed2, finds, type Case } from './standalone-kit.ts'

// How entities are found and filled: keys of every kind, @requires, @provides, @override, @external, roots that are shared.

const users = [
  { id: 'u1', email: 'ada@shop.example', nickname: 'ada', name: 'Ada' },
  { id: 'u2', email: 'bo@shop.example', nickname: 'bo', name: 'Bo' },
]
const reference = { __resolveReference: (given: object) => given }

export const entityCases: Case[] = [
  {
    name: 'an entity by one key here and another there',
    subgraphs: () => ({
      accounts: fed2(
        `type Query { user: User  users: [User!]! }
         type User @key(fields: "id") @key(fields: "email") { id: ID! email: String! }`,
        { Query: { user: () => users[0], users: () => users } },
      ),
      names: fed2(`type User @key(fields: "email") { email: String! nickname: String }`, {
        User: { __resolveReference: finds(users, 'email') },
      }),
      profiles: fed2(`type User @key(fields: "id") { id: ID! name: String! }`, {
        User: { __resolveReference: finds(users, 'id') },
      }),
    }),
    queries: [
      { query: '{ user { nickname name } }', data: { user: { nickname: 'ada', name: 'Ada' } } },
      {
        query: '{ users { who: name id } again: users { nickname } }',
        data: {
          users: [
            { who: 'Ada', id: 'u1' },
            { who: 'Bo', id: 'u2' },
          ],
          again: [{ nickname: 'ada' }, { nickname: 'bo' }],
        },
      },
    ],
  },
  {
    name: 'keys that nest, and several fields in one',
    subgraphs: () => ({
      list: fed2(
        `type Query { top: [Product!]! }
         type Product @key(fields: "id pid category { id tag }") { id: ID! pid: Int category: Category! }
         type Category @key(fields: "id tag") { id: ID! tag: String }`,
        {
          Query: {
            top: () => [
              { id: 'p1', pid: 1, category: { id: 'c1', tag: 't1' } },
              { id: 'p2', pid: null, category: { id: 'c2', tag: null } },
            ],
          },
        },
      ),
      prices: fed2(
        `type Product @key(fields: "id pid category { id tag }") { id: ID! pid: Int category: Category! price: Price }
         type Category @key(fields: "id tag") { id: ID! tag: String }
         type Price { amount: Float! }`,
        {
          Product: {
            ...reference,
            price: ({
              id,
              pid,
              category,
            }: {
              id: string
              pid: number | null
              category: { id: string; tag: string | null }
            }) => (pid === null ? null : { amount: Number(id.slice(1)) + pid + (category.tag === 't1' ? 0.5 : 0) }),
          },
        },
      ),
      shelves: fed2(`type Category @key(fields: "id tag") { id: ID! tag: String name: String }`, {
        Category: { ...reference, name: ({ id, tag }: { id: string; tag: string | null }) => `${id} ${tag ?? 'none'}` },
      }),
    }),
    queries: [
      {
        query: '{ top { price { amount } category { name } } }',
        data: {
          top: [
            { price: { amount: 2.5 }, category: { name: 'c1 t1' } },
            { price: null, category: { name: 'c2 none' } },
          ],
        },
      },
    ],
  },
  {
    name: 'keys that are null, entities that are not there',
    subgraphs: () => ({
      boxes: fed2(
        `type Query { boxes: [Box!]! }  type Box { book: Book }  type Book @key(fields: "upc") { upc: ID! }`,
        {
          Query: {
            boxes: () => [{ book: { upc: 'b1' } }, { book: null }, { book: { upc: 'b2' } }, { book: { upc: 'b3' } }],
          },
        },
      ),
      ids: fed2(`type Book @key(fields: "upc") @key(fields: "id") { upc: ID! id: ID }`, {
        Book: {
          __resolveReference: ({ upc }: { upc: string }) =>
            upc === 'b1' ? { upc, id: '1' } : upc === 'b2' ? { upc, id: null } : null,
        },
      }),
      titles: fed2(`type Book @key(fields: "id") { id: ID title: String }`, {
        Book: { ...reference, title: ({ id }: { id: string | null }) => id && `Book ${id}` },
      }),
    }),
    queries: [
      {
        query: '{ boxes { book { upc title } } }',
        data: {
          boxes: [
            { book: { upc: 'b1', title: 'Book 1' } },
            { book: null },
            { book: { upc: 'b2', title: null } },
            { book: { upc: 'b3', title: null } },
          ],
        },
      },
    ],
  },
  {
    name: 'a value that is only reached through its parent',
    subgraphs: () => ({
      shop: fed2(
        `type Query { products: [Product!]! }
         type Product @key(fields: "id") { id: ID! category: Category @shareable }
         type Category { id: ID! @shareable }`,
        {
          Query: {
            products: () => [
              { id: '1', category: { id: 'c1' } },
              { id: '2', category: { id: 'c2' } },
            ],
          },
        },
      ),
      details: fed2(
        `type Product @key(fields: "id") { id: ID! category: Category @shareable }
         type Category { details: Details! id: ID! @shareable }  type Details { count: Int }`,
        {
          Product: {
            ...reference,
            category: ({ id }: { id: string }) => ({ id: `c${id}`, details: { count: Number(id) * 10 } }),
          },
        },
      ),
    }),
    queries: [
      {
        query: '{ products { id category { id details { count } } } }',
        data: {
          products: [
            { id: '1', category: { id: 'c1', details: { count: 10 } } },
            { id: '2', category: { id: 'c2', details: { count: 20 } } },
          ],
        },
      },
    ],
  },
  {
    name: 'an entity that a subgraph names and cannot resolve',
    subgraphs: () => ({
      orders: fed2(
        `type Query { orders: [Order!]! } type Order { id: ID! buyer: User }
         type User @key(fields: "id", resolvable: false) { id: ID! }`,
        {
          Query: {
            orders: () => [
              { id: 'o1', buyer: { id: 'u1' } },
              { id: 'o2', buyer: null },
            ],
          },
        },
      ),
      accounts: fed2(`type User @key(fields: "id") { id: ID! name: String }`, {
        User: { __resolveReference: finds(users, 'id') },
      }),
    }),
    queries: [
      {
        query: '{ orders { buyer { __typename name } id } }',
        data: {
          orders: [
            { buyer: { __typename: 'User', name: 'Ada' }, id: 'o1' },
            { buyer: null, id: 'o2' },
          ],
        },
      },
    ],
  },
  {
    name: 'requirements of requirements, with arguments, of fields and fragments',
    subgraphs: () => ({
      products: fed2(
        `type Query { product(id: ID!): Product }
         type Product @key(fields: "id") { id: ID! price(currency: String!): Int  weight: Weight }
         interface Weight { unit: String! }
         type Kilo implements Weight { unit: String! kilos: Int! }
         type Pound implements Weight { unit: String! pounds: Int! }`,
        {
          Query: {
            product: (_: unknown, { id }: { id: string }) => ({
              id,
              weight:
                id === 'p1'
                  ? { __typename: 'Kilo', unit: 'kg', kilos: 3 }
                  : { __typename: 'Pound', unit: 'lb', pounds: 7 },
            }),
          },
          Product: {
            ...reference,
            price: (_: unknown, { currency }: { currency: string }) => (currency === 'USD' ? 10 : 9),
          },
        },
      ),
      shipping: fed2(
        `type Product @key(fields: "id") {
           id: ID! price(currency: String!): Int @external  weight: Weight @external
           fee: Int @requires(fields: "price(currency: \\"USD\\") weight { unit ... on Kilo { kilos } ... on Pound { pounds } }")
         }
         interface Weight { unit: String! }
         type Kilo implements Weight { unit: String! @external kilos: Int! @external }
         type Pound implements Weight { unit: String! @external pounds: Int! @external }`,
        {
          Product: {
            ...reference,
            fee: ({ price, weight }: { price: number; weight: { kilos?: number; pounds?: number } }) =>
              price + (weight.kilos ?? (weight.pounds ?? 0) * 100),
          },
        },
      ),
      totals: fed2(
        `type Product @key(fields: "id") { id: ID! fee: Int @external total: Int @requires(fields: "fee") free: Boolean @requires(fields: "fee") }`,
        {
          Product: {
            ...reference,
            total: ({ fee }: { fee: number }) => fee * 2,
            free: ({ fee }: { fee: number }) => fee > 100,
          },
        },
      ),
    }),
    queries: [
      { query: '{ product(id: "p1") { total } }', data: { product: { total: 26 } } },
      {
        query: `query ($c: String!, $not: Boolean!) { product(id: "p2") {
          fee free @skip(if: $not) total @include(if: $not) price(currency: $c) usd: price(currency: "USD") } }`,
        variables: { c: 'EUR', not: false },
        data: { product: { fee: 710, free: true, price: 9, usd: 10 } },
        beyondStock: true,
      },
    ],
  },
  {
    name: 'fields that a path provides, nested and of lists',
    subgraphs: () => ({
      catalogue: fed2(
        `type Query { products: [Product!]! @provides(fields: "categories { id name }")  bare: [Product!]! }
         type Product @key(fields: "id") { id: ID! categories: [Category!]! @external }
         type Category @key(fields: "id") { id: ID! name: String @external }`,
        {
          Query: {
            products: () => [{ id: 'p1', categories: [{ id: 'c1', name: 'provided' }] }],
            bare: () => [{ id: 'p1' }],
          },
        },
      ),
      shelves: fed2(
        `type Product @key(fields: "id") { id: ID! categories: [Category!]! @shareable }
         type Category @key(fields: "id") { id: ID! name: String @shareable }`,
        {
          Product: { ...reference, categories: () => [{ id: 'c1', name: 'looked up' }] },
          Category: { ...reference, name: () => 'looked up' },
        },
      ),
    }),
    queries: [
      {
        query: '{ products { categories { name } } bare { categories { name } } }',
        data: {
          products: [{ categories: [{ name: 'provided' }] }],
          bare: [{ categories: [{ name: 'looked up' }] }],
        },
      },
    ],
  },
  {
    name: 'fields that another subgraph has taken over, wholly or by label',
    subgraphs: () => ({
      old: fed2(
        `type Query { feed: [Post!]! @shareable }
         type Post @key(fields: "id") { id: ID! createdAt: String! likes: Int! shares: Int! }`,
        {
          Query: { feed: () => [{ id: '1', createdAt: 'old', likes: 1, shares: 1 }] },
          Post: { __resolveReference: ({ id }: { id: string }) => ({ id, createdAt: 'old', likes: 1, shares: 1 }) },
        },
      ),
      new: fed2(
        `type Query { feed: [Post!]! @shareable }
         type Post @key(fields: "id") {
           id: ID! createdAt: String! @override(from: "old")
           likes: Int! @override(from: "old", label: "percent(100)") shares: Int! @override(from: "old", label: "percent(0)")
         }`,
        {
          Query: { feed: () => [{ id: '1' }] },
          Post: { ...reference, createdAt: () => 'new', likes: () => 2, shares: () => 2 },
        },
      ),
    }),
    queries: [
      { query: '{ feed { createdAt } }', data: { feed: [{ createdAt: 'new' }] } },
      { query: '{ feed { id shares likes } }', data: { feed: [{ id: '1', shares: 1, likes: 2 }] }, beyondStock: true },
    ],
  },
  {
    name: 'mutations, one after the other across subgraphs',
    subgraphs: () => {
      const totals = new Map<string, number>()
      const change =
        (by: (total: number, n: number) => number) =>
        (_: unknown, { of, n }: { of: string; n: number }) => {
          const next = by(totals.get(of) ?? 0, n)
          totals.set(of, next)
          return next
        }
      return {
        adding: fed2(
          `type Query { total(of: ID!): Int! }  type Mutation { add(of: ID!, n: Int!): Int!  start(name: String!): User }
          type User @key(fields: "id") { id: ID! }`,
          {
            Query: { total: (_: unknown, { of }: { of: string }) => totals.get(of) ?? 0 },
            Mutation: {
              add: change((total, n) => total + n),
              start: (_: unknown, { name }: { name: string }) => ({ id: name }),
            },
          },
        ),
        multiplying: fed2(
          `type Mutation { multiply(of: ID!, n: Int!): Int! } type User @key(fields: "id") { id: ID! greeting: String! }`,
          {
            Mutation: { multiply: change((total, n) => total * n) },
            User: { ...reference, greeting: ({ id }: { id: string }) => `Hello ${id}` },
          },
        ),
      }
    },
    queries: [
      {
        query: `mutation { five: add(of: "a", n: 5) ten: multiply(of: "a", n: 2) twelve: add(of: "a", n: 2) last: multiply(of: "a", n: 3) }`,
        data: { five: 5, ten: 10, twelve: 12, last: 36 },
      },
      { query: '{ total(of: "a") }', data: { total: 36 } },
      {
        query: 'mutation ($n: String!) { start(name: $n) { greeting } }',
        variables: { n: 'Ada' },
        data: { start: { greeting: 'Hello Ada' } },
      },
    ],
  },
  {
    name: 'a root that several subgraphs share',
    subgraphs: () => ({
      names: fed2(
        `type Query { product: Product @shareable products: [Product] @shareable }  type Product @shareable { id: ID! name: Name @shareable } type Name @shareable { brand: String! }`,
        {
          Query: {
            product: () => ({ id: '1', name: { brand: 'B1' } }),
            products: () => [{ id: '1', name: { brand: 'B1' } }, null],
          },
        },
      ),
      prices: fed2(
        `type Query { product: Product @shareable products: [Product] @shareable }  type Product @shareable { id: ID! price: Int }`,
        {
          Query: { product: () => ({ id: '1', price: 7 }), products: () => [{ id: '1', price: 7 }, null] },
        },
      ),
    }),
    queries: [
      {
        query: '{ product { id name { brand } price } }',
        data: { product: { id: '1', name: { brand: 'B1' }, price: 7 } },
      },
      {
        query: '{ products { price name { brand } } }',
        data: { products: [{ price: 7, name: { brand: 'B1' } }, null] },
      },
    ],
  },
  {
    name: 'subgraphs of Federation 1, which extend',
    subgraphs: () => ({
      accounts: fed1(`type Query { me: User } type User @key(fields: "id") { id: ID! name: String rid: ID }`, {
        Query: { me: () => ({ id: 'u1', name: 'Ada', rid: 'r1' }) },
        User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Ada', rid: 'r1' }) },
      }),
      reviews: fed1(
        `extend type Query { random: User } extend type User @key(fields: "id") { id: ID! @external rid: ID @external review: String @requires(fields: "rid") }`,
        {
          Query: { random: () => ({ id: 'u2' }) },
          User: { ...reference, review: ({ rid }: { rid: string }) => `of ${rid}` },
        },
      ),
    }),
    queries: [
      {
        query: '{ me { review name } random { id rid review } }',
        data: { me: { review: 'of r1', name: 'Ada' }, random: { id: 'u2', rid: 'r1', review: 'of r1' } },
      },
    ],
  },
  {
    name: 'an entity of which one field fails',
    subgraphs: () => ({
      list: fed2(`type Query { items: [Item] } type Item @key(fields: "id") { id: ID! }`, {
        Query: { items: () => [{ id: '1' }, { id: '2' }, null] },
      }),
      facts: fed2(`type Item @key(fields: "id") { id: ID! must: Int! may: Int }`, {
        Item: {
          ...reference,
          must: ({ id }: { id: string }) => {
            if (id === '2') throw new Error('no such fact')
            return 1
          },
          may: () => {
            throw new Error('never known')
          },
        },
      }),
    }),
    queries: [
      { query: '{ items { id must } }', data: { items: [{ id: '1', must: 1 }, null, null] }, errors: true },
      {
        query: '{ items { may id } }',
        data: { items: [{ may: null, id: '1' }, { may: null, id: '2' }, null] },
        errors: true,
      },
      { query: '{ items { missing } }', data: undefined, errors: true },
      { query: '{ items { id', data: undefined, errors: true },
    ],
  },
]
