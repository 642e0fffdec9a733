import { codedError } from '@quimbi/service/errors.ts'
import { featureIndex, features } from '../features/catalogue.ts'
import type { Matrix } from '../learning/matrix.ts'
import { buyingRow, type Design, designOf, type LivingDesign, ordersColumn, outlook } from './design.ts'
import { explainBlend, largestFactors, type LtvFactor } from './factors.ts'
import { intervalOf, stretchInterval } from './interval.ts'
import { blend, predictMembers } from './members.ts'
import type { LtvModel } from './model.ts'

/** Currency; orders are days with a purchase. One entry a row. */
export type LtvScores = { amount: Float64Array; low: Float64Array; high: Float64Array; expectedOrders: Float64Array }

/** Currency. baseline + the factors' contributions + otherContribution = amount. */
export type LtvForecast = {
  amount: number
  months: number
  interval: { low: number; high: number; level: number }
  /** Spent so far, net of returns. */
  historic: number
  expectedOrders: number
  baseline: number
  factors: LtvFactor[]
  otherContribution: number
}

const daysPerMonth = 365.25 / 12
const mostMonths = 36

/** Days of a forecast of so many months. @throws GraphQLError BAD_USER_INPUT unless they are 1 to 36 */
export function daysOfMonths(months: number): number {
  if (!(months >= 1 && months <= mostMonths))
    throw codedError('BAD_USER_INPUT', `A forecast is for 1 to ${mostMonths} months, not ${months}.`, {
      reason: 'MONTHS',
    })
  return months * daysPerMonth
}

/**
 * Expected spend of many customers (rows of features) within `days`, the model's own horizon by default. Another horizon scales
 * the forecast by the orders that the buying model expects in it: exact at its own, rising with the days, flattening for
 * customers who may be gone.
 */
export function scoreLtv(model: LtvModel, m: Matrix, days = model.horizonDays): LtvScores {
  checkRows(m)
  const design = designOf(model.buying, m, model.horizonDays, model.unit)
  const blended = blendOf(model, design)
  const list = () => new Float64Array(m.n)
  const out: LtvScores = { amount: list(), low: list(), high: list(), expectedOrders: list() }
  for (let i = 0; i < m.n; i++) {
    const forecast = atHorizon(model, design, i, blended[i]! * model.scale, days)
    out.amount[i] = forecast.amount
    out.low[i] = forecast.low
    out.high[i] = forecast.high
    out.expectedOrders[i] = forecast.expectedOrders
  }
  return out
}

/** One customer's forecast with what it rests on. @throws GraphQLError BAD_USER_INPUT for months beyond 1 … 36, or another row */
export function forecastLtv(model: LtvModel, row: Float64Array, months = 12): LtvForecast {
  const days = daysOfMonths(months)
  const m = { x: row, n: 1, d: row.length }
  checkRows(m)
  const design = designOf(model.buying, m, model.horizonDays, model.unit)
  const explained = explainBlend(model, design)
  const { amount, low, high, expectedOrders, ratio } = atHorizon(model, design, 0, explained.amount, days)
  const { contributions } = explained
  for (let j = 0; j < contributions.length; j++) contributions[j]! *= ratio
  return {
    amount,
    months,
    interval: { low, high, level: model.interval.level },
    historic: row[featureIndex.netSpend]!,
    expectedOrders,
    baseline: explained.baseline * ratio,
    ...largestFactors(contributions, design.raw.x),
  }
}

/** What a business stands to lose: the chance that a customer is gone, times what they would have spent. */
export const revenueAtRisk = (churn: number, amount: number): number => churn * amount

const blendOf = ({ members, weights }: LtvModel, design: Design): Float64Array =>
  members ? blend(predictMembers(members, design), weights) : design.offset.map(Math.exp)

/** Row i, whose forecast at the model's own horizon is `own`. */
function atHorizon(
  { buying, horizonDays, interval }: LtvModel,
  { raw, alive }: LivingDesign,
  i: number,
  own: number,
  days: number,
) {
  const at = i * raw.d
  const orders = raw.x[at + ordersColumn]!
  const { low, high } = intervalOf(interval, own)
  if (days === horizonDays) return { amount: own, low, high, expectedOrders: orders, ratio: 1 }
  const then = outlook(buying, buyingRow(raw.x, at), days, alive[i])
  const ratio = then.orders / orders
  const stretched = stretchInterval(own, { low, high }, ratio)
  const mayBeNothing = 1 - then.probability >= (1 - interval.level) / 2
  return {
    amount: own * ratio,
    low: mayBeNothing ? 0 : stretched.low,
    high: stretched.high,
    expectedOrders: then.orders,
    ratio,
  }
}

function checkRows(m: Matrix): void {
  if (m.d !== features.length) throw codedError('BAD_USER_INPUT', `A row has ${features.length} features, not ${m.d}.`)
}
