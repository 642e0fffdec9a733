import type { FetchNode } from '@apollo/query-planner'
import { codedError } from '@quimbi/service/errors.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import {
  Kind,
  parse,
  parseType,
  print,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql'
import { variablesUsed } from '../engine/variables-used.ts'

/** What the gateway asks of each event for itself, by aliases that it takes away again. */
export const own = {
  cursor: '_live_cursor',
  at: '_live_at',
  audience: '_live_audience',
  sight: '_live_sight',
  done: '_live_done',
} as const

const afterVariable = '_live_after'

export type Injected = {
  /** selections by our aliases, e.g. `_live_cursor: cursor` */
  selections: readonly string[]
  /** Whether the root field takes a cursor to go on from. */
  hasAfter: boolean
}

/** Makes the operation that is asked of the primary's subgraph, for values of the client's variables. */
export type Primary = (variables: Readonly<Record<string, unknown>>, after: string | null) => GraphQLOperation

/** Compiles a subscription's primary with what we ask for ourselves. */
export function compilePrimary(
  { operation, operationName, variableUsages = [] }: FetchNode,
  injected: Injected,
): Primary {
  if (operation.includes('_live_'))
    throw codedError('BAD_USER_INPUT', 'Names that begin with _live_ are the gateway’s own.')
  const query = print(withOurs(parse(operation, { noLocation: true }), injected))
  const names = variableUsages.filter((name) => query.includes(`$${name}`))
  return (variables, after) => {
    const picked: Record<string, unknown> = injected.hasAfter ? { [afterVariable]: after } : {}
    for (const name of names) if (variables[name] !== undefined) picked[name] = variables[name]
    return { query, variables: picked, ...(operationName !== undefined && { operationName }) }
  }
}

function withOurs(document: DocumentNode, injected: Injected): DocumentNode {
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? ofOperation(definition, injected) : definition,
  )
  return { ...document, definitions }
}

function ofOperation(definition: OperationDefinitionNode, { selections, hasAfter }: Injected): OperationDefinitionNode {
  const [root, ...others] = definition.selectionSet.selections
  if (root?.kind !== Kind.FIELD || others.length > 0)
    throw codedError('BAD_USER_INPUT', 'This subscription cannot be planned.')
  const ours = ofRoot(root, selections, hasAfter)
  const rewritten: OperationDefinitionNode = {
    ...definition,
    selectionSet: { ...definition.selectionSet, selections: [ours] },
  }
  // The client's own cursor, which ours replaces, may have been the only use of its variable.
  const used = variablesUsed(rewritten)
  const kept = (definition.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value))
  const after = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: afterVariable } } as const
  const added = { kind: Kind.VARIABLE_DEFINITION, variable: after, type: parseType('Cursor') } as const
  return { ...rewritten, variableDefinitions: hasAfter ? [...kept, added] : kept }
}

function ofRoot(root: FieldNode, selections: readonly string[], hasAfter: boolean): FieldNode {
  const kept = (root.arguments ?? []).filter(({ name }) => name.value !== 'after')
  const after = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: 'after' },
    value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: afterVariable } },
  } as const
  const set = root.selectionSet
  return {
    ...root,
    arguments: hasAfter ? [...kept, after] : kept,
    ...(set && { selectionSet: { ...set, selections: [...set.selections, ...selections.flatMap(parsed)] } }),
  }
}

function parsed(selection: string): readonly SelectionNode[] {
  const [definition] = parse(`{ ${selection} }`, { noLocation: true }).definitions
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : []
}
