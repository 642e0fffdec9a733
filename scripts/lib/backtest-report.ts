import type { Backtest } from './backtest.ts'

const learnt = {
  OWN: 'the whole model, learnt from these orders',
  BUYING: 'how often customers buy; too few customers for more',
  PRIOR: 'the shipped prior; too few customers to learn from',
}

const nobodyAgain = 'the shipped prior; nobody bought again within a horizon'

type Facts = { horizonDays: number; out: string; rejected: readonly string[]; seconds: number }

/** What was done, in a few lines. */
export function backtestReport(result: Backtest, { horizonDays, out, rejected, seconds }: Facts): string {
  const { churn, ltv, plan, churnModel, ltvModel, ltvLacks } = result
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const converted =
    plan.horizonDays === horizonDays ? '' : `, converted from ${plan.horizonDays} days (the data are short)`
  const lines = [
    `${churn.length} customers, ${horizonDays} days from the origin${converted}`,
    `churn           ${(100 * mean(churn)).toFixed(1)} % expected; ${learnt[churnModel.source]}`,
    `lifetime value  ${mean(ltv).toFixed(2)} a customer; ${ltvLacks === 'NO_SPEND' ? nobodyAgain : learnt[ltvModel.source]}`,
    `trained on      ${plan.origins.length} origin${plan.origins.length === 1 ? '' : 's'}, the newest with ${churnModel.customers} customers`,
    ...(rejected.length > 0 ? [`left out        ${rejected.length} lines; the first: ${rejected[0] ?? ''}`] : []),
    `written to      ${out}, in ${seconds.toFixed(1)} s`,
  ]
  return `${lines.join('\n')}\n`
}
