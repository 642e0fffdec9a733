/**
 * How far spend lies from its forecast, by the size of the forecast: quantiles of ln(1 + spend/unit) − ln(1 + forecast/unit)
 * of customers that the model had not seen. `low` −Infinity: spend may be nothing.
 */
export type IntervalTable = {
  level: number
  unit: number
  /** The least forecast of each bin, ascending. */
  edges: Float64Array
  low: Float64Array
  high: Float64Array
}

export type Interval = { low: number; high: number }

const mostBins = 15
const fewestPerBin = 100

export type IntervalOptions = {
  unit: number
  level?: number
  /** Logarithm by which a season may move all customers at once; added, since the next season is one, not an average. */
  drift?: number
}

/**
 * Conformal and aware of zeros: where at least (1 − level)/2 of a bin's customers spend nothing, its interval starts at 0 and
 * all that may be missed is missed above.
 */
export function fitInterval(
  forecast: Float64Array,
  spend: Float64Array,
  { unit, level = 0.9, drift = 0 }: IntervalOptions,
): IntervalTable {
  const order = Float64Array.from(forecast.keys()).sort((a, b) => forecast[a]! - forecast[b]! || a - b)
  const n = order.length
  const bins = Math.max(1, Math.min(mostBins, Math.floor(n / fewestPerBin)))
  const list = () => new Float64Array(bins)
  const table = { level, unit, edges: list(), low: list(), high: list() }
  for (let bin = 0; bin < bins; bin++) {
    const rows = order.subarray(Math.floor((bin * n) / bins), Math.floor(((bin + 1) * n) / bins))
    const zeros = rows.reduce((count, row) => count + (spend[row] === 0 ? 1 : 0), 0)
    const residuals = rows.map((row) => Math.log1p(spend[row]! / unit) - Math.log1p(forecast[row]! / unit)).sort()
    const mayBeNothing = zeros >= ((1 - level) / 2) * rows.length
    table.edges[bin] = forecast[rows[0]!]!
    table.low[bin] = mayBeNothing ? -Infinity : conformal(residuals, (1 - level) / 2) - drift
    table.high[bin] = conformal(residuals, mayBeNothing ? level : (1 + level) / 2) + drift
  }
  return table
}

/** With the one more that is to come counted in. */
function conformal(sorted: Float64Array, share: number): number {
  const rank = Math.ceil(share * (sorted.length + 1)) - 1
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))]!
}

/** The interval of a forecast, in currency; it holds the forecast itself. */
export function intervalOf({ edges, low, high, unit }: IntervalTable, forecast: number): Interval {
  let bin = edges.length - 1
  while (bin > 0 && forecast < edges[bin]!) bin--
  const from = (residual: number) => Math.max(0, Math.expm1(Math.log1p(forecast / unit) + residual)) * unit
  return { low: Math.min(forecast, from(low[bin]!)), high: Math.max(forecast, from(high[bin]!)) }
}

/**
 * From a model's own horizon to one with `ratio` times the orders: beyond it deviations grow with the orders (a customer's rate
 * is what is unknown), within it with their square root (chance), so it is never too narrow on either side.
 */
export function stretchInterval(own: number, { low, high }: Interval, ratio: number): Interval {
  const amount = own * ratio
  const spread = ratio < 1 ? Math.sqrt(ratio) : ratio
  return { low: Math.max(0, amount - (own - low) * spread), high: amount + (high - own) * spread }
}
