import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { costOf } from './cost.ts'

const directives = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`
const schemaOf = (sdl: string) => buildSchema(`${directives} ${sdl}`)
const requested = (sdl: string, document: string, variables?: Record<string, unknown>) =>
  costOf(schemaOf(sdl), parse(document))(variables).requested

const books = (address = '') => `
  type Query {
    book(id: ID): Book
    bestsellers: [Book] @listSize(assumedSize: 5)
    newestAdditions(after: ID, limit: Int!): [Book] @listSize(slicingArguments: ["limit"])
  }
  type Book { title: String author: Author publisher: Publisher }
  type Author { name: String }
  type Publisher { name: String address: Address }
  type Address ${address} { zipCode: Int! }
`
const selection = '{ title author { name } publisher { name address { zipCode } } }'
const expensive = books('@cost(weight: 5)')

describe('the published examples', () => {
  it.each([
    ['BookQuery', books(), `{ book(id: 1) ${selection} }`, 4],
    ['with an expensive address', expensive, `{ book(id: 1) ${selection} }`, 8],
    ['five bestsellers', expensive, `{ bestsellers ${selection} }`, 40],
    ['three additions', expensive, `{ newestAdditions(limit: 3) ${selection} }`, 24],
    ['seven additions', expensive, `{ newestAdditions(limit: 7) ${selection} }`, 56],
  ])('%s', (_, sdl, document, cost) => {
    expect(requested(sdl, document)).toBe(cost)
  })

  it('counts the nodes of nested connections', () => {
    const list = (name: string, of: string) =>
      `${name}(first: Int!): ${of}s @listSize(slicingArguments: ["first"], sizedFields: ["edges"])`
    const connection = (of: string) => `
      type ${of}s @cost(weight: 0) { totalCount: Int edges: [${of}Edge] }
      type ${of}Edge @cost(weight: 0) { node: ${of} }`
    const sdl = `
      type Query { viewer: User @cost(weight: 0) }
      type User { login: String ${list('repositories', 'Repository')} ${list('followers', 'User')} }
      type Repository { name: String ${list('pullRequests', 'PullRequest')} ${list('issues', 'Issue')} }
      type PullRequest { title: String ${list('comments', 'Comment')} }
      type Issue { title: String ${list('comments', 'Comment')} }
      type Comment { bodyHTML: String }
      ${['Repository', 'User', 'PullRequest', 'Issue', 'Comment'].map(connection).join('\n')}`
    const comments = 'comments(first: 10) { edges { comment: node { bodyHTML } } }'
    const document = `{ viewer {
      repositories(first: 50) { edges { repository: node { name
        pullRequests(first: 20) { edges { pullRequest: node { title ${comments} } } }
        issues(first: 20) { totalCount edges { issue: node { title ${comments} } } } } } }
      followers(first: 10) { edges { follower: node { login } } } } }`
    expect(requested(sdl, document)).toBe(22_060)
  })
})

const shop = `
  scalar Report @cost(weight: 3)
  interface Node { id: ID! owner: Person }
  union Result = Person | Order
  type Query {
    person(name: String @cost(weight: 2)): Person
    people(first: Int = 10, last: Int): [Person!]! @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    strict(first: Int, last: Int): [Person!]! @listSize(slicingArguments: ["first", "last"])
    page(first: Int, filter: Filter): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false, assumedSize: 20)
    byIds(ids: [ID!]!): [Person]! @listSize(assumedSize: 7)
    unsized: [Person]
    matrix: [[Person]]
    made: [Person] @cost(weight: 9) @listSize(assumedSize: 2)
    offer: Person @cost(weight: 20)
    report: Report
    reports: [Report] @listSize(assumedSize: 4)
    search: [Result] @listSize(assumedSize: 3)
    node: Node
  }
  type Mutation {
    rename(input: Rename!): Person
    ingest(input: Ingest!): Person
  }
  input Filter { states: [String!] ids: [ID!] }
  input Rename { name: String }
  input Ingest { orders: [OrderInput!]! tags: [String!] flagged: [ID!] @cost(weight: 2) }
  input OrderInput { id: ID items: [ItemInput!] }
  input ItemInput { sku: String note: String @cost(weight: 4) }
  type Person implements Node { id: ID! name: String owner: Person friends(first: Int = 2): [Person] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false) }
  type Order implements Node @cost(weight: 6) { id: ID! total: Int owner: Person lines: [Line] @listSize(assumedSize: 2) }
  type Line { sku: String }
  type Page { nodes: [Person] total: Int others: [Person] }
`

describe('the requested cost', () => {
  it.each([
    ['an argument has its own', '{ person(name: "a") { id } }', 3],
    ['an argument that is null has none', '{ person(name: null) { id } }', 1],
    ['a default slices', '{ people { id } }', 10],
    ['a slicing argument of zero', '{ people(first: 0) { id } }', 0],
    ['the largest of two slicing arguments', '{ people(first: 3, last: 4) { id } }', 4],
    ['the size goes to the fields named', '{ page(first: 5) { total nodes { id } } }', 6],
    ['another list of the page is of the usual size', '{ page(first: 5) { others { id } } }', 101],
    ['no slicing argument, a size assumed', '{ page { nodes { id } } }', 21],
    ['a filter does not slice', '{ page(first: 5, filter: { ids: ["a", "b"] }) { nodes { id } } }', 6],
    ['a list of ids is as long as it is', '{ byIds(ids: ["a", "b", "c"]) { id } }', 3],
    ['one id for a list', '{ byIds(ids: "a") { id } }', 1],
    ['a list without a size', '{ unsized { id } }', 100],
    ['lists in a list', '{ matrix { id } }', 10_000],
    ['a list that is dear to make', '{ made { id } }', 11],
    ['an object that is dear to make', '{ offer { id owner { id } } }', 21],
    ['a scalar with a weight', '{ report reports }', 15],
    ['lists multiply', '{ people(first: 3) { friends(first: 4) { friends { id } } } }', 3 * (1 + 4 * (1 + 2))],
    ['a union costs as its dearest member', '{ search { ... on Person { id } ... on Order { lines { sku } } } }', 24],
    ['an interface costs with the fields of each type', '{ node { id ... on Order { owner { id } } } }', 7],
    ['aliases are fields', '{ a: person { id } b: person { id } }', 2],
    ['the same field asked for twice is one', '{ person { owner { id } } person { owner { name } } }', 2],
    [
      'fragments count where they are used',
      '{ a: person { ...F } b: person { ...F } } fragment F on Person { owner { id } }',
      4,
    ],
    ['a fragment of one type', '{ node { ... on Person { owner { id owner { owner { friends { id } } } } } } }', 6],
    ['introspection is free', '{ __typename __schema { types { fields { args { name } } } } }', 0],
    ['what is skipped is free', '{ person @skip(if: true) { id } report @include(if: false) }', 0],
    ['mutations', 'mutation { rename(input: { name: "a" }) { id } }', 11],
    ['each mutation', 'mutation { a: rename(input: {}) { id } b: rename(input: {}) { id } }', 22],
    [
      'nested items of an input, each with what it holds',
      `mutation { ingest(input: { flagged: ["x", "y"], tags: ["t"], orders: [
        { id: 1, items: [{ sku: "a" }, { sku: "b", note: "n" }] }, { id: 2 }] }) { id } }`,
      10 + 1 + 2 * 2 + 2 + 2 + 4,
    ],
  ])('%s', (_, document, cost) => {
    expect(requested(shop, document)).toBe(cost)
  })

  it.each([
    ['{ people(first: $n) { id } }', { n: 6 }, 6],
    ['{ people(first: $n) { id } }', {}, 10],
    ['{ people(first: $n) { id } }', { n: null }, 100],
    ['{ people(first: $n) { id } }', { n: 'many' }, 100],
    ['{ people(first: $n) { id } }', { n: -5 }, 100],
    ['{ people(first: $n) { id } }', { n: 1e300 }, Number.MAX_SAFE_INTEGER],
    ['{ person @include(if: $yes) { id } offer @skip(if: $yes) { id } }', { yes: true }, 1],
    ['{ person @include(if: $yes) { id } offer @skip(if: $yes) { id } }', { yes: false }, 20],
    ['{ byIds(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    ['{ byIds(ids: [$id, "b", "c"]) { id } }', { id: 'a' }, 3],
  ])('%s with %j', (selection, variables, cost) => {
    const document = `query ($n: Int, $yes: Boolean!, $ids: [ID!]!, $id: ID!) ${selection}`
    expect(requested(shop, document, variables)).toBe(cost)
  })

  it('takes the default of a variable', () => {
    expect(requested(shop, 'query ($n: Int = 4) { people(first: $n) { id } }')).toBe(4)
    expect(requested(shop, 'query ($n: Int = 4) { people(first: $n) { id } }', { n: 2 })).toBe(2)
  })

  it('refuses a field without the one slicing argument that it requires', () => {
    for (const given of ['', '(first: 1, last: 2)', '(first: null)'])
      expect(() => requested(shop, `{ strict${given} { id } }`)).toThrow('exactly one of "first", "last"')
    expect(requested(shop, '{ strict(last: 2) { id } }')).toBe(2)
  })

  it('is of the operation that is named', () => {
    const document = parse('query A { person { id } } query B { people { id } }')
    expect(costOf(schemaOf(shop), document, 'B')().requested).toBe(10)
    expect(() => costOf(schemaOf(shop), document)).toThrow('no such operation')
  })

  it.each([
    ['one', (k: number) => `owner { ...F${k + 1} } friends { ...F${k + 1} }`],
    ['one by a variable', (k: number) => `owner { ...F${k + 1} } friends(first: $n) { ...F${k + 1} }`],
  ])('adds up nested fragments as fast as %s is read', (_, body) => {
    const fragments = Array.from({ length: 60 }, (_, k) => `fragment F${k} on Person { ${body(k)} }`)
    const document = `query ($n: Int) { person { ...F0 } } ${fragments.join(' ')} fragment F60 on Person { id }`
    expect(requested(shop, document, { n: 2 })).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('gives up on fragments that select something else along every path, and calls it beyond every maximum', () => {
    const depth = 16
    const both = (first: string, second: string) => `{ x: owner { ${first} } y: owner { ${second} } }`
    const fragments = Array.from({ length: depth }, (_, k) => {
      const marks = Array.from(
        { length: k },
        (_, m) => `fragment M${k}_${m} on Person ${both(`...M${k + 1}_${m}`, `...M${k + 1}_${m}`)}`,
      )
      return [`fragment A${k} on Person ${both(`...A${k + 1}`, `...A${k + 1} ...M${k + 1}_${k}`)}`, ...marks]
    })
    const last = Array.from({ length: depth }, (_, m) => `fragment M${depth}_${m} on Person { n${m}: name }`)
    const document = [`{ person { ...A0 } }`, ...fragments.flat(), ...last, `fragment A${depth} on Person { id }`]
    expect(requested(shop, document.join(' '))).toBe(Number.MAX_SAFE_INTEGER)
  })
})

describe('the actual cost', () => {
  const actual = (document: string, data: unknown, variables?: Record<string, unknown>) =>
    costOf(schemaOf(shop), parse(document))(variables).actual(data)

  it.each([
    [
      'the items that came',
      '{ people(first: 50) { id owner { id } } }',
      { people: [{ owner: {} }, { owner: null }] },
      3,
    ],
    ['nothing for null', '{ person { owner { id } } }', { person: null }, 0],
    ['what was done for null', '{ offer { id } rep: report }', { offer: null, rep: null }, 20],
    ['what is asked where there is no data', 'mutation { rename(input: {}) { id } }', null, 10],
    [
      'a union by what came',
      '{ search { ... on Person { id } ... on Order { lines { sku } } } }',
      { search: [{ id: 1 }, { lines: [{}] }] },
      13,
    ],
    ['no more than was requested', '{ people(first: 1) { id } }', { people: [{}, {}, {}] }, 1],
    ['no answer of another shape', '{ people(first: 9) { owner { id } } }', { people: 'x' }, 0],
  ])('counts %s', (_, document, data, cost) => {
    expect(actual(document, data)).toBe(cost)
  })

  it('is not lowered by an alias that looks like a type', () => {
    const document = '{ search { __typename: __typename ... on Order { lines { sku } } } }'
    expect(actual(document, { search: [{ __typename: 'Person', lines: [{}, {}] }] })).toBe(8)
  })
})
