/** The places of the `count` values that are largest without their sign, largest first; of equal ones the first. Those up to `negligible` are none. */
export function largest(values: Float64Array, count: number, negligible = 0): number[] {
  const places: number[] = []
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (!(size > negligible)) continue
    let at = places.length
    if (at === count && size <= Math.abs(values[places[at - 1]!]!)) continue
    if (at === count) at--
    for (; at > 0 && Math.abs(values[places[at - 1]!]!) < size; at--) places[at] = places[at - 1]!
    places[at] = i
  }
  return places
}

/** The sum of the values that do not stand at these few places. */
export function sumWithout(values: Float64Array, places: readonly number[]): number {
  let sum = 0
  let next = 0
  const ascending = places.toSorted((a, b) => a - b)
  for (let i = 0; i < values.length; i++) {
    if (i === ascending[next]) next++
    else sum += values[i]!
  }
  return sum
}
