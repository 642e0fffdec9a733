export type Minimum = { x: number[]; value: number; evaluations: number }

/**
 * The lowest point of `f` that a simplex around `start` finds: no gradient needed, so it serves likelihoods with integrals in
 * them. `f` may answer NaN or Infinity outside its domain. Stops when the simplex's values agree to `tolerance` (relative).
 */
export function minimise(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  { step = 0.25, tolerance = 1e-9, maxEvaluations = 2_000 } = {},
): Minimum {
  let evaluations = 0
  const vertex = (x: number[]): Vertex => {
    evaluations++
    const value = f(x)
    return { x, value: Number.isFinite(value) ? value : Number.MAX_VALUE }
  }
  const simplex = [
    vertex([...start]),
    ...start.map((_, k) => vertex(start.map((v, index) => (index === k ? v + step : v)))),
  ]
  const dimension = start.length
  while (evaluations < maxEvaluations) {
    simplex.sort((a, b) => a.value - b.value)
    const best = at(simplex, 0)
    const worst = at(simplex, dimension)
    if (Math.abs(worst.value - best.value) <= tolerance * (Math.abs(best.value) + tolerance)) break
    const center = best.x.map(
      (_, k) => simplex.slice(0, dimension).reduce((sum, { x }) => sum + at(x, k), 0) / dimension,
    )
    const along = (scale: number) => vertex(center.map((c, k) => c + scale * (c - at(worst.x, k))))
    simplex[dimension] = replacement(along, best, at(simplex, dimension - 1), worst) ?? worst
    if (simplex[dimension] === worst) {
      for (let index = 1; index <= dimension; index++)
        simplex[index] = vertex(at(simplex, index).x.map((v, k) => (v + at(best.x, k)) / 2))
    }
  }
  const best = simplex.reduce((a, b) => (b.value < a.value ? b : a))
  return { x: best.x, value: best.value, evaluations }
}

type Vertex = { x: number[]; value: number }

/** What takes the worst vertex's place, by Nelder and Mead's rules; null when the simplex must shrink. */
function replacement(along: (scale: number) => Vertex, best: Vertex, second: Vertex, worst: Vertex): Vertex | null {
  const reflected = along(1)
  if (reflected.value < best.value) {
    const expanded = along(2)
    return expanded.value < reflected.value ? expanded : reflected
  }
  if (reflected.value < second.value) return reflected
  const contracted = along(reflected.value < worst.value ? 0.5 : -0.5)
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : null
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T
}
