import { codedError } from '@quimbi/service/errors.ts'
import { createRandom, type Random } from '@quimbi/service/random.ts'
import { drawRows, type Matrix, requireFinite, takeRows } from './matrix.ts'

/** `centers` is k × d; `inertia` the sum of squared distances to the own center. */
export type Clusters = { centers: Matrix; assignment: Uint8Array; inertia: number }

/** Restarts look for good starting centers on this many rows; only the best start meets all of them. */
const rowsForStarts = 3_000
const mostRounds = 300
/** Rounds end when one wins no more than this share of the inertia. */
const sampleTolerance = 1e-5
const tolerance = 3e-4

/** K-means++ and Lloyd's rounds. The same rows and seed give the same clusters. BAD_USER_INPUT for NaN, k < 1, k > 255 or fewer rows than k. */
export function kMeans(m: Matrix, k: number, { seed, restarts = 4 }: { seed: number; restarts?: number }): Clusters {
  requireFinite(m)
  if (!Number.isInteger(k) || k < 1 || k > 255 || m.n < k)
    throw codedError('BAD_USER_INPUT', `${m.n} rows make no ${k} clusters.`)
  const random = createRandom(seed)
  const sample = m.n <= rowsForStarts ? m : takeRows(m, drawRows(m.n, rowsForStarts, random))
  let best: Clusters | null = null
  for (let start = 0; start < restarts; start++) {
    const found = refine(sample, seedCenters(sample, k, random), sampleTolerance)
    if (!best || found.inertia < best.inertia) best = found
  }
  const found = best!
  return sample === m ? found : refine(m, found.centers.x, tolerance)
}

/** Each next center is a row drawn by its squared distance to the nearest one so far. */
function seedCenters(m: Matrix, k: number, random: Random): Float64Array {
  const { x, n, d } = m
  const centers = new Float64Array(k * d)
  const nearest = new Float64Array(n).fill(Infinity)
  let row = Math.floor(random() * n)
  for (let c = 0; c < k; c++) {
    centers.set(x.subarray(row * d, row * d + d), c * d)
    let total = 0
    for (let i = 0; i < n; i++)
      total += nearest[i] = Math.min(nearest[i]!, squaredDistance(x, i * d, centers, c * d, d))
    let left = random() * total
    row = 0
    // Where all rows are centers already, the first one serves again.
    while (row < n - 1 && (left -= nearest[row]!) >= 0) row++
  }
  return centers
}

/** Lloyd's rounds: rows go to the nearest center, centers to the middle of their rows, until that wins next to nothing. */
function refine({ x, n, d }: Matrix, start: Float64Array, leastWin: number): Clusters {
  const k = start.length / d
  const centers = start.slice()
  const assignment = new Uint8Array(n)
  const sums = new Float64Array(k * d)
  const counts = new Float64Array(k)
  let before = Number.MAX_VALUE
  for (let round = 1; ; round++) {
    sums.fill(0)
    counts.fill(0)
    let inertia = 0
    let farthest = 0
    let farthestDistance = -1
    for (let i = 0, row = 0; i < n; i++, row += d) {
      let own = 0
      let distance = Infinity
      for (let c = 0, center = 0; c < k; c++, center += d) {
        const squared = squaredDistance(x, row, centers, center, d)
        if (squared >= distance) continue
        distance = squared
        own = c
      }
      assignment[i] = own
      inertia += distance
      counts[own]! += 1
      for (let j = 0, at = own * d; j < d; j++, at++) sums[at]! += x[row + j]!
      if (distance <= farthestDistance) continue
      farthestDistance = distance
      farthest = row
    }
    const isFull = counts.every((count) => count > 0)
    if (inertia === 0 || round === mostRounds || (isFull && before - inertia <= leastWin * before))
      return { centers: { x: centers, n: k, d }, assignment, inertia }
    before = inertia
    for (let c = 0; c < k; c++) {
      // An empty cluster takes the row that is worst off.
      if (counts[c] === 0) centers.set(x.subarray(farthest, farthest + d), c * d)
      else for (let j = 0; j < d; j++) centers[c * d + j] = sums[c * d + j]! / counts[c]!
    }
  }
}

/**
 * Mean silhouette, −1…1: how much nearer the rows are to their own cluster than to the next. Distances are to `sample` rows
 * drawn at random, since all pairs of a hundred thousand are too many. NaN with a single cluster.
 */
export function silhouette(
  m: Matrix,
  assignment: Uint8Array,
  { sample = 1_000, seed = 1 }: { sample?: number; seed?: number } = {},
): number {
  const chosen = m.n <= sample ? null : drawRows(m.n, sample, createRandom(seed))
  const rows = chosen ? takeRows(m, chosen) : m
  const own = chosen ? Uint8Array.from(chosen, (row) => assignment[row]!) : assignment
  const k = 1 + own.reduce((most, cluster) => Math.max(most, cluster), 0)
  const counts = new Float64Array(k)
  for (const cluster of own) counts[cluster]! += 1
  if (counts.filter((count) => count > 0).length < 2) return Number.NaN
  const distance = new Float64Array(k)
  let total = 0
  for (let i = 0; i < rows.n; i++) {
    distance.fill(0)
    for (let j = 0; j < rows.n; j++)
      distance[own[j]!]! += Math.sqrt(squaredDistance(rows.x, i * m.d, rows.x, j * m.d, m.d))
    const cluster = own[i]!
    // Alone in a cluster counts as 0, by definition.
    if (counts[cluster]! < 2) continue
    const inside = distance[cluster]! / (counts[cluster]! - 1)
    let outside = Infinity
    for (let c = 0; c < k; c++)
      if (c !== cluster && counts[c]! > 0) outside = Math.min(outside, distance[c]! / counts[c]!)
    if (inside !== outside) total += (outside - inside) / Math.max(inside, outside)
  }
  return total / rows.n
}

function squaredDistance(a: Float64Array, fromA: number, b: Float64Array, fromB: number, d: number): number {
  let sum = 0
  for (let j = 0; j < d; j++) {
    const difference = a[fromA + j]! - b[fromB + j]!
    sum += difference * difference
  }
  return sum
}
