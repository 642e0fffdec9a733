import { featureIndex } from '../features/catalogue.ts'
import type { TrainingSet } from '../features/training-set.ts'

type Rows = Pick<TrainingSet, 'x' | 'n' | 'd' | 'origin'>

/** The origins of a set, newest first. */
export const newestFirst = (rows: Rows): number[] => originsOf(rows).map(({ index }) => index)

/**
 * With the days from the first purchase of all to each, newest first. A set numbers its origins as they were given; that whoever
 * bought before one has a longer tenure at a later one tells their order.
 */
export function originsOf({ x, n, d, origin }: Rows): { index: number; days: number }[] {
  const longest = new Map<number, number>()
  for (let row = 0; row < n; row++) {
    const tenure = x[row * d + featureIndex.tenureDays]!
    longest.set(origin[row]!, Math.max(tenure, longest.get(origin[row]!) ?? 0))
  }
  return [...longest].map(([index, days]) => ({ index, days })).sort((a, b) => b.days - a.days || a.index - b.index)
}
