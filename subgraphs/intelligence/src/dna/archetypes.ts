import { describeArchetype } from './archetype-words.ts'
import { nameId } from './ids.ts'
import { mergeSmall, type Group } from './merge.ts'
import { archetypeLevels, type Archetype, type ArchetypeTree, type AxisModel, type Segment } from './model.ts'
import { codesOf, product, radixOf, tellingAxes, type Outcomes } from './telling-axes.ts'

type Growth = { outcomes?: Outcomes; previous?: ArchetypeTree }

/** How many axes each level, coarsest first, rests on. */
const depths = [2, 3, 4]
/**
 * Every archetype holds at least `kept` of the customers. The first ones begin with more, and one that comes later with
 * more still: those that hover at a bound would come and go with every training.
 */
const leastShare = { kept: 0.005, first: 0.0075, later: 0.01 }

/** `codes` it holds; `labels`: the segments that it is named by, with the axis of each. */
type Node = { codes: readonly number[]; labels: readonly Label[]; place: number }
type Label = { axis: number; label: number }
/** Sums over the customers of each combination. */
type Tally = { count: Float64Array; ltv: Float64Array | null; churn: Float64Array | null }
type Ground = { axes: readonly AxisModel[]; tree: ArchetypeTree; tally: Tally; former: Set<string> | null; n: number }

/**
 * The tree of archetypes: level by level the customers are split by their dominant segments on the axes that tell most
 * of spend and churn, and what is too small goes to the sibling whose segments lie nearest.
 * @param labels n × 14 dominant segments, `segments.length` for unknown
 */
export function growTree(
  axes: readonly AxisModel[],
  labels: Uint8Array,
  { outcomes, previous }: Growth,
): ArchetypeTree {
  const chosen = tellingAxes(axes, labels, outcomes, previous?.axes)
  const radix = radixOf(axes, chosen)
  const tally = tallyOf(codesOf(labels, axes.length, chosen, radix), product(radix), outcomes)
  const tree: ArchetypeTree = {
    axes: chosen,
    radix,
    depths: depths.map((depth) => Math.min(depth, chosen.length)),
    leaf: new Int32Array(product(radix)),
    archetypes: [],
  }
  const former = previous ? new Set(previous.archetypes.map(({ id }) => id)) : null
  const ground = { axes, tree, tally, former, n: labels.length / axes.length }
  let parents: Node[] = [{ codes: [...tree.leaf.keys()], labels: [], place: -1 }]
  for (const level of archetypeLevels.keys())
    parents = parents.flatMap((parent) =>
      split(ground, parent, level).map((child) => plant(ground, child, parent, level)),
    )
  return tree
}

/** Enters a node into the tree; the leaves of the last level are what remains. */
function plant(ground: Ground, child: Node, parent: Node, level: number): Node {
  const { archetypes, leaf } = ground.tree
  const place = archetypes.push(archetypeOf(ground, child, parent.place, level)) - 1
  for (const code of child.codes) leaf[code] = place
  return { ...child, place }
}

function tallyOf(codes: Int32Array, size: number, outcomes: Outcomes | undefined): Tally {
  const sum = (values: Float64Array | null) => {
    const sums = new Float64Array(size)
    codes.forEach((code, i) => (sums[code]! += values ? values[i]! : 1))
    return sums
  }
  return { count: sum(null), ltv: outcomes ? sum(outcomes.ltv) : null, churn: outcomes ? sum(outcomes.churn) : null }
}

const total = (values: Float64Array, codes: readonly number[]) => codes.reduce((sum, code) => sum + values[code]!, 0)

/** A node's children by the segments on the axes that a level adds. */
function split({ axes, tree, tally, former, n }: Ground, parent: Node, level: number): Node[] {
  const added = tree.axes.slice(level === 0 ? 0 : tree.depths[level - 1], tree.depths[level])
  const named = (labels: readonly number[]) => [
    ...parent.labels,
    ...labels.map((label, j) => ({ axis: added[j]!, label })),
  ]
  const wasThere = (labels: readonly number[]) => !!former?.has(archetypeId(level, segmentsOf(axes, named(labels))))
  const least = (labels: readonly number[]) =>
    Math.max(1, n * leastShare[wasThere(labels) ? 'kept' : former ? 'later' : 'first'])
  const merged = mergeSmall(
    groupsOf(tree, tally, parent, added),
    added.map((axis) => axes[axis]!),
    least,
    wasThere,
  )
  // A segment that most of a group lack would be a wrong name for it: then the parent is not split.
  const wrong = merged.some(({ labels, core, size }) => core * 2 < size && !wasThere(labels))
  if (wrong && level > 0) return [parent]
  return merged.map(({ codes, labels }) => ({ codes, labels: named(labels), place: -1 }))
}

function groupsOf(tree: ArchetypeTree, { count }: Tally, { codes }: Node, added: readonly number[]): Group[] {
  const groups = new Map<string, { labels: number[]; codes: number[] }>()
  for (const code of codes) {
    const labels = added.map((axis) => labelIn(tree, code, axis))
    const group = groups.get(labels.join()) ?? { labels, codes: [] }
    group.codes.push(code)
    groups.set(labels.join(), group)
  }
  return [...groups.values()].map((group) => {
    const size = total(count, group.codes)
    return { ...group, size, core: size }
  })
}

/** The segment that a combination has on an axis of the tree. */
function labelIn({ axes, radix }: ArchetypeTree, code: number, axis: number): number {
  const at = axes.indexOf(axis)
  return Math.floor(code / product(radix.slice(0, at))) % radix[at]!
}

const segmentsOf = (axes: readonly AxisModel[], labels: readonly Label[]): Segment[] =>
  labels.map(({ axis, label }) => axes[axis]!.segments[label] ?? axes[axis]!.unknown)

const archetypeId = (level: number, segments: readonly Segment[]): string =>
  nameId('archetype', level, ...segments.map(({ id }) => id))

function archetypeOf({ axes, tally, n }: Ground, { codes, labels }: Node, parent: number, level: number): Archetype {
  const { count, ltv, churn } = tally
  const memberCount = total(count, codes)
  const segments = segmentsOf(axes, labels)
  const average = (sums: Float64Array | null) => sums && total(sums, codes) / Math.max(1, memberCount)
  const averages = { averageLtv: average(ltv), averageChurnRisk: average(churn) }
  const averageLtvOfAll = ltv && ltv.reduce((sum, own) => sum + own, 0) / n
  return {
    id: archetypeId(level, segments),
    level: archetypeLevels[level]!,
    parent,
    dominantSegments: segments.filter(({ serial }) => serial > 0).map(({ id }) => id),
    memberCount,
    share: memberCount / n,
    ...averages,
    ...describeArchetype(segments, averages, averageLtvOfAll),
  }
}
