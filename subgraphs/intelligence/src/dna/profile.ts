import { codedError } from '@quimbi/service/errors.ts'
import { guidanceRules } from './advice.ts'
import { axesVersion } from './axes.ts'
import { locate, strengthOf } from './membership.ts'
import type { Archetype, ArchetypeLevel, AxisModel, BehaviorAxis, Segment, SegmentationModel } from './model.ts'
import { combinationCode } from './telling-axes.ts'
import { hasOrdered } from './yardstick.ts'

export type SegmentMembership = { segment: Segment; membership: number }

/** Memberships add up to 1; with too little data there is one, of 1, in the axis' segment `not_enough_data`. */
export type AxisMembership = {
  axis: BehaviorAxis
  dominant: Segment
  memberships: SegmentMembership[]
  strength: ArchetypeLevel
}

export type Dna = {
  /** The finest level that the customer's memberships carry. */
  archetype: Archetype
  /** From the coarsest level to the finest: by these a customer is counted in `memberCount`. */
  archetypes: Archetype[]
  /** All 14, in the order of `behaviorAxes`. */
  axes: AxisMembership[]
  /** The clearest first: of every axis where something is known and the dominant share is 0.45 or more. */
  dominantSegments: Segment[]
  /** 0…1: mean dominant share over the axes that the tenant's data tell of; an axis on which the customer is unknown counts 0. */
  confidence: number
}

const memberships = new Float64Array(8)

/**
 * The profile of one customer, null without a purchase (INSUFFICIENT_DATA).
 * @param row features of the catalogue, from `offset` on
 * @throws GraphQLError INTERNAL_SERVER_ERROR for a model of other axes, which has to be trained anew
 */
export function dnaOf(model: SegmentationModel, row: Float64Array, offset = 0): Dna | null {
  if (model.version !== axesVersion)
    throw codedError('INTERNAL_SERVER_ERROR', `This segmentation is of version ${model.version}, not ${axesVersion}.`, {
      reason: 'MODEL_VERSION',
    })
  if (!hasOrdered(row, offset)) return null
  const labels = new Uint8Array(model.axes.length)
  const shares = new Float64Array(model.axes.length)
  const axes = model.axes.map((axis, a): AxisMembership => {
    const label = locate(a, axis, row, offset, memberships)
    const dominant = axis.segments[label]
    labels[a] = label
    shares[a] = dominant ? memberships[label]! : 0
    if (!dominant) return unknownOn(axis)
    return {
      axis: axis.axis,
      dominant,
      memberships: axis.segments.map((segment, c) => ({ segment, membership: memberships[c]! })),
      strength: strengthOf(memberships[label]!),
    }
  })
  const archetypes = pathOf(model, labels)
  const told = model.axes.reduce((count, { segments }) => count + (segments.length > 0 ? 1 : 0), 0)
  return {
    archetype: carriedBy(model, archetypes, axes),
    archetypes,
    axes,
    dominantSegments: clearest(axes, shares),
    confidence: shares.reduce((sum, share) => sum + share, 0) / Math.max(1, told),
  }
}

const unknownOn = ({ axis, unknown }: AxisModel): AxisMembership => ({
  axis,
  dominant: unknown,
  memberships: [{ segment: unknown, membership: 1 }],
  strength: strengthOf(1),
})

function pathOf({ tree }: SegmentationModel, labels: Uint8Array): Archetype[] {
  const path: Archetype[] = []
  const code = combinationCode(tree.axes, tree.radix, (axis) => labels[axis]!)
  for (let at = tree.leaf[code]!; at >= 0; at = path[0]!.parent) path.unshift(tree.archetypes[at]!)
  return path
}

/** A level is carried while every axis that it rests on is a tendency at least; "not enough data" is as clear as can be. */
function carriedBy(
  { tree }: SegmentationModel,
  path: readonly Archetype[],
  axes: readonly AxisMembership[],
): Archetype {
  const unclear = tree.axes.findIndex((axis) => axes[axis]!.strength === 'EMERGING')
  const level = unclear < 0 ? path.length - 1 : tree.depths.findLastIndex((depth) => depth <= unclear)
  return path[Math.max(0, level)]!
}

function clearest(axes: readonly AxisMembership[], shares: Float64Array): Segment[] {
  const clear: number[] = []
  for (let a = 0; a < axes.length; a++) if (strengthOf(shares[a]!) !== 'EMERGING') clear.push(a)
  return clear.sort((a, b) => shares[b]! - shares[a]! || a - b).map((a) => axes[a]!.dominant)
}

const mostGuidance = 5

/** How to talk to this customer: at most five sentences, the most important first, from axes that are clear. */
export function communicationGuidance({ dominantSegments }: Dna): string[] {
  const rules = guidanceRules.filter(({ axis, names }) =>
    dominantSegments.some((segment) => segment.axis === axis && names.includes(segment.name)),
  )
  return rules.slice(0, mostGuidance).map(({ text }) => text)
}
