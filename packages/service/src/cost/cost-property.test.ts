import fc from 'fast-check'
import type { GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql'
import {
  buildSchema,
  executeSync,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { between, createRandom, pick, type Random } from '../random.ts'
import { costOf } from './cost.ts'

const directives = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`
const types = ['A', 'B', 'C', 'D'] as const
const chance = (random: Random, share: number) => random() < share

/** Four types that lead to one another by single fields, lists, pages, a union and an interface. */
function randomSdl(random: Random): string {
  const cost = (share = 0.3) => (chance(random, share) ? ` @cost(weight: ${between(random, 0, 9)})` : '')
  const field = (name: string): string => {
    const to = pick(random, [...types, 'U', 'I'] as const)
    const size = between(random, 0, 4)
    const assumed = `@listSize(assumedSize: ${size})`
    const sliced = '@listSize(slicingArguments: ["first"], requireOneSlicingArgument: false, assumedSize: 3'
    return pick(random, [
      `${name}(arg: In${cost()}): Int${cost()}`,
      `${name}(arg: In): ${to}${cost()}`,
      `${name}: [${to}] ${assumed}${cost()}`,
      `${name}(first: Int = ${size}): [${to}!] ${sliced})${cost()}`,
      `${name}(first: Int): Page${pick(random, types)} ${sliced}, sizedFields: ["nodes", "edges"])${cost()}`,
      `${name}(ids: [ID!]!): [${to}] @listSize(assumedSize: 9)`,
      `${name}: [S] ${assumed}`,
    ] as const)
  }
  const fields = () => Array.from({ length: 5 }, (_, k) => field(`f${k}`)).join('\n')
  return `${directives}
    scalar S @cost(weight: ${between(random, 0, 2)})
    input In { n: Int${cost()} inner: [In2!] }
    input In2 { m: Int${cost()} }
    union U = A | B
    interface I { id: ID! link: C }
    type Query { ${fields()} }
    ${types.map((name) => `type ${name} implements I${cost()} { id: ID! link: C ${fields()} }`).join('\n')}
    ${types.map((name) => `type Page${name} { total: Int nodes: [${name}] edges: [Edge${name}] }`).join('\n')}
    ${types.map((name) => `type Edge${name}${cost()} { node: ${name} }`).join('\n')}`
}

/** A query with variables, aliases, fragments and conditions. */
function randomQuery(random: Random, schema: GraphQLSchema): string {
  const argument = (field: GraphQLField<unknown, unknown>): string => {
    const given = field.args.flatMap(({ name }) => {
      if (name === 'ids') return [`ids: ${pick(random, ['$ids', '["a", "b"]', '"a"'] as const)}`]
      if (chance(random, 0.4)) return []
      if (name === 'first') return [`first: ${pick(random, ['$n', '$m', '2', '0', 'null'] as const)}`]
      return [`arg: ${pick(random, ['{ n: 1 }', '{ n: $n, inner: [{ m: 1 }, { m: $m }] }', 'null'] as const)}`]
    })
    return given.length > 0 ? `(${given.join(', ')})` : ''
  }
  const condition = () =>
    chance(random, 0.2)
      ? ` @${pick(random, ['skip', 'include'] as const)}(if: ${pick(random, ['$yes', '$no', 'true'] as const)})`
      : ''
  let aliases = 0
  const select = (name: string, depth: number): string => {
    const type = schema.getType(name)
    if (isAbstractType(type)) {
      const parts = schema.getPossibleTypes(type).slice(0, 2)
      return `{ __typename ${parts.map((one) => `... on ${one.name}${condition()} ${select(one.name, depth)}`).join(' ')} }`
    }
    const all = Object.values((type as GraphQLObjectType).getFields())
    const chosen = all.filter((field) => isLeafType(getNamedType(field.type)) || depth > 0)
    const picked = chosen.filter(() => chance(random, 0.5))
    const parts = picked.map((field) => {
      const inner = getNamedType(field.type)
      const text = `${field.name}${argument(field)}${condition()} ${isLeafType(inner) ? '' : select(inner.name, depth - 1)}`
      // Under its own name twice, a field may not merge.
      return `k${aliases++}: ${text}`
    })
    const fragment = depth > 0 && chance(random, 0.2) && types.includes(name as 'A') ? `...F${name} ...F${name}` : ''
    return `{ __typename ${parts.join(' ')} ${fragment} }`
  }
  const fragments = types.map((name) => `fragment F${name} on ${name} { __typename link { id } more: link { id } }`)
  return `query ($n: Int, $m: Int = 2, $ids: [ID!]!, $yes: Boolean!, $no: Boolean!) ${select('Query', 3)} ${fragments.join(' ')}`
}

// What a random query declares, it need not use.
const rules = specifiedRules.filter(({ name }) => !name.startsWith('NoUnused'))

type Sized = { sizes?: Record<string, number>; __typename?: string }

/** Answers with as many items as may come, or fewer, nulls among them. */
function answer(
  schema: GraphQLSchema,
  query: string,
  variables: Record<string, unknown>,
  random: Random,
  isFull: boolean,
) {
  const object = (name: string, sizes = {}): Sized => {
    const type = schema.getType(name)
    return {
      __typename: isAbstractType(type)
        ? pick(random, schema.getPossibleTypes(type) as never as [GraphQLObjectType]).name
        : name,
      sizes,
    }
  }
  return executeSync({
    schema,
    document: parse(query),
    variableValues: variables,
    rootValue: {},
    typeResolver: (value: Sized) => value.__typename,
    fieldResolver(source: Sized, args: { first?: number | null; ids?: unknown[] }, _context, info) {
      if (info.fieldName === 'id') return 'x'
      if (!isFull && chance(random, 0.2)) return null
      const field = info.parentType.getFields()[info.fieldName]
      const most = sizeAllowed(
        String(
          field?.astNode?.directives?.map(
            (one) =>
              `${one.arguments?.map(({ name, value }) => `${name.value}=${'value' in value ? String(value.value) : ''}`).join()}`,
          ),
        ),
        args,
      )
      const type = getNamedType(info.returnType)
      const value = () => (isLeafType(type) ? 1 : object(type.name, { nodes: most, edges: most }))
      if (!isListType(getNullableType(info.returnType))) return value()
      const size = source.sizes?.[info.fieldName] ?? most
      return Array.from({ length: isFull ? size : between(random, 0, size) }, value)
    },
  })
}

/** Read from the text of a directive, as a person would. */
function sizeAllowed(directive: string, { first, ids }: { first?: number | null; ids?: unknown[] }): number {
  if (directive.includes('slicingArguments')) return first ?? 3
  if (ids && ids.length > 0) return ids.length
  return Number(/assumedSize=(\d+)/.exec(directive)?.[1] ?? 0)
}

function world(seed: number) {
  const random = createRandom(seed)
  const schema = buildSchema(randomSdl(random))
  const query = randomQuery(random, schema)
  const document = parse(query)
  expect(validate(schema, document, rules)).toEqual([])
  const variables = {
    ...(chance(random, 0.7) && { n: pick(random, [0, 1, 5, null] as const) }),
    ...(chance(random, 0.3) && { m: 3 }),
    ids: ['a', 'b', 'c'].slice(between(random, 0, 3)),
    yes: true,
    no: false,
  }
  return { random, schema, query, document, variables }
}

describe('the cost of random operations', () => {
  it('is never more than was requested, and all of it where all comes', () => {
    let exact = 0
    fc.assert(
      fc.property(fc.integer({ min: 0 }), (seed) => {
        const { random, schema, query, document, variables } = world(seed)
        const pricing = costOf(schema, document)
        const { requested, counted, actual } = pricing(variables)
        const some = answer(schema, query, variables, random, false)
        const all = answer(schema, query, variables, random, true)
        expect([some.errors, all.errors]).toEqual([undefined, undefined])
        expect(counted(some.data)).toBeLessThanOrEqual(requested)
        expect(counted(all.data)).toBeLessThanOrEqual(requested)
        expect(actual(all.data)).toBe(counted(all.data))
        expect(pricing({ ...variables }).requested).toBe(requested)
        if (query.includes('... on')) return
        expect(counted(all.data)).toBe(requested)
        exact++
      }),
      { numRuns: 250 },
    )
    expect(exact).toBeGreaterThan(20)
  })
})
