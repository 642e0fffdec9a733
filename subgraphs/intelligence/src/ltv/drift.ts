/** What all customers of an origin spent, over what the buying model expected of them then; `age`: its days in the data. */
export type OriginLevel = { age: number; level: number }

const mostDrift = 0.25

/**
 * How much the level of spend moves within `days`, as a standard deviation of its logarithm: a random walk through the levels of
 * the training origins, newest first. 0 for one origin, which tells nothing.
 */
export function driftOf(levels: readonly OriginLevel[], days: number): number {
  const known = levels.filter(({ level }) => level > 0 && Number.isFinite(level))
  const steps = known.slice(1).map(({ age, level }, k) => {
    const newer = known[k]!
    return Math.log(newer.level / level) ** 2 / Math.max(1, newer.age - age)
  })
  if (steps.length === 0) return 0
  const perDay = steps.reduce((sum, step) => sum + step, 0) / steps.length
  return Math.min(mostDrift, Math.sqrt(perDay * days))
}
