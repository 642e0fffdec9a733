export type ShownParts = { total: string; parts: string[] }

/**
 * Points as they are shown, with `digits` decimals, so that the shown parts add up to the shown total to the last digit. Each part is at most one unit of the last
 * digit off: those that rounding wronged most give way. The total is the parts' sum; no part that is 0 is shown as anything else.
 */
export function shownParts(points: readonly number[], digits = 1): ShownParts {
  const unit = 10 ** digits
  const total = Math.round(points.reduce((sum, part) => sum + part, 0) * unit)
  const units = points.map((part) => Math.round(part * unit))
  const off = total - units.reduce((sum, part) => sum + part, 0)
  const step = Math.sign(off)
  const wronged = points
    .map((part, index) => ({ index, isNothing: part === 0, by: (part * unit - (units[index] ?? 0)) * step }))
    .filter(({ isNothing }) => !isNothing)
    .toSorted((a, b) => b.by - a.by)
  for (const { index } of wronged.slice(0, Math.abs(off))) units[index] = (units[index] ?? 0) + step
  const write = (whole: number) => ((whole === 0 ? 0 : whole) / unit).toFixed(digits)
  return { total: write(total), parts: units.map(write) }
}
