import { between, pick, type Random } from '@quimbi/service/random.ts'
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'

export type GeneratedQuery = { query: string; variables: Record<string, unknown> }

type Making = {
  schema: GraphQLSchema
  random: Random
  fragments: string[]
  variables: Map<string, string>
  /** a field's arguments are the same wherever it is selected: others would conflict */
  arguments: Map<string, string>
}

const declared: Record<string, string> = { c: '$c: Boolean!', d: '$d: Boolean! = true', n: '$n: Int', u: '$u: String' }

/** A random operation on the fixture: nested, aliased, with fragments, conditions and variables. It may be invalid. */
export function randomQuery(schema: GraphQLSchema, random: Random): GeneratedQuery {
  const making: Making = { schema, random, fragments: [], variables: new Map(), arguments: new Map() }
  const isMutation = random() < 0.05
  const root = isMutation ? schema.getMutationType() : schema.getQueryType()
  if (!root) throw new Error('no root type')
  const body = selection(making, root, pick(random, [2, 3, 3]))
  const definitions = [...making.variables.values()].join(' ')
  const head = `${isMutation ? 'mutation' : 'query'} Q${definitions && `(${definitions})`}`
  return { query: `${head} ${body}\n${making.fragments.join('\n')}`, variables: valuesFor(making) }
}

function valuesFor({ random, variables }: Making): Record<string, unknown> {
  const values: Record<string, unknown> = {
    n: between(random, 0, 5),
    u: random() < 0.5 ? 'mm' : null,
    c: random() < 0.5,
  }
  if (random() < 0.5) values['d'] = random() < 0.5
  return Object.fromEntries(Object.entries(values).filter(([name]) => variables.has(name)))
}

function use({ variables }: Making, name: string): string {
  variables.set(name, declared[name] ?? '')
  return `$${name}`
}

function selection(making: Making, type: GraphQLCompositeType, depth: number): string {
  const { schema, random, fragments } = making
  const parts: string[] = []
  if (random() < 0.2) parts.push(random() < 0.3 ? 'tn: __typename' : '__typename')
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields()))
      if (random() < 0.4) parts.push(...fieldOf(making, field, depth))
    // The same field once more: selections merge.
    const again = random() < 0.15 ? pick(random, Object.values(type.getFields()) as [Field, ...Field[]]) : undefined
    if (again && again.args.length === 0) parts.push(...fieldOf(making, again, depth))
  }
  if (depth > 0 && isAbstractType(type))
    for (const possible of schema.getPossibleTypes(type))
      if (random() < 0.7)
        parts.push(`... on ${possible.name}${condition(making)} ${selection(making, possible, depth - 1)}`)
  if (depth > 0 && !isRoot(schema, type) && random() < 0.25) {
    const name = `F${fragments.length}_${type.name}`
    const at = fragments.push('') - 1
    fragments[at] = `fragment ${name} on ${type.name} ${selection(making, type, depth - 1)}`
    parts.push(`...${name}${condition(making)}`)
  }
  if (isRoot(schema, type) && random() < 0.03) parts.push('__schema { queryType { name } }')
  return `{ ${parts.join(' ') || '__typename'} }`
}

type Field = GraphQLField<unknown, unknown>

const isRoot = (schema: GraphQLSchema, type: unknown) =>
  type === schema.getQueryType() || type === schema.getMutationType()

function fieldOf(making: Making, field: Field, depth: number): string[] {
  const { random } = making
  const type = getNamedType(field.type)
  if (isCompositeType(type) && depth <= 0) return []
  const alias = random() < 0.12 ? `x_${field.name}: ` : ''
  const head = `${alias}${field.name}${argumentsOf(making, field)}${condition(making)}`
  return [isCompositeType(type) ? `${head} ${selection(making, type, depth - 1)}` : head]
}

const conditions: [[string, string], ...[string, string][]] = [
  ['include', 'c'],
  ['skip', 'c'],
  ['include', 'd'],
  ['skip', ''],
]

function condition(making: Making): string {
  if (making.random() > 0.08) return ''
  const [directive, variable] = pick(making.random, conditions)
  return ` @${directive}(if: ${variable ? use(making, variable) : 'true'})`
}

function argumentsOf(making: Making, field: Field): string {
  if (field.args.length === 0) return ''
  const known = making.arguments.get(field.name) ?? randomArguments(making, field)
  making.arguments.set(field.name, known)
  return known
}

function randomArguments(making: Making, { args }: Field): string {
  const { random } = making
  const given = args.flatMap(({ name }) => {
    if (name === 'id') return [`id: "${pick(random, ['a1', 'a5', 'b3', 'm4', 's1', 'none'])}"`]
    if (random() < 0.5) return []
    if (name === 'first') return [`first: ${use(making, 'n')}`]
    if (name === 'unit') return [`unit: ${random() < 0.5 ? use(making, 'u') : '"km"'}`]
    return [`${name}: "new"`]
  })
  return given.length > 0 ? `(${given.join(', ')})` : ''
}
