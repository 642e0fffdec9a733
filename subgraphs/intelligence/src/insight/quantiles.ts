import { quantileOf } from '../learning/objectives.ts'

/** How a tenant's values are spread: `values[i]` is the i-th of evenly spaced quantiles; a model that is plain data. */
export type Percentiles = { values: Float64Array }

const points = 513

/** NaN of no value. */
export const median = (values: ArrayLike<number>): number => quantileOf(Float64Array.from(values).sort(), 0.5)

/** Learns the spread of a tenant's values; those that are not finite are left out. */
export function trainPercentiles(values: ArrayLike<number>): Percentiles {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort()
  const size = Math.min(points, sorted.length)
  return {
    values: Float64Array.from({ length: size }, (_, index) => quantileOf(sorted, index / Math.max(1, size - 1))),
  }
}

/** 0…100: the share of the tenant's values below this one, equal ones counted half; null where nothing was learnt or the value is NaN. */
export function percentileOf({ values }: Percentiles, value: number): number | null {
  if (values.length === 0 || Number.isNaN(value)) return null
  return 50 * (placeOf(values, value, false) + placeOf(values, value, true))
}

/** Where the value would stand among the quantiles, 0…1: before its equals, or after them. */
function placeOf(values: Float64Array, value: number, after: boolean): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = values[middle] ?? 0
    if (at < value || (after && at === value)) low = middle + 1
    else high = middle
  }
  if (low === 0) return 0
  if (low === values.length) return 1
  const below = values[low - 1] ?? 0
  const above = values[low] ?? 0
  const between = above > below ? Math.max(0, Math.min(1, (value - below) / (above - below))) : 0
  return (low - 1 + between) / (values.length - 1)
}
