import type {
  DocumentNode,
  FieldNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql'
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isLeafType,
  Kind,
  OperationTypeNode,
  typeFromAST,
} from 'graphql'
import { argumentCosts, sum, type Amount } from './arguments.ts'
import { listSizeOf, weightOf } from './directives.ts'
import { sizeOf, usualSize } from './list-size.ts'

/** A field of an operation, merged from wherever it is asked for. */
export type PricedField = {
  /** its name in the answer */
  key: string
  /** of asking it, whatever the answer */
  call: Amount
  /** of each value in the answer that is no object */
  item: number
  /** most items; null where it is no list */
  size: Amount | null
  inner: PricedSelection | null
  /** of each object or value, where nothing in it costs; null where something does */
  flat: number | null
  /** the estimate of one pricing: fields are shared where fragments are, and added up once */
  memo: { pricing: object | null; cost: number }
}

/** What is asked of an object: for each type that it may be, its weight and the fields. */
export type PricedSelection = readonly { weight: number; fields: readonly PricedField[] }[]

/** Thrown where fragments multiply beyond what anybody could mean. */
export class TooManyFields extends Error {}

/** Base cost of each root field of a mutation. */
const mutationCost = 10
const maxFields = 20_000

type Sizes = ReadonlyMap<string, Amount>
const noSizes: Sizes = new Map()

/** Which selections are in, by the values of the variables that decide. */
export type Includes = (node: SelectionNode) => boolean

/** The fields of an operation with what each costs. Introspection is free. Throws TooManyFields. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  includes: Includes,
): PricedSelection {
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  )
  const ids = new Map<object, number>()
  const known = new Map<string, PricedField>()
  const root = schema.getRootType(operation.operation)
  const base = operation.operation === OperationTypeNode.MUTATION ? mutationCost : 0

  const idOf = (one: object): number => {
    const id = ids.get(one) ?? ids.size
    ids.set(one, id)
    return id
  }

  function select(type: GraphQLObjectType, sets: readonly SelectionSetNode[], sizes: Sizes, base = 0) {
    const collected = new Map<string, FieldNode[]>()
    const seen = new Set<string>()
    for (const set of sets) collect(type, set, collected, seen)
    return [...collected].flatMap(([key, nodes]) => {
      const field = nodes[0] && type.getFields()[nodes[0].name.value]
      if (!field) return []
      const one = priced(type, key, field, nodes as [FieldNode, ...FieldNode[]], sizes.get(field.name), base)
      return costsNothing(one) ? [] : [one]
    })
  }

  function collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    collected: Map<string, FieldNode[]>,
    seen: Set<string>,
  ): void {
    for (const node of selections) {
      if (!includes(node)) continue
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value
        const nodes = collected.get(key)
        if (nodes) nodes.push(node)
        else collected.set(key, [node])
        continue
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (seen.has(node.name.value)) continue
        seen.add(node.name.value)
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node
      if (fragment && applies(type, fragment.typeCondition)) collect(type, fragment.selectionSet, collected, seen)
    }
  }

  function applies(type: GraphQLObjectType, condition: Parameters<typeof typeFromAST>[1] | undefined): boolean {
    if (!condition) return true
    const named = typeFromAST(schema, condition)
    return named === type || (isAbstractType(named) && schema.isSubType(named, type))
  }

  function priced(
    type: GraphQLObjectType,
    key: string,
    field: GraphQLField<unknown, unknown>,
    nodes: readonly [FieldNode, ...FieldNode[]],
    sized: Amount | undefined,
    base: number,
  ): PricedField {
    // The same selections of the same type are the same field: a document of nested fragments stays as long as it is written.
    const sizedBy = typeof sized === 'function' ? `f${idOf(sized)}` : sized
    const identity = `${type.name} ${key} ${sizedBy} ${nodes.map(idOf).join()}`
    const already = known.get(identity)
    if (already) return already
    if (known.size >= maxFields) throw new TooManyFields()
    const made = priceField(field, nodes, sized, base, innerOf)
    const complete = { key, ...made, flat: flatOf(made), memo: { pricing: null, cost: 0 } }
    known.set(identity, complete)
    return complete
  }

  function innerOf(field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], sizes: Sizes) {
    const type = getNamedType(field.type)
    if (!isCompositeType(type)) return null
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
    // A list's own weight is that of making it; of one object it stands for the object's.
    const isPaid = weightOf(field) !== undefined && !isListType(getNullableType(field.type))
    return types.map((one) => ({ weight: isPaid ? 0 : (weightOf(one) ?? 1), fields: select(one, sets, sizes) }))
  }

  return root ? [{ weight: 0, fields: select(root, [operation.selectionSet], noSizes, base) }] : []
}

function flatOf({ item, inner }: Pick<PricedField, 'item' | 'inner'>): number | null {
  if (!inner) return item
  return inner.every(({ fields }) => fields.length === 0)
    ? item + Math.max(0, ...inner.map(({ weight }) => weight))
    : null
}

// Most fields are such: leaving them out makes pricing and counting several times as fast.
const costsNothing = ({ call, item, inner }: PricedField): boolean => call === 0 && item === 0 && inner === null

function priceField(
  field: GraphQLField<unknown, unknown>,
  nodes: readonly [FieldNode, ...FieldNode[]],
  sized: Amount | undefined,
  base: number,
  innerOf: (field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], sizes: Sizes) => PricedSelection | null,
): Omit<PricedField, 'key' | 'flat' | 'memo'> {
  const isList = isListType(getNullableType(field.type))
  const listSize = listSizeOf(field)
  const announced = listSize && sizeOf(field, nodes[0], listSize)
  const sizes =
    announced !== undefined && listSize ? new Map(listSize.sizedFields.map((name) => [name, announced])) : noSizes
  const own = weightOf(field)
  return {
    call: sum([base, own ?? 0, argumentCosts(field, nodes[0])]),
    item: own !== undefined && !isList ? 0 : leafWeight(field),
    size: isList ? nested(field, sized ?? (listSize?.sizedFields.length ? undefined : announced) ?? usualSize) : null,
    inner: innerOf(field, nodes, sizes),
  }
}

function leafWeight(field: GraphQLField<unknown, unknown>): number {
  const type = getNamedType(field.type)
  return isLeafType(type) ? (weightOf(type) ?? 0) : 0
}

/** Lists in a list are as long as lists are. */
function nested(field: GraphQLField<unknown, unknown>, size: Amount): Amount {
  let factor = 1
  let type = getNullableType(field.type)
  while (isListType(type)) {
    const inner = getNullableType(type.ofType as typeof field.type)
    if (isListType(inner)) factor *= usualSize
    type = inner
  }
  if (factor === 1) return size
  return typeof size === 'number' ? size * factor : (variables) => size(variables) * factor
}
