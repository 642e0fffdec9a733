import type { PlanNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { Unsupported } from './errors.ts'
import { compileFetch } from './fetch.ts'
import type { Step } from './run.ts'

/** Compiles a node of a plan against the supergraph's schema, once. Throws Unsupported for what Apollo's executor is to run. */
export function compilePlan(schema: GraphQLSchema, node: PlanNode, path: readonly string[] = []): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(schema, node, path)
    case 'Flatten':
      return compilePlan(schema, node.node, [...path, ...node.path.map(stepOf)])
    case 'Sequence':
      return sequence(node.nodes.map((each) => compilePlan(schema, each, path)))
    case 'Parallel':
      return parallel(node.nodes.map((each) => compilePlan(schema, each, path)))
    case 'Condition': {
      const { condition, ifClause, elseClause } = node
      const met = ifClause && compilePlan(schema, ifClause, path)
      const unmet = elseClause && compilePlan(schema, elseClause, path)
      return async (run) => (run.coerced[condition] === true ? met : unmet)?.(run)
    }
    default:
      throw new Unsupported()
  }
}

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
