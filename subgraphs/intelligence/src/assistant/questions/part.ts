import type { CustomerQuery, CustomerOrder } from '../../analytics/filter.ts'
import type { BehaviorAxis } from '../../dna/model.ts'
import type { LifecycleStage } from '../../insight/lifecycle.ts'

/** What a few words of a question mean. Lists are of what is meant, or of what is not where they are negated. */
export type Part =
  | { kind: 'bounds'; bounds: Bounds; note?: string }
  | { kind: 'stage'; stage: LifecycleStage }
  | { kind: 'segment'; axis: BehaviorAxis; id: string }
  | { kind: 'archetype'; id: string }
  | { kind: 'order'; order: CustomerOrder }
  | { kind: 'first'; first: number }

export type Bounds = Pick<
  CustomerQuery,
  | 'churnRiskAtLeast'
  | 'churnRiskAtMost'
  | 'ltvAtLeast'
  | 'ltvAtMost'
  | 'daysSinceLastPurchaseAtLeast'
  | 'daysSinceLastPurchaseAtMost'
>

/** The bounds of the lowest and of the highest quarter of the tenant's customers by a year's forecast. */
export type Quartiles = { low: string; high: string }

export type Setting = { now: Date; currencyCode: string | null; quartiles: Quartiles | null }

/** Words, and what they mean: parts, or null where they mean something that cannot be said here. */
export type Rule = {
  words: RegExp
  read(match: RegExpExecArray, setting: Setting): Part[] | null
  /** What the words mean after a "not". Without it they cannot be negated. */
  not?(match: RegExpExecArray, setting: Setting): Part[] | null
}

export const bounds = (given: Bounds, note?: string): Part[] => [
  { kind: 'bounds', bounds: given, ...(note && { note }) },
]

/** Just below a bound that belongs to those above it. */
export const justBelow = (share: number): number => Math.round((share - 1e-6) * 1e6) / 1e6
