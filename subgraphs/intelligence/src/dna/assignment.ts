/**
 * The column for each row so that the costs add up to the least, each column used once; by dynamic programming over
 * sets of columns, which is exact and at once for the at most twelve that an axis ever has.
 * @param cost rows × columns, at least as many columns as rows; all finite
 */
export function assign(cost: readonly (readonly number[])[]): number[] {
  const columns = cost[0]?.length ?? 0
  if (columns < cost.length || columns > 12)
    throw new RangeError(`${cost.length} rows do not go into ${columns} columns.`)
  // best[used] is the least cost of the first popcount(used) rows on those columns; came[used] is the last row's column.
  const best = new Float64Array(1 << columns).fill(Infinity)
  const came = new Int8Array(1 << columns)
  best[0] = 0
  let end = 0
  for (let used = 0; used < best.length; used++) {
    const row = populationCount(used)
    if (row > cost.length || best[used] === Infinity) continue
    if (row === cost.length) {
      if (end === 0 || best[used]! < best[end]!) end = used
      continue
    }
    for (let column = 0; column < columns; column++) {
      const next = used | (1 << column)
      const total = best[used]! + cost[row]![column]!
      if (next === used || total >= best[next]!) continue
      best[next] = total
      came[next] = column
    }
  }
  const chosen: number[] = []
  for (let used = end; used !== 0; used &= ~(1 << came[used]!)) chosen.unshift(came[used]!)
  return chosen
}

function populationCount(set: number): number {
  let count = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) count++
  return count
}
