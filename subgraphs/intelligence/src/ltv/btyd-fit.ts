import { minimise } from './nelder-mead.ts'

/** Beliefs about the first parameters' logarithms before the data: keeps fits on few customers away from the edges. */
export type ParameterPrior = { center: readonly number[]; spread: number }

export type FitHelp = {
  rough?: (parameters: readonly number[]) => number
  prior?: ParameterPrior | undefined
  /** The start is close already. */
  isNear?: boolean
}

export type Fit = { parameters: number[]; logLikelihood: number }

const lowest = Math.log(1e-4)
const highest = Math.log(1e4)

/** Maximum likelihood on log parameters, which stay within 1e-4 … 1e4; `rough` shows the way cheaply before `exact` decides. */
export function fitParameters(
  exact: (parameters: readonly number[]) => number,
  start: readonly number[],
  { rough, prior, isNear = false }: FitHelp = {},
): Fit {
  const cost = (logLikelihood: (parameters: readonly number[]) => number) => (logs: readonly number[]) =>
    logs.some((v) => v < lowest || v > highest) ? Infinity : penalty(logs, prior) - logLikelihood(logs.map(Math.exp))
  const logs = start.map(Math.log)
  const near = isNear ? logs : minimise(cost(rough ?? exact), logs).x
  const second = minimise(cost(exact), near, { step: 0.05 })
  const parameters = second.x.map(Math.exp)
  return { parameters, logLikelihood: exact(parameters) }
}

const penalty = (logs: readonly number[], prior: ParameterPrior | undefined) =>
  prior
    ? prior.center.reduce((sum, center, k) => sum + (logs[k]! - Math.log(center)) ** 2, 0) / (2 * prior.spread ** 2)
    : 0
