import { type FeatureName, featureIndex, features } from '../features/catalogue.ts'
import { pearson } from '../learning/metrics.ts'
import type { Matrix } from '../learning/matrix.ts'

/** With a year or two of data, a season seen once cannot be told from what happened in it. */
const seasonal: readonly FeatureName[] = ['quarter1Share', 'quarter2Share', 'quarter3Share', 'quarter4Share']

/**
 * While a shop's data are young, long windows and halves of the tenure say the same as the totals; later they do not. With
 * them the linear member, trained on CDNOW's April and used on its June, has an AUC of .667, without them .728.
 */
const ageing: readonly FeatureName[] = [
  ...(['purchaseDays182', 'purchaseDays364', 'spend182', 'spend364'] as const),
  ...features.filter(({ group }) => group === 'trend').map(({ name }) => name),
]

const leftOut = new Set([...seasonal, ...ageing].map((name) => featureIndex[name]))

const skewedUnits: readonly string[] = ['days', 'hours', 'count', 'currency']

/** Whether a column is read as log(1 + x). */
export const isSkewed = (column: number): boolean => skewedUnits.includes(features[column]?.unit ?? '')

/** log(1 + x), mirrored below 0. */
export const logOf = (value: number): number => (value >= 0 ? Math.log(1 + value) : -Math.log(1 - value))

const same = 0.98
const rowsToCompare = 5_000

/** Columns to learn from: those that mean the same tomorrow and vary; of two that say the same, the first. */
export function learnableColumns({ x, n, d }: Matrix): Int32Array {
  const rows = Math.min(n, rowsToCompare)
  const kept: Float64Array[] = []
  return Int32Array.from({ length: d }, (_, column) => column).filter((column) => {
    const values = Float64Array.from({ length: rows }, (_, i) => x[Math.floor((i * n) / rows) * d + column]!)
    const read = isSkewed(column) ? values.map(logOf) : values
    if (leftOut.has(column) || read.every((value) => value === read[0])) return false
    if (kept.some((other) => Math.abs(pearson(other, read)) > same)) return false
    kept.push(read)
    return true
  })
}
