import {
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/**
 * The document with its mutations’ own fields out of fragments: Apollo’s planner makes what stands in a named one first, whatever stood before it, and
 * mutations are made in the order in which they are asked for.
 */
export function inOrder(document: DocumentNode): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)

  const taken = new Set<string>()
  const inlined = ({ selections }: SelectionSetNode): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return selection
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return { ...selection, selectionSet: inlined(selection.selectionSet) }
      const named = fragments.get(selection.name.value)
      if (!named) return selection
      taken.add(named.name.value)
      const { typeCondition, selectionSet } = named
      const { directives = [] } = selection
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: inlined(selectionSet) }
    }),
  })

  const ordered = visit(document, {
    FragmentDefinition: () => false,
    OperationDefinition: (operation) =>
      operation.operation === OperationTypeNode.MUTATION
        ? { ...operation, selectionSet: inlined(operation.selectionSet) }
        : false,
  })
  // Of a fragment that it still knows the planner would make use again.
  return withoutUnused(ordered, taken)
}

function withoutUnused(document: DocumentNode, taken: ReadonlySet<string>): DocumentNode {
  const used = new Set<string>()
  visit(document, {
    FragmentDefinition: ({ name }) => (taken.has(name.value) ? false : undefined),
    FragmentSpread: ({ name }) => void used.add(name.value),
  })
  const isUnused = (name: string) => taken.has(name) && !used.has(name)
  return {
    ...document,
    definitions: document.definitions.filter(
      (each) => each.kind !== Kind.FRAGMENT_DEFINITION || !isUnused(each.name.value),
    ),
  }
}
