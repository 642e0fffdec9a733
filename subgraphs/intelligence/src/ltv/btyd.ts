import { bgNbdLogLikelihood, type BgNbd } from './btyd-bg-nbd.ts'
import { groupAlike, groupCoarsely, type PurchaseStats } from './btyd-counts.ts'
import { fitParameters, type ParameterPrior } from './btyd-fit.ts'
import { gammaGammaLogLikelihood, repeatValues, type GammaGamma } from './btyd-gamma-gamma.ts'
import { paretoNbdLogLikelihood, type ParetoNbd } from './btyd-pareto-nbd.ts'

/** Enough groups to show where the likelihood peaks; the exact ones then decide. */
const roughGroups = 1_000

/** A plain shop's customers: weeks, and the mean value of a purchase day as 1. Fits on few customers lean on it. */
export const paretoCenter: ParetoNbd = { r: 0.6, alpha: 10, s: 0.6, beta: 12 }
export const gammaCenter: GammaGamma = { p: 4, q: 4, gamma: 0.75 }
const paretoPrior: ParameterPrior = { center: Object.values(paretoCenter), spread: 1 }
/** Shapes only: a scale depends on the currency. */
const gammaPrior: ParameterPrior = { center: [gammaCenter.p, gammaCenter.q], spread: 1.5 }

export type FitOptions = {
  /** Leans on a plain shop's customers: for few customers, and against fits that run to an edge. */
  withPrior?: boolean
  /** Joins nearly equal customers until there are no more groups than this: seconds become tenths, digits from the third on move. */
  groups?: number
  /** Of customers much like these: where to begin, which halves the time. */
  near?: ParetoNbd
}

/** By maximum likelihood; parameters stay within 1e-4 … 1e4. */
export function fitBgNbd(
  stats: PurchaseStats,
  { groups: limit }: Pick<FitOptions, 'groups'> = {},
): BgNbd & { logLikelihood: number } {
  const groups = limit === undefined ? groupAlike(stats) : groupCoarsely(stats, limit)
  const rough = groupCoarsely(stats, roughGroups)
  const named = ([r = 0, alpha = 0, a = 0, b = 0]: readonly number[]) => ({ r, alpha, a, b })
  const { parameters, logLikelihood } = fitParameters((v) => bgNbdLogLikelihood(named(v), groups), [0.5, 5, 1, 2], {
    rough: (v) => bgNbdLogLikelihood(named(v), rough),
  })
  return { ...named(parameters), logLikelihood }
}

/**
 * By maximum likelihood; parameters stay within 1e-4 … 1e4. Where nobody seems to leave (s runs to its edge) P(alive) is 1 for all and
 * means nothing: use P(any purchase).
 */
export function fitParetoNbd(
  stats: PurchaseStats,
  { withPrior = false, groups: limit, near }: FitOptions = {},
): ParetoNbd & { logLikelihood: number } {
  const groups = limit === undefined ? groupAlike(stats) : groupCoarsely(stats, limit)
  const rough = near ? groups : groupCoarsely(stats, roughGroups)
  const start = near ? [near.r, near.alpha, near.s, near.beta] : [0.5, 10, 0.6, 11]
  const named = ([r = 0, alpha = 0, s = 0, beta = 0]: readonly number[]) => ({ r, alpha, s, beta })
  const { parameters, logLikelihood } = fitParameters((v) => paretoNbdLogLikelihood(named(v), groups), start, {
    rough: (v) => paretoNbdLogLikelihood(named(v), rough),
    prior: withPrior ? paretoPrior : undefined,
    isNear: near !== undefined,
  })
  return { ...named(parameters), logLikelihood }
}

/** By maximum likelihood on the customers with a repeat purchase of some value; in the currency of the values. */
export function fitGammaGamma(
  stats: PurchaseStats,
  { withPrior = false }: FitOptions = {},
): GammaGamma & { logLikelihood: number } {
  const told = stats.meanValue.filter((value, i) => value > 0 && stats.frequency[i]! > 0)
  // Parameters are searched near 1 whatever the currency.
  const unit = told.length > 0 ? told.reduce((sum, value) => sum + value, 0) / told.length : 1
  const values = repeatValues({ ...stats, meanValue: stats.meanValue.map((value) => value / unit) })
  const named = ([p = 0, q = 0, gamma = 0]: readonly number[]) => ({ p, q, gamma })
  const { parameters, logLikelihood } = fitParameters((v) => gammaGammaLogLikelihood(named(v), values), [6, 4, 0.5], {
    prior: withPrior ? gammaPrior : undefined,
  })
  const { p, q, gamma } = named(parameters)
  return { p, q, gamma: gamma * unit, logLikelihood: logLikelihood - told.length * Math.log(unit) }
}
