import { createRandom } from '@quimbi/service/random.ts'
import { kMeans, silhouette } from '../learning/kmeans.ts'
import { takeRows, type Matrix } from '../learning/matrix.ts'
import { assign } from './assignment.ts'

/** Centers are fitted on so many customers at most: more move them by less than their own rounding. */
const rowsForCenters = 20_000
const rowsForChoice = 2_000
const most = 6
/** Two halves of the data agree on so many of the customers, or the clusters are made by chance. */
const stableAgreement = 0.9
/** More clusters are worth a silhouette this much lower than the best one's. */
const nearlyAsClear = 0.8
/** A former number of clusters stays as long as it is this clear: every change gives customers new segments. */
const stillClear = 0.5
/** Former centers stay while they explain within this share of the variance as much as they could. */
const goodEnough = 0.01
/** Each cluster holds at least this share, or it is a curiosity. */
const leastShare = 0.01

type Candidate = { k: number; clarity: number; agreement: number; leastShare: number }

/**
 * Centers, k × d: as many as are clear (silhouette) and found again in either half of the data; a single one where the
 * customers are all alike. With `former` centers on the same yardstick it starts from them, and keeps their number while that is clear.
 */
export function findCenters(
  points: Matrix,
  { seed, fewest, former }: { seed: number; fewest: number; former?: Float64Array },
): Float64Array {
  const rows = shuffled(points.n, seed)
  const many = points.n <= rowsForCenters ? points : takeRows(points, rows.subarray(0, rowsForCenters))
  if (distinctRows(many, 2) < 2 || nearlyConstant(many)) return meanOf(many)
  const some = takeRows(points, rows.subarray(0, rowsForChoice))
  const k = chooseCount(some, seed, fewest, former && former.length / points.d)
  if (former?.length === k * points.d) return hold(many, former)
  return kMeans(many, k, { seed, restarts: 4 }).centers.x
}

function chooseCount(m: Matrix, seed: number, fewest: number, former?: number): number {
  const all: Candidate[] = []
  const distinct = distinctRows(m, most)
  for (let k = Math.min(fewest, distinct); k <= Math.min(most, distinct); k++) all.push(consider(m, k, seed))
  const fair = all.filter((candidate) => candidate.leastShare >= leastShare)
  const stable = fair.filter(({ agreement }) => agreement >= stableAgreement)
  const clearest = Math.max(...stable.map(({ clarity }) => clarity))
  const kept = all.find(({ k }) => k === former)
  if (kept && kept.clarity >= stillClear * clearest) return kept.k
  return stable.findLast(({ clarity }) => clarity >= nearlyAsClear * clearest)?.k ?? mostAgreed(all)
}

const mostAgreed = (all: readonly Candidate[]) =>
  all.reduce((best, candidate) => (candidate.agreement > best.agreement ? candidate : best)).k

function consider(m: Matrix, k: number, seed: number): Candidate {
  const { assignment } = kMeans(m, k, { seed: seed + k, restarts: 2 })
  const counts = new Float64Array(k)
  for (const cluster of assignment) counts[cluster]!++
  return {
    k,
    clarity: silhouette(m, assignment, { sample: 400 }),
    agreement: agreementOfHalves(m, k, seed + k),
    leastShare: Math.min(...counts) / m.n,
  }
}

/** Share of all rows that the centers of one half and of the other put into the same cluster, matched at best. */
function agreementOfHalves(m: Matrix, k: number, seed: number): number {
  const half = m.n >> 1
  if (half < k) return 0
  const rows = Uint32Array.from({ length: m.n }, (_, i) => i)
  const [a, b] = [rows.subarray(0, half), rows.subarray(half)].map((own, turn) =>
    nearestOf(m, kMeans(takeRows(m, own), k, { seed: seed + 31 * (turn + 1), restarts: 2 }).centers.x),
  ) as [Uint8Array, Uint8Array]
  const apart = Array.from({ length: k }, () => new Array<number>(k).fill(0))
  a.forEach((cluster, i) => apart[cluster]![b[i]!]!--)
  return assign(apart).reduce((sum, column, row) => sum - apart[row]![column]!, 0) / m.n
}

function nearestOf({ x, n, d }: Matrix, centers: Float64Array): Uint8Array {
  const k = centers.length / d
  const nearest = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    let least = Infinity
    for (let c = 0; c < k; c++) {
      let distance = 0
      for (let j = 0; j < d; j++) distance += (x[i * d + j]! - centers[c * d + j]!) ** 2
      if (distance < least) {
        least = distance
        nearest[i] = c
      }
    }
  }
  return nearest
}

/** The former centers while they do nearly as well as any near them: chance must not move customers who did nothing. */
function hold(m: Matrix, former: Float64Array): Float64Array {
  const now = settle(m, former)
  const unexplained = (centers: Float64Array) => inertiaOf(m, centers, nearestOf(m, centers))
  return unexplained(former) - unexplained(now) <= unexplained(meanOf(m)) * goodEnough ? former : now
}

function inertiaOf({ x, d }: Matrix, centers: Float64Array, nearest: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < x.length; at++) sum += (x[at]! - centers[nearest[Math.floor(at / d)]! * d + (at % d)]!) ** 2
  return sum
}

/** Lloyd's rounds from given centers; one that loses everyone stays where it was. */
function settle(m: Matrix, start: Float64Array): Float64Array {
  let centers = start
  for (let round = 0; round < 50; round++) {
    const next = meansOf(m, nearestOf(m, centers), centers)
    const moved = next.some((value, at) => Math.abs(value - centers[at]!) > 1e-9)
    centers = next
    if (!moved) break
  }
  return centers
}

function meansOf({ x, n, d }: Matrix, nearest: Uint8Array, former: Float64Array): Float64Array {
  const sums = new Float64Array(former.length)
  const counts = new Float64Array(former.length / d)
  for (let i = 0; i < n; i++) {
    const own = nearest[i]!
    counts[own]!++
    for (let j = 0; j < d; j++) sums[own * d + j]! += x[i * d + j]!
  }
  return sums.map((sum, at) => {
    const count = counts[Math.floor(at / d)]!
    return count > 0 ? sum / count : former[at]!
  })
}

const meanOf = (m: Matrix) => meansOf(m, new Uint8Array(m.n), new Float64Array(m.d))

/** All but one in two hundred are in one place: the row that outvotes all others, if one does, is counted. */
function nearlyConstant({ x, n, d }: Matrix): boolean {
  const same = (a: number, b: number) => {
    for (let j = 0; j < d; j++) if (x[a * d + j] !== x[b * d + j]) return false
    return true
  }
  let voted = 0
  let lead = 0
  for (let i = 0; i < n; i++) {
    if (lead === 0) voted = i
    lead += same(voted, i) ? 1 : -1
  }
  let count = 0
  for (let i = 0; i < n; i++) if (same(voted, i)) count++
  return count > n * 0.995
}

/** How many rows differ from each other, counted no further than `enough`. */
function distinctRows({ x, n, d }: Matrix, enough: number): number {
  const seen = new Set<string>()
  for (let i = 0; i < n && seen.size < enough; i++) seen.add(x.subarray(i * d, i * d + d).join())
  return seen.size
}

/** All rows in an order that the seed decides. */
function shuffled(n: number, seed: number): Uint32Array {
  const random = createRandom(seed)
  const rows = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[rows[i], rows[j]] = [rows[j]!, rows[i]!]
  }
  return rows
}
