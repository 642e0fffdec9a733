import type { PlanNode } from '@apollo/query-planner'
import { Unsupported } from './errors.ts'
import { wordsOf } from './remember.ts'

/** Paths of a plan, where `@` stands for every element of a list. */
export type Paths = readonly (readonly string[])[]

/** A node of a plan, and the paths that those in it are relative to. */
export type Branch = { node: PlanNode; paths: Paths }

/**
 * What runs side by side. Branches that do the same at different places are one that does it at all of them: a subgraph is asked once, and about
 * an entity once, wherever it stands.
 */
export function branchesOf(nodes: readonly PlanNode[], paths: Paths): Branch[] {
  const branches = new Map<unknown, Branch>()
  for (const node of nodes) {
    const task = taskOf(node)
    const known = task && branches.get(task.key)
    if (known) known.paths = [...known.paths, ...below(paths, task.at)]
    else if (task) branches.set(task.key, { node: task.work, paths: below(paths, task.at) })
    else branches.set(node, { node, paths })
  }
  return [...branches.values()]
}

/** Fetches of entities at one path. `work`: the fetches without their path; `key` tells them from others. */
type Task = { at: readonly string[]; work: PlanNode; key: string }

function taskOf(node: PlanNode): Task | null {
  if (node.kind === 'Flatten' && node.node.kind === 'Fetch' && node.node.requires)
    return { at: node.path.map(stepOf), work: node.node, key: wordsOf(node.node) }
  if (node.kind !== 'Sequence') return null
  const tasks = node.nodes.map(taskOf).filter((task) => task !== null)
  const at = tasks[0]?.at ?? []
  if (tasks.length < node.nodes.length || tasks.some((task) => task.at.join('.') !== at.join('.'))) return null
  return {
    at,
    work: { kind: 'Sequence', nodes: tasks.map(({ work }) => work) },
    key: tasks.map(({ key }) => key).join('\n'),
  }
}

export const below = (paths: Paths, steps: readonly string[]): Paths => paths.map((path) => [...path, ...steps])

/** A step with conditions on types (`field|[Type]`) is only planned where that was asked for. */
export function stepOf(step: string | number): string {
  if (typeof step !== 'string' || step.includes('|')) throw new Unsupported()
  return step
}
