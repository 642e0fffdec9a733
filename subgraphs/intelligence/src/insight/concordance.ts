import { ranks } from '../learning/metrics.ts'

/**
 * Harrell's concordance: of the pairs of which it is known who bought first, the share whose predicted waits are in that order,
 * ties in the prediction counting half. `seen` is 0 where the wait was cut off. NaN without such a pair.
 */
export function concordance(predicted: ArrayLike<number>, waited: ArrayLike<number>, seen: ArrayLike<number>): number {
  const place = ranks(predicted)
  const longestFirst = Array.from({ length: waited.length }, (_, i) => i).sort(
    (a, b) => (waited[b] ?? 0) - (waited[a] ?? 0),
  )
  // A Fenwick tree over doubled ranks (ties are halves) counts those who are known to have waited longer.
  const size = 2 * waited.length + 1
  const tree = new Float64Array(size + 1)
  const upTo = (rank: number) => {
    let sum = 0
    for (let k = rank; k > 0; k -= k & -k) sum += tree[k] ?? 0
    return sum
  }
  let added = 0
  let right = 0
  let pairs = 0
  const add = (i: number) => {
    for (let k = 2 * (place[i] ?? 0); k <= size; k += k & -k) tree[k] = (tree[k] ?? 0) + 1
    added += 1
  }
  for (let from = 0; from < longestFirst.length;) {
    const wait = waited[longestFirst[from] ?? 0]
    let to = from
    while (to < longestFirst.length && waited[longestFirst[to] ?? 0] === wait) to++
    const together = longestFirst.slice(from, to)
    // Who was cut off at the very instant at which another bought waited longer.
    for (const i of together) if (!seen[i]) add(i)
    for (const i of together) {
      if (!seen[i]) continue
      const rank = 2 * (place[i] ?? 0)
      right += added - upTo(rank) + (upTo(rank) - upTo(rank - 1)) / 2
      pairs += added
    }
    for (const i of together) if (seen[i]) add(i)
    from = to
  }
  return right / pairs
}
