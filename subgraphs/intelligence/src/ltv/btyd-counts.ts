/** What buy-till-you-die models read of each customer. Weeks; one purchase occasion a day; of equal lengths. */
export type PurchaseStats = {
  /** Repeat purchase days: the first one does not count. */
  frequency: Float64Array
  /** From the first purchase to the last; 0 without a repeat. */
  recency: Float64Array
  /** From the first purchase to the origin. */
  age: Float64Array
  /** Mean spend of a repeat purchase day; 0 without one. */
  meanValue: Float64Array
}

/** One customer of `PurchaseStats`. */
export type PurchaseRow = { frequency: number; recency: number; age: number; meanValue: number }

export const rowOf = (stats: PurchaseStats, index: number): PurchaseRow => ({
  frequency: stats.frequency[index] ?? 0,
  recency: stats.recency[index] ?? 0,
  age: stats.age[index] ?? 0,
  meanValue: stats.meanValue[index] ?? 0,
})

/** Customers alike in all that the purchase models see, counted once. `rank` places a frequency in `frequencies`. */
export type Groups = {
  rank: Int32Array
  recency: Float64Array
  age: Float64Array
  weight: Float64Array
  frequencies: Float64Array
}

type Counts = Pick<PurchaseStats, 'frequency' | 'recency' | 'age'>

/** `step` > 0 joins customers whose weeks round to the same multiples of it; their means stand for them. */
export function groupAlike({ frequency, recency, age }: Counts, step = 0): Groups {
  const cell = (weeks: number) => (step > 0 ? Math.round(weeks / step) : weeks)
  const groups = new Map<string, { x: number; recency: number; age: number; weight: number }>()
  for (let i = 0; i < frequency.length; i++) {
    const x = frequency[i]!
    const key = `${x}|${cell(age[i]! - recency[i]!)}|${cell(age[i]!)}`
    const group = groups.get(key) ?? { x, recency: 0, age: 0, weight: 0 }
    if (group.weight === 0) groups.set(key, group)
    group.weight++
    group.recency += (recency[i]! - group.recency) / group.weight
    group.age += (age[i]! - group.age) / group.weight
  }
  const list = [...groups.values()]
  const frequencies = Float64Array.from(new Set(list.map(({ x }) => x))).sort()
  const rankOf = new Map(Array.from(frequencies, (x, rank) => [x, rank] as const))
  return {
    rank: Int32Array.from(list, ({ x }) => rankOf.get(x)!),
    recency: Float64Array.from(list, (group) => group.recency),
    age: Float64Array.from(list, (group) => group.age),
    weight: Float64Array.from(list, ({ weight }) => weight),
    frequencies,
  }
}

/** At most `limit` groups by joining as little as that takes, from a week on; leaving customers out would bend a fit more. */
export function groupCoarsely(stats: Counts, limit: number): Groups {
  let groups = groupAlike(stats)
  for (let step = 1; groups.rank.length > limit && step <= 64; step *= 2) groups = groupAlike(stats, step)
  return groups
}
