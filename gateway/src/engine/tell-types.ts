import {
  getNamedType,
  isObjectType,
  Kind,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type SelectionSetNode,
} from 'graphql'
import { isEntity, type Entity } from './entities.ts'
import type { OperationContext } from './stock.ts'

/**
 * Tells each object its type where only the schema does. Apollo's executor takes what has none for what the fragment around it is on, and so leaves
 * `... on Node { ... on Book { title } }` out, and nulls `... on Node { __typename }`, of a field that is a `Book`.
 */
export function tellTypes({ schema, operation, fragments }: OperationContext, data: Entity): void {
  const root = schema.getRootType(operation.operation)
  if (root) tellFields(root, operation.selectionSet, data)

  function tellFields(type: GraphQLObjectType, { selections }: SelectionSetNode, object: Entity): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { alias, name, selectionSet } = selection
        const field = type.getFields()[name.value]
        if (field && selectionSet) tell(getNamedType(field.type), selectionSet, object[(alias ?? name).value])
        continue
      }
      const part = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection
      if (part) tellFields(type, part.selectionSet, object)
    }
  }

  function tell(named: GraphQLNamedType, set: SelectionSetNode, value: unknown): void {
    if (Array.isArray(value)) for (const each of value) tell(named, set, each)
    if (!isEntity(value)) return
    if (isObjectType(named)) value['__typename'] ??= named.name
    const type = schema.getType(String(value['__typename']))
    if (isObjectType(type)) tellFields(type, set, value)
  }
}
