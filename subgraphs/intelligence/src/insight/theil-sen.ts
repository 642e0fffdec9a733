import { quantileOf } from '../learning/objectives.ts'

export type Interval = { low: number; high: number; level: number }
/** Change of y for one of x, with its 90 % interval. */
export type Slope = { slope: number; interval: Interval }
export type Point = { x: number; y: number }

const level = 0.9
const normalQuantile = 1.6448536269514722
/** With three points no interval reaches 90 %; with four the whole range of slopes does (exactly 91.7 %). */
const fewest = 4
const most = 400

/**
 * Theil–Sen: the median of the slopes through every two points, with the interval of Sen (1968), whose width follows from the
 * variance of Kendall's S (ties in y corrected). Null below four points of distinct x. Of more than 400, 400 evenly
 * spread ones are read. Points that are not finite are left out.
 */
export function theilSen(points: readonly Point[]): Slope | null {
  const read = thinned(points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))
  if (new Set(read.map(({ x }) => x)).size < fewest) return null
  const slopes = slopesOf(read).sort()
  const reach = normalQuantile * Math.sqrt(varianceOfS(read))
  const low = slopes[Math.max(0, Math.floor((slopes.length - reach) / 2) - 1)] ?? 0
  const high = slopes[Math.min(slopes.length - 1, Math.ceil((slopes.length + reach) / 2))] ?? 0
  return { slope: quantileOf(slopes, 0.5), interval: { low, high, level } }
}

function slopesOf(points: readonly Point[]): Float64Array {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2)
  let count = 0
  for (let i = 1; i < points.length; i++) {
    const a = points[i]!
    for (let j = 0; j < i; j++) {
      const b = points[j]!
      if (a.x !== b.x) slopes[count++] = (a.y - b.y) / (a.x - b.x)
    }
  }
  return slopes.subarray(0, count)
}

function varianceOfS(points: readonly Point[]): number {
  const spread = (n: number) => n * (n - 1) * (2 * n + 5)
  const ties = new Map<number, number>()
  for (const { y } of points) ties.set(y, (ties.get(y) ?? 0) + 1)
  let variance = spread(points.length)
  for (const count of ties.values()) variance -= spread(count)
  return variance / 18
}

function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= most) return points
  return Array.from(
    { length: most },
    (_, index) => points[Math.round((index * (points.length - 1)) / (most - 1))],
  ).filter((point) => point !== undefined)
}
