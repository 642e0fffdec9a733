import { priorChurn } from '@quimbi/intelligence/churn/buying.ts'
import { planTraining, type TrainingPlan } from '@quimbi/intelligence/churn/origins.ts'
import { scoreChurn } from '@quimbi/intelligence/churn/predict.ts'
import { trainChurn } from '@quimbi/intelligence/churn/train.ts'
import type { ChurnModel } from '@quimbi/intelligence/churn/model.ts'
import { featureIndex } from '@quimbi/intelligence/features/catalogue.ts'
import { isPurchase } from '@quimbi/intelligence/features/facts.ts'
import type { CustomerHistory } from '@quimbi/intelligence/features/history.ts'
import { buildTrainingSet, type TrainingSet } from '@quimbi/intelligence/features/training-set.ts'
import type { LtvModel } from '@quimbi/intelligence/ltv/model.ts'
import { scoreLtv } from '@quimbi/intelligence/ltv/predict.ts'
import { priorLtv } from '@quimbi/intelligence/ltv/prior.ts'
import { trainLtv } from '@quimbi/intelligence/ltv/train.ts'
import { typicalOrderValue } from '@quimbi/intelligence/models/order-value.ts'
import { GraphQLError } from 'graphql'

export type BacktestOptions = {
  origin: number
  horizonDays: number
  seed: number
  /** What is being done, and the share of it that is done, 0…1. */
  onProgress?: (what: string, share: number) => void
}

export type Backtest = {
  customerIds: string[]
  churn: Float64Array
  ltv: Float64Array
  low: Float64Array
  high: Float64Array
  plan: TrainingPlan
  churnModel: ChurnModel
  ltvModel: LtvModel
  /** Why the shipped prior forecasts spend, if it does. */
  ltvLacks: Lack | null
}

export type Lack = 'INSUFFICIENT_DATA' | 'NO_SPEND'

/**
 * Trains on what lies before the origin alone and forecasts every customer with an order before it.
 * @throws Error when there is none
 */
export function backtest(histories: readonly CustomerHistory[], options: BacktestOptions): Backtest {
  const { origin, horizonDays, seed, onProgress = () => {} } = options
  // Cut before anything looks: no later step can see what came after.
  const known = histories.map((history) => before(history, origin)).filter(({ orders }) => orders.length > 0)
  const firstOrderAt = known.reduce((first, { orders }) => Math.min(first, orders[0]?.at ?? first), Infinity)
  if (known.length === 0)
    throw new Error('There is no order before the origin: nothing to learn from, nobody to forecast.')
  const plan = planTraining(origin, firstOrderAt, horizonDays)
  onProgress('features', 0)
  const part = (from: number, to: number) => (share: number) => onProgress('features', from + (to - from) * share)
  const train = buildTrainingSet(followed(known, part(0, trainShare)), plan)
  if (!known.some(hasBought)) throw new Error('There is no purchase before the origin, only returns.')
  const buyers = followed(known.map(asBuyer), part(trainShare, 1))
  const now = buildTrainingSet(buyers, { origins: [origin], horizonDays, reference: train.reference })
  const { model: churnModel } = churnOf(train, plan, seed, (share) => onProgress('churn', share))
  const churn = new Float64Array(now.n)
  scoreChurn(churnModel, now, churn, horizonDays)
  const { model: ltvModel, lacks: ltvLacks } = ltvOf(train, now, plan, seed, (share) =>
    onProgress('lifetime value', share),
  )
  const { amount, low, high } = scoreLtv(ltvModel, now, horizonDays)
  return { customerIds: now.customerIds, churn, ltv: amount, low, high, plan, churnModel, ltvModel, ltvLacks }
}

/** Of the time that features take: there are more origins to learn from than the one to forecast from. */
const trainShare = 0.8

/** The same, telling how far whoever takes them is: a hundred times at most. */
function* followed<T>(all: readonly T[], onProgress: (share: number) => void): Generator<T> {
  const step = Math.ceil(all.length / 100)
  for (const [index, one] of all.entries()) {
    yield one
    if ((index + 1) % step === 0) onProgress((index + 1) / all.length)
  }
}

const before = (history: CustomerHistory, origin: number): CustomerHistory => ({
  ...history,
  orders: history.orders.filter(({ at }) => at < origin),
  interactions: history.interactions.filter(({ at }) => at < origin),
  events: history.events.filter(({ at }) => at < origin),
})

const hasBought = ({ orders }: CustomerHistory) => orders.some(isPurchase)

/** Whose purchase lies before the data, so that only its return is seen, had bought for that amount, at the latest then. */
function asBuyer(history: CustomerHistory): CustomerHistory {
  const [first] = history.orders
  if (!first || hasBought(history)) return history
  return { ...history, orders: [{ ...first, amount: Math.abs(first.amount), isReturn: false }, ...history.orders] }
}

type Progress = (share: number) => void

const churnOf = (train: TrainingSet, { horizonDays }: TrainingPlan, seed: number, onProgress: Progress) =>
  orPrior(
    () => trainChurn(train, { horizonDays, seed, onProgress }),
    () => priorChurn(horizonDays),
  )

const ltvOf = (
  train: TrainingSet,
  now: TrainingSet,
  { horizonDays }: TrainingPlan,
  seed: number,
  onProgress: Progress,
) =>
  orPrior(
    () => trainLtv(train, { horizonDays, seed, onProgress }),
    () => priorLtv({ horizonDays, meanValue: meanValueOf(now) }),
  )

/** What a customer spends on a purchase day; 1 where all was free, since the prior needs a size. */
const meanValueOf = ({ x, n, d }: TrainingSet): number =>
  typicalOrderValue(Array.from({ length: n }, (_, row) => x[row * d + featureIndex.averageValue] ?? 0)) ?? 1

/** The shipped prior, where the data say too little. */
function orPrior<T>(train: () => T, prior: () => T): { model: T; lacks: Lack | null } {
  try {
    return { model: train(), lacks: null }
  } catch (error) {
    const reason = error instanceof GraphQLError ? error.extensions['reason'] : undefined
    if (reason === 'INSUFFICIENT_DATA' || reason === 'NO_SPEND') return { model: prior(), lacks: reason }
    throw error
  }
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The forecasts as CSV: probabilities with six decimals, amounts with two. */
export function forecastsCsv({ customerIds, churn, ltv, low, high }: Backtest): string {
  const lines = customerIds.map((id, i) => {
    const amounts = [ltv[i]!, low[i]!, high[i]!].map((amount) => amount.toFixed(2))
    return [cell(id), churn[i]!.toFixed(6), ...amounts].join(',')
  })
  return ['customer_id,churn_probability,ltv,ltv_lo,ltv_hi', ...lines, ''].join('\n')
}
