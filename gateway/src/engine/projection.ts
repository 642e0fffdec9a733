import {
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { isEntity, isInherited, type Entity } from './entities.ts'
import { Unsupported } from './errors.ts'
import { leafCheck } from './leaves.ts'

/** The answer as the client asked for it. Throws `irregular` at the first value that the API schema does not allow there. */
export type Projection = (data: Entity) => Entity

/** Thrown by a projection. A constant: no stack is taken for what may come with each answer of a damaged subgraph. */
export const irregular = Symbol('irregular')

/** Brings a value into shape. */
type Complete = (value: unknown) => unknown

export type ProjectedOperation = {
  schema: GraphQLSchema
  operation: OperationDefinitionNode
  fragments: Readonly<Record<string, FragmentDefinitionNode>>
  /** those that decide what is selected */
  variables: Readonly<Record<string, unknown>>
}

type Operation = ProjectedOperation & {
  /** What is compiled, by type and selection sets: nested abstract types would otherwise multiply. */
  known: Map<string, Projection>
  numbers: Map<SelectionSetNode, number>
}

/** The variables on which `@skip` and `@include` depend. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names]
}

/** Compiles an operation against the API schema. Throws Unsupported where it introspects the schema. */
export function compileProjection(projected: ProjectedOperation): Projection {
  const { schema, operation } = projected
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Unsupported()
  return compileObject({ ...projected, known: new Map(), numbers: new Map() }, root, [operation.selectionSet], true)
}

function complete(operation: Operation, type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete {
  if (!isNonNullType(type)) return nullable(completeValue(operation, type, nodes))
  const inner = completeValue(operation, type.ofType, nodes)
  return (value) => {
    if (value === null || value === undefined) throw irregular
    return inner(value)
  }
}

const nullable =
  (inner: Complete): Complete =>
  (value) =>
    value === null || value === undefined ? null : inner(value)

function completeValue(operation: Operation, type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete {
  if (isListType(type)) return listOf(complete(operation, type.ofType, nodes))
  const named = getNamedType(type)
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  if (isObjectType(named)) return composite(objectOf(operation, named, sets))
  if (isAbstractType(named)) return composite(abstractOf(operation, named, sets))
  const isValid = leafCheck(named)
  return (value) => {
    if (!isValid(value)) throw irregular
    return value
  }
}

function listOf(element: Complete): Complete {
  return (value) => {
    if (!Array.isArray(value)) throw irregular
    const list = new Array<unknown>(value.length)
    for (let index = 0; index < list.length; index += 1) list[index] = element(value[index])
    return list
  }
}

const composite =
  (inner: Projection): Complete =>
  (value) => {
    if (!isEntity(value)) throw irregular
    return inner(value)
  }

function abstractOf(operation: Operation, type: GraphQLAbstractType, sets: readonly SelectionSetNode[]): Projection {
  const possible = operation.schema.getPossibleTypes(type)
  const byName = new Map<unknown, Projection>(possible.map((each) => [each.name, objectOf(operation, each, sets)]))
  return (value) => {
    const inner = byName.get(value['__typename'])
    if (!inner) throw irregular
    return inner(value)
  }
}

function objectOf(operation: Operation, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Projection {
  const key = `${type.name} ${sets.map((set) => numberOf(operation, set)).join()}`
  const projection = operation.known.get(key) ?? compileObject(operation, type, sets, false)
  operation.known.set(key, projection)
  return projection
}

function numberOf({ numbers }: Operation, set: SelectionSetNode): number {
  const number = numbers.get(set) ?? numbers.size
  numbers.set(set, number)
  return number
}

function compileObject(
  operation: Operation,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  isRoot: boolean,
): Projection {
  const selected = new Map<string, FieldNode[]>()
  for (const { selections } of sets) collect(operation, type, selections, selected)
  const keys = [...selected.keys()]
  const completes = [...selected].map(([key, nodes]) => fieldOf(operation, type, key, nodes, isRoot))
  const make = writtenOut(keys, completes)
  if (isRoot) return make
  return (value) => {
    const typename = value['__typename']
    if (typename !== undefined && typename !== type.name) throw irregular
    return make(value)
  }
}

/**
 * A function written out field by field: Node.js then knows the shape of what it makes, which a loop over names hides. Measured for a page of fifty
 * tickets: 7 µs instead of 95, and 68 instead of 120 to stringify what it made. A key is a GraphQL name, so it is safe to write.
 */
function writtenOut(keys: readonly string[], completes: readonly Complete[]): Projection {
  const parameters = keys.map((_, index) => `f${index}`)
  const fields = keys.map((key, index) => `${key}: f${index}(value.${key})`)
  const factory = new Function(...parameters, `return (value) => ({ ${fields.join(', ')} })`)
  return factory(...completes) as Projection
}

function fieldOf(
  operation: Operation,
  type: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
  isRoot: boolean,
): Complete {
  const name = nodes[0]?.name.value ?? ''
  if (isInherited(key)) throw new Unsupported()
  if (name === '__typename')
    return (value) => {
      if (!isRoot && value !== undefined && value !== null && value !== type.name) throw irregular
      return type.name
    }
  const field = type.getFields()[name]
  // `__schema` and `__type` are no fields of the type.
  if (!field) throw new Unsupported()
  return complete(operation, field.type, nodes)
}

/** The fields of a selection set on an object type, as the specification collects them. */
function collect(
  operation: Operation,
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  into: Map<string, FieldNode[]>,
): void {
  for (const selection of selections) {
    if (!isIncluded(selection, operation.variables)) continue
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value
      into.set(key, [...(into.get(key) ?? []), selection])
      continue
    }
    const part = selection.kind === Kind.FRAGMENT_SPREAD ? operation.fragments[selection.name.value] : selection
    if (part && applies(operation.schema, part.typeCondition?.name.value, type))
      collect(operation, type, part.selectionSet.selections, into)
  }
}

function isIncluded(node: SelectionNode, variables: Operation['variables']): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true
  const abstract = schema.getType(condition)
  return isAbstractType(abstract) && schema.isSubType(abstract, type)
}
