import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner'
import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { PlannedGraph } from './required-arguments.ts'
import { variablesUsed } from './variables-used.ts'

/** The plan as subgraphs understand it: what has a made-up name is asked for by its own, and told by its own to those who require it. */
export function withOwnNames(plan: QueryPlan, graph: PlannedGraph): QueryPlan {
  if (graph.meant.size === 0 || !plan.node) return plan
  if (plan.node.kind !== 'Subscription') return { ...plan, node: ownNames(plan.node, graph) }
  const { primary, rest } = plan.node
  const [first] = apart(primary, graph)
  return { ...plan, node: { ...plan.node, primary: first ?? primary, ...(rest && { rest: ownNames(rest, graph) }) } }
}

function ownNames(node: PlanNode, graph: PlannedGraph): PlanNode {
  switch (node.kind) {
    case 'Fetch': {
      const [first, ...others] = apart(node, graph)
      return first && others.length === 0 ? first : { kind: 'Parallel', nodes: apart(node, graph) }
    }
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((each) => ownNames(each, graph)) }
    case 'Flatten':
      return { ...node, node: ownNames(node.node, graph) }
    case 'Condition': {
      const { ifClause, elseClause } = node
      return {
        ...node,
        ...(ifClause && { ifClause: ownNames(ifClause, graph) }),
        ...(elseClause && { elseClause: ownNames(elseClause, graph) }),
      }
    }
    default:
      return node
  }
}

/** Fields of one fetch that can be told of an entity in one representation. */
type Group = { fields: Set<string>; needs: Set<string> }

/** A fetch; several where its fields require one field with other arguments, as a representation has each name once. */
function apart(node: FetchNode, graph: PlannedGraph): FetchNode[] {
  const document = parse(node.operation, { noLocation: true })
  if (!node.requires) return [fetchOf(node, graph, document, {})]
  const groups: Group[] = []
  visitEntities(document, (type, field) => {
    const needs = graph.requiredBy(node.serviceName, type, field)
    const known = groups.find((group) =>
      needs.every((need) => [...group.needs].every((one) => agree(one, need, graph))),
    )
    const group = known ?? { fields: new Set(), needs: new Set() }
    if (!known) groups.push(group)
    group.fields.add(`${type} ${field}`)
    for (const need of needs) group.needs.add(need)
    return true
  })
  const { requires } = node
  if (groups.length < 2) return [fetchOf(node, graph, document, { requires })]
  return groups.map(({ fields, needs }) => {
    const part = visitEntities(document, (type, field) => fields.has(`${type} ${field}`))
    return fetchOf(node, graph, withoutUnused(part), { requires: needed(requires, needs, graph) })
  })
}

/** Whether two needs are one, or are told under different names. */
function agree(one: string, other: string, graph: PlannedGraph): boolean {
  const told = (need: string) => need.split('.').map((step) => graph.meant.get(step)?.name ?? step)
  return one === other || told(one).join('.') !== told(other).join('.')
}

/** The document with those fields of its entities that are kept. */
function visitEntities(document: DocumentNode, keeps: (type: string, field: string) => boolean): DocumentNode {
  const keptOf = (set: SelectionSetNode, type: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return keeps(type, selection.name.value) ? [selection] : []
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection]
      const kept = keptOf(selection.selectionSet, selection.typeCondition?.name.value ?? type)
      return kept.selections.length > 0 ? [{ ...selection, selectionSet: kept }] : []
    }),
  })
  return visit(document, {
    FragmentDefinition: () => false,
    Field(field) {
      if (field.name.value !== '_entities' || !field.selectionSet) return false
      return { ...field, selectionSet: keptOf(field.selectionSet, '') }
    },
  })
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const used = variablesUsed(document)
  return visit(document, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) })
}

type Requires = QueryPlanSelectionNode[]

/** What is required, without made-up names that others need. */
function needed(requires: Requires, needs: ReadonlySet<string>, graph: PlannedGraph, path = ''): Requires {
  return requires.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'InlineFragment')
      return [{ ...selection, selections: needed(selection.selections, needs, graph, path) }]
    const at = path + selection.name
    if (graph.meant.has(selection.name) && !needs.has(at)) return []
    if (!selection.selections) return [selection]
    const selections = needed(selection.selections, needs, graph, `${at}.`)
    return selections.length > 0 ? [{ ...selection, selections }] : []
  })
}

function fetchOf(
  { operationDocumentNode: _, ...node }: FetchNode,
  graph: PlannedGraph,
  document: DocumentNode,
  { requires }: { requires?: Requires },
): FetchNode {
  const own = visit(document, {
    Field(field) {
      const meant = graph.meant.get(field.name.value)
      if (!meant) return undefined
      const name = { kind: Kind.NAME, value: meant.name } as const
      return { ...field, alias: field.alias ?? field.name, name, arguments: meant.arguments }
    },
  })
  const [operation] = own.definitions as OperationDefinitionNode[]
  const defined = operation?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
  return {
    ...node,
    operation: stripIgnoredCharacters(print(own)),
    variableUsages: (node.variableUsages ?? []).filter((name) => defined.includes(name)),
    ...(requires && {
      requires,
      // Before a type's name is changed to its interface's.
      inputRewrites: [...renamers(requires, graph, []), ...(node.inputRewrites ?? [])],
    }),
  }
}

/** From the inside out, as each names its way. */
function renamers(requires: Requires, graph: PlannedGraph, path: readonly string[]): FetchDataRewrite[] {
  return requires.flatMap((selection): FetchDataRewrite[] => {
    if (selection.kind === 'InlineFragment') {
      const at = selection.typeCondition ? [...path, `... on ${selection.typeCondition}`] : path
      return renamers(selection.selections, graph, at)
    }
    const at = [...path, selection.name]
    const inner = renamers(selection.selections ?? [], graph, at)
    const meant = graph.meant.get(selection.name)
    return meant ? [...inner, { kind: 'KeyRenamer', path: at, renameKeyTo: meant.name }] : inner
  })
}
