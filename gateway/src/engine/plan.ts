import type { PlanNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { Unsupported } from './errors.ts'
import { compileFetch } from './fetch.ts'
import type { Step } from './run.ts'

/** Compiles a plan against the supergraph's schema, once. Throws Unsupported for what Apollo's executor is to run. */
export const compilePlan = (schema: GraphQLSchema, node: PlanNode): Step => compileNode(schema, node, [], true)

/** `isLast`: nothing that runs beside it or later writes into what it fills. */
function compileNode(schema: GraphQLSchema, node: PlanNode, path: readonly string[], isLast: boolean): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(schema, node, { path, isLast })
    case 'Flatten':
      return compileNode(schema, node.node, [...path, ...node.path.map(stepOf)], isLast)
    case 'Sequence':
      return sequence(
        node.nodes.map((each, index) => compileNode(schema, each, path, isLast && index === node.nodes.length - 1)),
      )
    case 'Parallel': {
      const isApart = isLast && areApart(node.nodes.map((each) => pathsOf(each, path)))
      return parallel(node.nodes.map((each) => compileNode(schema, each, path, isApart)))
    }
    case 'Condition': {
      const { condition, ifClause, elseClause } = node
      const met = ifClause && compileNode(schema, ifClause, path, isLast)
      const unmet = elseClause && compileNode(schema, elseClause, path, isLast)
      return async (run) => (run.coerced[condition] === true ? met : unmet)?.(run)
    }
    default:
      throw new Unsupported()
  }
}

/** Where the fetches of a node write. */
function pathsOf(node: PlanNode | undefined, path: readonly string[]): string[] {
  switch (node?.kind) {
    case 'Fetch':
      return [`${path.join('.')}.`]
    case 'Flatten':
      return pathsOf(node.node, [...path, ...node.path.map(stepOf)])
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((each) => pathsOf(each, path))
    case 'Condition':
      return [...pathsOf(node.ifClause, path), ...pathsOf(node.elseClause, path)]
    default:
      return []
  }
}

/** Whether no group writes above, below or beside what another one does. */
const areApart = (groups: readonly string[][]): boolean =>
  groups.every((own, index) =>
    groups
      .slice(index + 1)
      .flat()
      .every((other) => own.every((one) => !one.startsWith(other) && !other.startsWith(one))),
  )

// A step with conditions on types (`field|[Type]`) is only planned where that was asked for.
function stepOf(step: string | number): string {
  if (typeof step !== 'string' || step.includes('|')) throw new Unsupported()
  return step
}

const sequence =
  (steps: readonly Step[]): Step =>
  async (run) => {
    for (const step of steps) await step(run)
  }

const parallel =
  (steps: readonly Step[]): Step =>
  async (run) =>
    void (await Promise.all(steps.map((step) => step(run))))
