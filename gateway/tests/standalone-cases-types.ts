import { byTypename, fed2, type Case } from './standalone-kit.ts'

// How types meet: interfaces, interface objects, unions and enums that differ by subgraph, inputs, what is hidden.

const reference = { __resolveReference: (given: object) => given }
const typed = { __resolveType: byTypename }

export const typeCases: Case[] = [
  {
    name: 'an interface object, whose fields every implementation gets',
    subgraphs: () => ({
      people: fed2(
        `type Query { nodes: [Node!]!  users: [User!]! }
         interface Node @key(fields: "id") { id: ID! }
         type User implements Node @key(fields: "id") { id: ID! name: String! age: Int }
         type Admin implements Node @key(fields: "id") { id: ID! }`,
        {
          Query: {
            nodes: () => [
              { __typename: 'User', id: 'u1', name: 'Ada' },
              { __typename: 'Admin', id: 'a1' },
            ],
            users: () => [{ id: 'u1', name: 'Ada', age: 36 }],
          },
          Node: {
            ...typed,
            __resolveReference: ({ id }: { id: string }) => ({
              __typename: id.startsWith('u') ? 'User' : 'Admin',
              id,
              name: 'Ada',
              age: 36,
            }),
          },
          User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Ada', age: 36 }) },
          Admin: reference,
        },
      ),
      names: fed2(
        `type Query { anybody: [Node!]! } type Node @key(fields: "id") @interfaceObject { id: ID! username: String! }`,
        {
          Query: {
            anybody: () => [
              { id: 'u1', username: 'u1-name' },
              { id: 'a1', username: 'a1-name' },
            ],
          },
          Node: { ...reference, username: ({ id }: { id: string }) => `${id}-name` },
        },
      ),
    }),
    queries: [
      {
        query: '{ nodes { __typename id username ... on User { name } } }',
        data: {
          nodes: [
            { __typename: 'User', id: 'u1', username: 'u1-name', name: 'Ada' },
            { __typename: 'Admin', id: 'a1', username: 'a1-name' },
          ],
        },
      },
      {
        query: '{ anybody { username ... on User { age } } }',
        data: { anybody: [{ username: 'u1-name', age: 36 }, { username: 'a1-name' }] },
      },
      { query: '{ anybody { __typename } }', data: { anybody: [{ __typename: 'User' }, { __typename: 'Admin' }] } },
      { query: '{ users { age username } }', data: { users: [{ age: 36, username: 'u1-name' }] } },
    ],
  },
  {
    name: 'an interface object that requires what implementations have, and one that cannot be resolved',
    subgraphs: () => ({
      people: fed2(
        `type Query { nodes: [Node!]! }
         interface Node @key(fields: "id") { id: ID! name: String }
         type User implements Node @key(fields: "id") { id: ID! name: String }
         type Robot implements Node @key(fields: "id") { id: ID! name: String }`,
        {
          Query: {
            nodes: () => [
              { __typename: 'User', id: '1', name: 'Ada' },
              { __typename: 'Robot', id: '2', name: null },
            ],
          },
          Node: typed,
        },
      ),
      greetings: fed2(
        `type Node @key(fields: "id") @interfaceObject { id: ID! name: String @external greeting: String @requires(fields: "name") }`,
        { Node: { ...reference, greeting: ({ name }: { name: string | null }) => (name ? `Hello ${name}` : null) } },
      ),
      owners: fed2(
        `type Query { product: Product } type Product { id: ID! owner: Node! }
         type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }`,
        { Query: { product: () => ({ id: 'p', owner: { id: '1' } }) } },
      ),
    }),
    queries: [
      { query: '{ nodes { greeting } }', data: { nodes: [{ greeting: 'Hello Ada' }, { greeting: null }] } },
      { query: '{ product { owner { id } } }', data: { product: { owner: { id: '1' } } } },
    ],
  },
  {
    name: 'a union whose members differ by subgraph',
    subgraphs: () => {
      const book = { __typename: 'Book', id: 'b1', title: 'One' }
      return {
        first: fed2(
          `type Query { media: Media @shareable  viewer: Viewer @shareable }
           union Media = Book | Movie  type Viewer @shareable { media: Media }
           type Book @shareable { id: ID! title: String! }  type Movie @shareable { id: ID! }`,
          { Query: { media: () => book, viewer: () => ({ media: book }) }, Media: typed },
        ),
        second: fed2(
          `type Query { media: Media @shareable viewer: Viewer @shareable songs: [Media] }
           union Media = Book | Song  type Viewer @shareable { media: Media }
           type Book @shareable { id: ID! title: String! }  type Song { id: ID! title: String }`,
          {
            Query: {
              media: () => book,
              viewer: () => ({ media: book }),
              songs: () => [{ __typename: 'Song', id: 's', title: null }, null, book],
            },
            Media: typed,
          },
        ),
      }
    },
    queries: [
      {
        query: '{ media { ... on Book { title } ... on Movie { id } ... on Song { name: title } } }',
        data: { media: { title: 'One' } },
      },
      {
        query: '{ viewer { media { __typename ... on Song { title } } } }',
        data: { viewer: { media: { __typename: 'Book' } } },
      },
      {
        query: '{ songs { ... on Song { t: title } ... on Book { id } } }',
        data: { songs: [{ t: null }, null, { id: 'b1' }] },
      },
    ],
  },
  {
    name: 'enums and inputs of which the graph has what all subgraphs have',
    subgraphs: () => ({
      accounts: fed2(
        `type Query { users(type: Kind, filter: Filter): [User!]!  odd: Kind }
         enum Kind { ADMIN REGULAR ANON @inaccessible }
         input Filter { first: Int! name: String }
         type User @key(fields: "id") { id: ID! kind: Kind }`,
        {
          Query: {
            users: (_: unknown, { type, filter }: { type?: string; filter?: { first: number } }) =>
              [
                { id: '1', kind: 'ADMIN' },
                { id: '2', kind: 'REGULAR' },
                { id: '3', kind: 'ANON' },
              ]
                .filter(({ kind }) => !type || kind === type)
                .slice(0, filter?.first ?? 3),
            odd: () => 'ANON',
          },
        },
      ),
      other: fed2(
        `type User @key(fields: "id") { id: ID! friends(type: Kind, filter: Filter): [User!]! }
         enum Kind { ADMIN REGULAR } input Filter { first: Int! }`,
        {
          User: {
            ...reference,
            friends: ({ id }: { id: string }, { filter }: { filter?: { first: number } }) =>
              filter?.first === 1 ? [{ id: `${id}f` }] : [],
          },
        },
      ),
    }),
    queries: [
      { query: '{ users(type: ADMIN) { id kind } }', data: { users: [{ id: '1', kind: 'ADMIN' }] } },
      {
        query: 'query ($f: Filter, $k: Kind) { users(filter: $f) { friends(filter: $f, type: $k) { id } } }',
        variables: { f: { first: 1 }, k: 'REGULAR' },
        data: { users: [{ friends: [{ id: '1f' }] }] },
      },
      {
        query: '{ users { kind } }',
        data: { users: [{ kind: 'ADMIN' }, { kind: 'REGULAR' }, { kind: null }] },
        errors: true,
      },
      { query: '{ odd }', data: { odd: null }, errors: true },
      { query: '{ users(type: ANON) { id } }', data: undefined, errors: true },
      { query: '{ users(filter: { first: 1, name: "x" }) { id } }', data: undefined, errors: true },
      { query: 'query ($k: Kind) { users(type: $k) { id } }', variables: { k: 'ANON' }, data: undefined, errors: true },
    ],
  },
  {
    name: 'types and fields that are hidden, and still serve as keys and requirements',
    subgraphs: () => ({
      first: fed2(
        `type Query { things: [Thing!]! secret: Secret @inaccessible any: [Anything] }
         type Thing @key(fields: "key") { key: ID! @inaccessible  label: String }
         type Secret @inaccessible { word: String }
         union Anything = Thing | Secret`,
        {
          Query: {
            things: () => [{ key: 'k1', label: 'L1' }],
            any: () => [
              { __typename: 'Thing', key: 'k1', label: 'L1' },
              { __typename: 'Secret', word: 'w' },
            ],
          },
          Anything: typed,
          Thing: { __resolveReference: ({ key }: { key: string }) => ({ key, label: 'L1' }) },
        },
      ),
      second: fed2(
        `type Thing @key(fields: "key") { key: ID! @inaccessible label: String @external loud: String @requires(fields: "label") }`,
        { Thing: { ...reference, loud: ({ label }: { label: string }) => `${label}!` } },
      ),
    }),
    queries: [
      { query: '{ things { loud } }', data: { things: [{ loud: 'L1!' }] } },
      { query: '{ things { key } }', data: undefined, errors: true },
      { query: '{ secret { word } }', data: undefined, errors: true },
      {
        query: '{ any { __typename ... on Thing { loud } } }',
        data: { any: [{ __typename: 'Thing', loud: 'L1!' }, null] },
        errors: true,
      },
    ],
  },
  {
    name: 'interfaces and unions over entities, with fragments that repeat',
    subgraphs: () => ({
      catalogue: fed2(
        `type Query { products: [Product!]!  similar(id: ID!): [Product]!  search: [Result!]! }
         interface Product { id: ID! similar: Product dimensions: Dimensions }
         type Book implements Product @key(fields: "id") { id: ID! similar: Product dimensions: Dimensions @external }
         type Magazine implements Product @key(fields: "id") { id: ID! similar: Product dimensions: Dimensions @external }
         type Dimensions @shareable { size: String weight: Float }
         union Result = Book | Magazine | Publisher
         type Publisher @key(fields: "id") { id: ID! }`,
        {
          Query: {
            products: () => [
              {
                __typename: 'Book',
                id: 'b1',
                similar: { __typename: 'Magazine', id: 'm1', similar: { __typename: 'Book', id: 'b2' } },
              },
              { __typename: 'Magazine', id: 'm2', similar: null },
            ],
            similar: () => [{ __typename: 'Book', id: 'b1' }, null],
            search: () => [
              { __typename: 'Publisher', id: 'x' },
              { __typename: 'Book', id: 'b9' },
            ],
          },
          Product: typed,
          Result: typed,
        },
      ),
      warehouse: fed2(
        `interface Product { id: ID! dimensions: Dimensions delivery(zip: String): Delivery }
         type Book implements Product @key(fields: "id") { id: ID! dimensions: Dimensions delivery(zip: String): Delivery }
         type Magazine implements Product @key(fields: "id") { id: ID! dimensions: Dimensions delivery(zip: String): Delivery }
         type Dimensions @shareable { size: String weight: Float }  type Delivery { fee: Int zip: String }
         type Publisher @key(fields: "id") { id: ID! address: [[String!]!] }`,
        {
          Book: {
            ...reference,
            dimensions: () => ({ size: 'S', weight: 0.5 }),
            delivery: (_: unknown, { zip }: { zip?: string }) => ({ fee: 1, zip }),
          },
          Magazine: { ...reference, dimensions: () => null, delivery: () => ({ fee: 2, zip: null }) },
          Publisher: { ...reference, address: () => [['a', 'b'], [], ['c']] },
        },
      ),
    }),
    queries: [
      {
        query: `{ products { id dimensions { size } similar { __typename id similar { id ... on Book { dimensions { weight } } } } } }`,
        data: {
          products: [
            {
              id: 'b1',
              dimensions: { size: 'S' },
              similar: { __typename: 'Magazine', id: 'm1', similar: { id: 'b2', dimensions: { weight: 0.5 } } },
            },
            { id: 'm2', dimensions: null, similar: null },
          ],
        },
      },
      {
        query: `query ($zip: String = "1010") { similar(id: "b1") { ...P ... on Product { delivery(zip: $zip) { zip } } } }
          fragment P on Product { ... on Book { delivery(zip: $zip) { fee } } ... on Magazine { id } }`,
        data: { similar: [{ delivery: { fee: 1, zip: '1010' } }, null] },
      },
      {
        query: '{ search { kind: __typename ... on Publisher { address } ... on Product { delivery { fee } } } }',
        data: {
          search: [
            { kind: 'Publisher', address: [['a', 'b'], [], ['c']] },
            { kind: 'Book', delivery: { fee: 1 } },
          ],
        },
      },
    ],
  },
  {
    name: 'type names alone, and the schema itself',
    subgraphs: () => ({
      one: fed2(
        `type Query { union: U interface: I @shareable users: [User!]! } union U = User | Other
         interface I { id: ID! } type Other implements I { id: ID! }
         type User implements I @key(fields: "id") { id: ID! } type Mutation { touch: User }`,
        {
          Query: {
            union: () => ({ __typename: 'User', id: '1' }),
            interface: () => ({ __typename: 'Other', id: '2' }),
            users: () => [{ id: '1' }, { id: '2' }],
          },
          Mutation: { touch: () => ({ id: '3' }) },
          U: typed,
          I: typed,
        },
      ),
      two: fed2(`type User @key(fields: "id") { id: ID! name: String }`, { User: { ...reference, name: () => 'N' } }),
    }),
    queries: [
      { query: '{ __typename }', data: { __typename: 'Query' } },
      {
        query: '{ a: __typename b: __typename users { t: __typename } }',
        data: { a: 'Query', b: 'Query', users: [{ t: 'User' }, { t: 'User' }] },
      },
      {
        query: 'mutation { __typename touch { __typename name } }',
        data: { __typename: 'Mutation', touch: { __typename: 'User', name: 'N' } },
      },
      {
        query: '{ union { __typename } interface { __typename } }',
        data: { union: { __typename: 'User' }, interface: { __typename: 'Other' } },
      },
      {
        query: '{ __type(name: "User") { fields { name type { name kind } } } users { name } }',
        data: {
          __type: {
            fields: [
              { name: 'id', type: { name: null, kind: 'NON_NULL' } },
              { name: 'name', type: { name: 'String', kind: 'SCALAR' } },
            ],
          },
          users: [{ name: 'N' }, { name: 'N' }],
        },
      },
      {
        query: '{ __type(name: "_Service") { name } __schema { queryType { name } } }',
        data: { __type: null, __schema: { queryType: { name: 'Query' } } },
      },
    ],
  },
  {
    name: 'a field that is nullable in one subgraph and not in another',
    subgraphs: () => ({
      one: fed2(
        `type Query { users: [User!]! accounts: [Account] @shareable } union Account = User | Admin
        type User @key(fields: "id") { id: ID name: String @shareable } type Admin @shareable { id: ID! }`,
        {
          Query: {
            users: () => [{ id: '1', name: null }],
            accounts: () => [
              { __typename: 'User', id: '1' },
              { __typename: 'Admin', id: 'x' },
            ],
          },
          Account: typed,
          User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: null }) },
        },
      ),
      two: fed2(`type User @key(fields: "id") { id: ID! name: String! @shareable similar: [User] }`, {
        User: { ...reference, name: () => 'known', similar: () => [{ id: '2', name: 'two' }, null] },
      }),
    }),
    queries: [
      {
        query: '{ users { name similar { name } } }',
        data: { users: [{ name: null, similar: [{ name: 'known' }, null] }] },
      },
      {
        query: '{ accounts { ... on User { id } ... on Admin { key: id } } }',
        data: { accounts: [{ id: '1' }, { key: 'x' }] },
      },
    ],
  },
]
