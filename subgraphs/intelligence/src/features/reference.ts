/** What a feature needs to know of the tenant's other customers; plain data that is kept beside a model. */
export type Reference = {
  /** 101 ascending quantiles of the customers' spend per unit; empty where none is known. */
  unitPrices: Float64Array
  /** Countries, commonest first, and the customers' share in each; null is a country of its own. */
  countries: readonly (string | null)[]
  countryShares: Float64Array
}

export const noReference: Reference = {
  unitPrices: new Float64Array(0),
  countries: [],
  countryShares: new Float64Array(0),
}

const steps = 100

/** Quantiles of the positive numbers among them. */
function quantiles(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => value > 0).sort()
  if (sorted.length === 0) return sorted
  return Float64Array.from(
    { length: steps + 1 },
    (_, step) => sorted[Math.round((step * (sorted.length - 1)) / steps)] ?? 0,
  )
}

/** A reference from every customer's spend per unit and country. */
export function createReference(unitPrices: Float64Array, countries: readonly (string | null)[]): Reference {
  const counts = new Map<string | null, number>()
  for (const country of countries) counts.set(country, (counts.get(country) ?? 0) + 1)
  const commonest = [...counts].sort(([a, n], [b, m]) => m - n || ((a ?? '') < (b ?? '') ? -1 : 1))
  return {
    unitPrices: quantiles(unitPrices),
    countries: commonest.map(([country]) => country),
    countryShares: Float64Array.from(commonest, ([, count]) => count / countries.length),
  }
}

/** Share of the customers with a lower spend per unit, in steps of 1 %; 0.5 where it is unknown. */
export function pricePercentile({ unitPrices }: Reference, unitPrice: number): number {
  if (unitPrices.length === 0 || !(unitPrice > 0)) return 0.5
  let low = 0
  let high = unitPrices.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((unitPrices[middle] ?? 0) < unitPrice) low = middle + 1
    else high = middle
  }
  return Math.min(1, low / steps)
}

/** 0 for a country that no customer was in. */
export const countryShare = ({ countries, countryShares }: Reference, country: string | null): number =>
  countryShares[countries.indexOf(country)] ?? 0
