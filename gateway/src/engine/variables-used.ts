import { visit, type DocumentNode, type OperationDefinitionNode } from 'graphql'

/** The variables that an operation uses, beside defining them. */
export function variablesUsed(node: OperationDefinitionNode | DocumentNode): Map<string, number> {
  const used = new Map<string, number>()
  visit(node, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.set(name.value, (used.get(name.value) ?? 0) + 1),
  })
  return used
}
