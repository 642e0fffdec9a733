import type { PlanNode } from '@apollo/query-planner'
import type { GraphQLSchema, OperationTypeNode } from 'graphql'
import { below, branchesOf, stepOf, type Branch } from './branches.ts'
import { Unsupported } from './errors.ts'
import { compileFetch } from './fetch.ts'
import { questionsOf, type QuestionOf } from './remember.ts'
import type { Step } from './run.ts'

/** Compiles a plan against the supergraph's schema, once. Throws Unsupported for what Apollo's executor is to run. */
export const compilePlan = (schema: GraphQLSchema, kind: OperationTypeNode, node: PlanNode): Step =>
  compileNode({ schema, questionOf: questionsOf(kind) }, { node, paths: [[]] }, true)

type Compiling = { schema: GraphQLSchema; questionOf: QuestionOf }

/** `isLast`: nothing that runs beside it or later writes into what it fills. */
function compileNode(compiling: Compiling, { node, paths }: Branch, isLast: boolean): Step {
  const compile = (inner: PlanNode, last: boolean) => compileNode(compiling, { node: inner, paths }, last)
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(compiling.schema, node, { paths, isLast, question: compiling.questionOf(node) })
    case 'Flatten':
      return compileNode(compiling, { node: node.node, paths: below(paths, node.path.map(stepOf)) }, isLast)
    case 'Sequence':
      return sequence(node.nodes.map((each, index) => compile(each, isLast && index === node.nodes.length - 1)))
    case 'Parallel': {
      const branches = branchesOf(node.nodes, paths)
      const isApart = isLast && areApart(branches.map(pathsOf))
      return parallel(branches.map((branch) => compileNode(compiling, branch, isApart)))
    }
    case 'Condition': {
      const { condition, ifClause, elseClause } = node
      const met = ifClause && compile(ifClause, isLast)
      const unmet = elseClause && compile(elseClause, isLast)
      return async (run) => (run.coerced[condition] === true ? met : unmet)?.(run)
    }
    default:
      throw new Unsupported()
  }
}

/** Where the fetches of a node write. */
function pathsOf({ node, paths }: Branch): string[] {
  const inside = (nodes: readonly (PlanNode | undefined)[]) =>
    nodes.flatMap((inner) => (inner ? pathsOf({ node: inner, paths }) : []))
  switch (node.kind) {
    case 'Fetch':
      return paths.map((path) => `${path.join('.')}.`)
    case 'Flatten':
      return pathsOf({ node: node.node, paths: below(paths, node.path.map(stepOf)) })
    case 'Sequence':
    case 'Parallel':
      return inside(node.nodes)
    case 'Condition':
      return inside([node.ifClause, node.elseClause])
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

const sequence =
  (steps: readonly Step[]): Step =>
  async (run) => {
    for (const step of steps) await step(run)
  }

const parallel =
  (steps: readonly Step[]): Step =>
  async (run) =>
    void (await Promise.all(steps.map((step) => step(run))))
