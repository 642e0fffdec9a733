export type Factor = { feature: string; value: number | null; contribution: number; explanation: string }
export type Additive = { baseline: number; otherContribution: number; factors: readonly Factor[] }

export type FactorRow = { key: string; label: string; explanation: string | null; amount: number; share: number }

/** What baseline, factors and the rest add up to. */
export const sumOf = ({ baseline, otherContribution, factors }: Additive): number =>
  factors.reduce((sum, { contribution }) => sum + contribution, baseline + otherContribution)

/** The factors, the one that moves most first; `share` is how long the bar is against the longest, −1 to 1. */
export function rowsOf({ factors }: Pick<Additive, 'factors'>, nameOf: (feature: string) => string): FactorRow[] {
  const longest = Math.max(...factors.map(({ contribution }) => Math.abs(contribution)), Number.MIN_VALUE)
  return factors
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .map(({ feature, explanation, contribution }) => ({
      key: feature,
      label: nameOf(feature),
      explanation,
      amount: contribution,
      share: contribution / longest,
    }))
}
