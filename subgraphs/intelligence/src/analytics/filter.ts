import { refuse } from '@quimbi/service/errors.ts'
import { behaviorAxes, type SegmentationModel } from '../dna/model.ts'
import type { LifecycleStage } from '../insight/lifecycle.ts'

type Optional<T> = T | null | undefined

export type CustomerOrder = 'REVENUE_AT_RISK' | 'CHURN_RISK' | 'LTV' | 'LAST_PURCHASE'

/** Which customers are looked for. Amounts are decimal strings. */
export type CustomerQuery = {
  archetypeId?: Optional<string>
  segments?: Optional<readonly string[]>
  churnRiskAtLeast?: Optional<number>
  churnRiskAtMost?: Optional<number>
  ltvAtLeast?: Optional<string>
  ltvAtMost?: Optional<string>
  daysSinceLastPurchaseAtLeast?: Optional<number>
  daysSinceLastPurchaseAtMost?: Optional<number>
  lifecycle?: Optional<readonly LifecycleStage[]>
  orderBy?: Optional<CustomerOrder>
}

/** The same as the database's functions read it: what is not asked for is not there. */
export type Conditions = {
  /** Archetypes of the finest level. */
  archetypes?: string[]
  /** Of each list, one. */
  segments?: string[][]
  churnRiskAtLeast?: number
  churnRiskAtMost?: number
  ltvAtLeast?: string
  ltvAtMost?: string
  /** ISO text, as is `lastOrderAfter`: the last order is of this instant or before, and after that one. */
  lastOrderBy?: string
  lastOrderAfter?: string
  lifecycle?: LifecycleStage[]
}

const mostSegments = 50
const dayMs = 86_400_000
const mostDays = 100_000

/**
 * What to look for; null where nobody can be found, since an id is of no segment or archetype of these models. Pure.
 * @throws UserErrors INVALID for figures that are out of range
 */
export function conditionsOf(query: CustomerQuery, model: SegmentationModel, now: Date): Conditions | null {
  const { lifecycle, daysSinceLastPurchaseAtLeast: least, daysSinceLastPurchaseAtMost: most } = query
  const segments = query.segments?.length ? segmentGroups(query.segments, model) : []
  const archetypes = isGiven(query.archetypeId) ? leavesOf(query.archetypeId, model) : null
  const conditions: Conditions = {
    ...present('churnRiskAtLeast', query.churnRiskAtLeast, share),
    ...present('churnRiskAtMost', query.churnRiskAtMost, share),
    ...present('ltvAtLeast', query.ltvAtLeast, amount),
    ...present('ltvAtMost', query.ltvAtMost, amount),
    ...(isGiven(least) && { lastOrderBy: daysBefore(now, silence(least, 'daysSinceLastPurchaseAtLeast')) }),
    // Whole days: one that is not yet over counts as none.
    ...(isGiven(most) && { lastOrderAfter: daysBefore(now, silence(most, 'daysSinceLastPurchaseAtMost') + 1) }),
    ...(lifecycle?.length && { lifecycle: [...new Set(lifecycle)] }),
    ...(archetypes && { archetypes }),
    ...(segments?.length && { segments }),
  }
  return segments === null || archetypes?.length === 0 ? null : conditions
}

const isGiven = <T>(value: Optional<T>): value is T => value !== null && value !== undefined

function present<K extends string, T>(
  name: K,
  value: Optional<T>,
  check: (value: T, path: string[]) => T,
): Partial<Record<K, T>> {
  return isGiven(value) ? ({ [name]: check(value, ['filter', name]) } as Record<K, T>) : {}
}

function share(value: number, path: string[]): number {
  return value >= 0 && value <= 1 ? value : refuse('INVALID', 'A churn risk lies between 0 and 1.', path)
}

function amount(value: string, path: string[]): string {
  return Number(value) >= 0 ? value : refuse('INVALID', 'An amount is not negative.', path)
}

const silence = (days: number, name: string): number =>
  days >= 0 && days <= mostDays ? days : refuse('INVALID', `A silence is of 0 to ${mostDays} days.`, ['filter', name])

const daysBefore = (now: Date, days: number): string => new Date(now.getTime() - days * dayMs).toISOString()

/** By axis, since of one axis a customer has one dominant segment; null where an id is of none. */
function segmentGroups(ids: readonly string[], { axes }: SegmentationModel): string[][] | null {
  if (ids.length > mostSegments) refuse('INVALID', `At most ${mostSegments} segments.`, ['filter', 'segments'])
  const axisOf = new Map(
    axes.flatMap(({ axis, segments, unknown }) => [...segments, unknown].map(({ id }) => [id, axis] as const)),
  )
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  const groups = behaviorAxes.map((axis) => wanted.filter((id) => axisOf.get(id) === axis))
  return wanted.every((id) => axisOf.has(id)) ? groups.filter(({ length }) => length > 0) : null
}

/** The finest archetypes that this one holds: itself, or what lies below it. */
export function leavesOf(id: string, { tree: { archetypes, leaf } }: SegmentationModel): string[] {
  const wanted = id.toLowerCase()
  const isWithin = (place: number): boolean => {
    const archetype = archetypes[place]
    return archetype !== undefined && (archetype.id === wanted || isWithin(archetype.parent))
  }
  return [...new Set(leaf)].filter(isWithin).flatMap((place) => archetypes[place]?.id ?? [])
}
