import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'

// A parsed document is kept and run many times; its fields are read once.
const known = new WeakMap<OperationDefinitionNode, readonly string[]>()

/** Names of the root fields of an operation, in the order in which they are met, each once. Pure. */
export function rootFields(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const before = known.get(operation)
  if (before) return before
  const fields = new Set<string>()
  const spread = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.add(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else enter(selection.name.value)
    }
  }
  const enter = (name: string): void => {
    // A document that is not valid may spread a fragment in itself.
    if (spread.has(name)) return
    spread.add(name)
    for (const one of document.definitions)
      if (one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name) collect(one.selectionSet)
  }
  collect(operation.selectionSet)
  known.set(operation, [...fields])
  return [...fields]
}
