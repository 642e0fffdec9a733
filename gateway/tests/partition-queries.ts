import { between, pick, type Random } from '@quimbi/service/random.ts'
import {
  doTypesOverlap,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'

type Making = {
  schema: GraphQLSchema
  random: Random
  aliases: number
  declared: string[]
  variables: Record<string, unknown>
  fragments: string[]
  /** how many more fields there may be */
  room: number
}
type Field = GraphQLField<unknown, unknown>

/** A random operation; it may be invalid. */
export function randomOperation(schema: GraphQLSchema, random: Random) {
  const making: Making = { schema, random, aliases: 0, declared: [], variables: {}, fragments: [], room: 60 }
  const mutation = schema.getMutationType()
  const isMutation = mutation && random() < 0.06
  const root = isMutation ? mutation : schema.getQueryType()
  if (!root) throw new Error('no root type')
  const body = selection(making, root, pick(random, [3, 4, 5]))
  const variables = making.declared.length > 0 ? `(${making.declared.join(', ')})` : ''
  const kind = isMutation ? 'mutation' : 'query'
  return { query: `${kind} Q${variables} ${body}\n${making.fragments.join('\n')}`, variables: making.variables }
}

function selection(making: Making, type: GraphQLCompositeType, depth: number): string {
  const { schema, random } = making
  const parts: string[] = []
  if (random() < 0.15) parts.push(random() < 0.3 ? 'tn: __typename' : '__typename')
  if (isObjectType(type) || isInterfaceType(type)) {
    const fields = Object.values(type.getFields())
    const isWanted = depth > 3 ? 0.6 : 0.35
    for (const field of fields) if (random() < isWanted) parts.push(...fieldOf(making, field, depth))
    if (random() < 0.3) parts.push(...fieldOf(making, pick(random, fields as [Field, ...Field[]]), depth))
  }
  if (isAbstractType(type))
    for (const possible of schema.getPossibleTypes(type))
      if (random() < 0.6) parts.push(inline(making, possible, depth))
  // A type seen as one of its interfaces, or as what else it may be.
  const others = Object.values(schema.getTypeMap()).filter(
    (each) => isAbstractType(each) && each !== type && doTypesOverlap(schema, each, type),
  ) as GraphQLCompositeType[]
  if (others.length > 0 && random() < 0.25)
    parts.push(inline(making, pick(random, others as [GraphQLCompositeType, ...GraphQLCompositeType[]]), depth))
  if (random() < 0.1 && depth > 0) {
    const name = `F${making.fragments.length}`
    const at = making.fragments.push('') - 1
    making.fragments[at] = `fragment ${name} on ${type.name} ${selection(making, type, depth - 1)}`
    parts.push(`...${name}${condition(making)}`)
  }
  for (let at = parts.length - 1; at > 0; at -= 1) {
    const other = between(random, 0, at)
    if (random() < 0.3) [parts[at], parts[other]] = [parts[other] ?? '', parts[at] ?? '']
  }
  return `{ ${parts.join(' ') || '__typename'} }`
}

const inline = (making: Making, type: GraphQLCompositeType, depth: number): string =>
  `... on ${type.name}${condition(making)} ${selection(making, type, depth - 1)}`

function fieldOf(making: Making, field: Field, depth: number): string[] {
  const { random } = making
  const type = getNamedType(field.type)
  making.room -= 1
  if (making.room < 0 || (isCompositeType(type) && depth <= 0)) return []
  const given = random() < 0.6 ? argumentsOf(making, field) : ''
  const isAliased = given !== '' || random() < 0.1
  const alias = !isAliased ? '' : random() < 0.05 ? `${pick(random, taken)}: ` : `x${(making.aliases += 1)}: `
  const head = `${alias}${field.name}${given}${condition(making)}`
  return [isCompositeType(type) ? `${head} ${selection(making, type, depth - 1)}` : head]
}

/** Names that the planner may want for itself. */
const taken = ['id', 'code', 'common', 'at', 'w', 'ant0', 'bee1'] as const

function condition(making: Making): string {
  const { random } = making
  if (random() > 0.08) return ''
  const directive = pick(random, ['skip', 'include'])
  return ` @${directive}(if: ${random() < 0.7 ? variable(making, 'Boolean!', random() < 0.5) : random() < 0.5})`
}

/** A variable, one that was declared before, or one with a default and no value. */
function variable({ random, declared, variables }: Making, type: string, value: unknown): string {
  const same = declared.filter((each) => each.includes(`: ${type}`))
  if (same.length > 0 && random() < 0.4) return pick(random, same as [string, ...string[]]).split(':')[0] ?? ''
  const name = `v${declared.length}`
  const isDefault = random() < 0.2 && typeof value !== 'object'
  declared.push(`$${name}: ${type}${isDefault ? ` = ${JSON.stringify(value).replaceAll('"', '')}` : ''}`)
  if (!isDefault) variables[name] = value
  return `$${name}`
}

function argumentsOf(making: Making, { args }: Field): string {
  const { random } = making
  const given = args.flatMap(({ name }) => {
    if (random() < 0.4) return []
    const near = between(random, 0, 2)
    if (name === 'n') return [`n: ${random() < 0.5 ? variable(making, 'Int', near) : random() < 0.1 ? 'null' : near}`]
    const kind = pick(random, ['A', 'B'])
    if (name === 'kind') return [`kind: ${random() < 0.5 ? variable(making, 'Kind', kind) : kind}`]
    if (random() < 0.4) return [`where: ${variable(making, 'Where', random() < 0.2 ? null : { near })}`]
    return [`where: { deep: { near: ${random() < 0.5 ? variable(making, 'Int', near) : near} } }`]
  })
  return given.length > 0 ? `(${given.join(', ')})` : ''
}
