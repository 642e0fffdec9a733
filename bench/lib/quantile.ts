/** The value that `share` (0 to 1) of the values do not exceed, with so many digits after the point; NaN of none. */
export function quantile(values: readonly number[], share: number, digits = 1): number {
  const at = Math.min(values.length - 1, Math.floor(values.length * share))
  return Number((values.toSorted((a, b) => a - b)[at] ?? Number.NaN).toFixed(digits))
}
