import type { ArchetypeLevel, AxisModel } from './model.ts'
import { isKnown, placeOn } from './yardstick.ts'

/** The median customer's dominant share that τ is chosen for. */
const targetShare = 0.7

/** Writes softmax(−d²/τ) of a point (at `from` in `points`) over the centers into `out`; gives the place of the largest. */
export function membershipsOf(
  points: Float64Array,
  from: number,
  centers: Float64Array,
  d: number,
  temperature: number,
  out: Float64Array,
): number {
  const k = centers.length / d
  let nearest = 0
  for (let c = 0; c < k; c++) {
    let distance = 0
    for (let j = 0; j < d; j++) distance += (points[from + j]! - centers[c * d + j]!) ** 2
    out[c] = distance
    if (distance < out[nearest]!) nearest = c
  }
  const least = out[nearest]!
  let total = 0
  for (let c = 0; c < k; c++) total += out[c] = Math.exp((least - out[c]!) / temperature)
  for (let c = 0; c < k; c++) out[c] = out[c]! / total
  return nearest
}

/** τ with which the median of the dominant memberships is `targetShare`: it falls as τ grows, so it is found by halving. */
export function fitTemperature(points: Float64Array, centers: Float64Array, d: number): number {
  const n = points.length / d
  const k = centers.length / d
  if (k < 2) return 1
  const out = new Float64Array(k)
  const shares = new Float64Array(n)
  let [low, high] = [-12, 12]
  for (let step = 0; step < 28; step++) {
    const middle = (low + high) / 2
    for (let i = 0; i < n; i++) shares[i] = out[membershipsOf(points, i * d, centers, d, Math.exp(middle), out)]!
    if (shares.sort()[n >> 1]! > targetShare) low = middle
    else high = middle
  }
  return Math.exp((low + high) / 2)
}

const place = new Float64Array(8)

/**
 * The dominant segment of a row on an axis, with the memberships of all in `out`; `segments.length`, and `out` untouched,
 * where too little is known.
 */
export function locate(axis: number, model: AxisModel, row: Float64Array, from: number, out: Float64Array): number {
  const { segments, yardstick, centers, temperature } = model
  if (segments.length === 0 || !isKnown(axis, row, from, model.fromEach)) return segments.length
  placeOn(axis, yardstick, row, from, place, 0)
  return membershipsOf(place, 0, centers, yardstick.shift.length, temperature, out)
}

export function strengthOf(membership: number): ArchetypeLevel {
  if (membership >= 0.7) return 'STRENGTH'
  return membership >= 0.45 ? 'TENDENCY' : 'EMERGING'
}
