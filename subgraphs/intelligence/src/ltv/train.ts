import { codedError } from '@quimbi/service/errors.ts'
import type { TrainingSet } from '../features/training-set.ts'
import { requireFinite, takeRows } from '../learning/matrix.ts'
import { fitBuying } from './buying.ts'
import { designByOrigin, rowsOfOrigin } from './by-origin.ts'
import { type Design, designOf, ordersColumn, takeDesign, valueColumn } from './design.ts'
import { driftOf } from './drift.ts'
import { forecastHeldOut, isDrawn } from './held-out.ts'
import { fitInterval } from './interval.ts'
import { blend, trainMembers } from './members.ts'
import { type LtvModel, onlyBuying } from './model.ts'
import { newestFirst } from './origins.ts'
import { fitWeights } from './weights.ts'

export type LtvOptions = {
  horizonDays: number
  seed: number
  /** Hears how far the training is, 0 … 1. */
  onProgress?: (share: number) => void
}

export type LtvSet = Pick<TrainingSet, 'x' | 'n' | 'd' | 'origin' | 'customerIds' | 'spend'>

/** Below, only how customers buy is fitted; and below that, nothing: `priorLtv` serves. */
const fewestCustomers = 500
const fewestForBuying = 30
/** Rows that boosters learn from at most, and that the held-out forecasts are made on. */
const mostRows = 200_000
const mostHeldOut = 30_000
/** The newest origins decide weights, level and interval: they are nearest to the day of use. */
const judgingOrigins = 2
/** How far the level of a forecast is likely to be off before any spend is seen: of the blend, and of buying alone. */
const blendOff = 0.05
const buyingOff = 0.2
/** Standard deviations of the season in ten, which a 90 % interval is to stand. */
const badSeason = 1.282

/**
 * Expected spend within the horizon, learnt from rows of one or more origins. The same rows and seed give the same model.
 * @throws GraphQLError BAD_USER_INPUT for NaN, for fewer than 30 customers (INSUFFICIENT_DATA), where nobody spent (NO_SPEND)
 */
export function trainLtv(set: LtvSet, options: LtvOptions): LtvModel {
  return check(set, options) < fewestCustomers ? learnBuying(set, options) : learnAll(set, options)
}

function learnAll(set: LtvSet, { horizonDays, seed, onProgress = () => {} }: LtvOptions): LtvModel {
  const unit = meanOf(set.spend)
  const rows = Int32Array.from(set.spend.keys()).filter((row) => isDrawn(set.customerIds[row]!, mostRows / set.n))
  const { design, buying, levels } = designByOrigin(set, rows, horizonDays, unit)
  const spend = Float64Array.from(rows, (row) => set.spend[row]! / unit)
  onProgress(0.2)
  const held = heldOutOf(set, rows, design, spend, seed, (share) => onProgress(0.2 + 0.5 * share))
  const weights = fitWeights(held.forecasts, held.spend)
  const blended = blend(held.forecasts, weights)
  const scale = unit * levelOf(held.spend, blended, blendOff)
  const interval = fitInterval(
    blended.map((value) => value * scale),
    held.spend.map((value) => value * unit),
    {
      unit,
      drift: badSeason * driftOf(levels, horizonDays),
    },
  )
  const members = trainMembers(design, spend, Int32Array.from(spend.keys()), seed)
  onProgress(1)
  return {
    horizonDays,
    buying,
    members,
    weights,
    typical: typicalOf(design),
    scale,
    unit,
    interval,
    trainedOn: rows.length,
    source: 'OWN',
  }
}

/** With few customers: how they buy, at the level that their spend confirms. */
function learnBuying(set: LtvSet, { horizonDays, onProgress = () => {} }: LtvOptions): LtvModel {
  const rows = rowsOfOrigin(set, newestFirst(set)[0]!)
  const m = takeRows(set, rows)
  const buying = fitBuying(m)
  const unit = meanOf(set.spend)
  const design = designOf(buying, m, horizonDays, unit)
  const spend = Float64Array.from(rows, (row) => set.spend[row]! / unit)
  const scale = unit * levelOf(spend, design.offset.map(Math.exp), buyingOff)
  const forecast = design.offset.map((log) => Math.exp(log) * scale)
  onProgress(1)
  return {
    horizonDays,
    buying,
    members: null,
    weights: onlyBuying,
    typical: typicalOf(design),
    scale,
    unit,
    interval: fitInterval(
      forecast,
      spend.map((value) => value * unit),
      { unit },
    ),
    trainedOn: rows.length,
    source: 'BUYING',
  }
}

function heldOutOf(
  set: LtvSet,
  rows: Int32Array,
  design: Design,
  spend: Float64Array,
  seed: number,
  onFold: (share: number) => void,
) {
  const share = mostHeldOut / rows.length
  const places = Int32Array.from(rows.keys()).filter((place) => isDrawn(set.customerIds[rows[place]!]!, share))
  const judging = newestFirst(set).slice(0, judgingOrigins)
  return forecastHeldOut(
    takeDesign(design, places),
    Float64Array.from(places, (place) => spend[place]!),
    Array.from(places, (place) => set.customerIds[rows[place]!]!),
    Uint8Array.from(places, (place) => (judging.includes(set.origin[rows[place]!]!) ? 1 : 0)),
    seed,
    onFold,
  )
}

/** How many customers there are; refuses what nothing can be learnt from. */
function check(set: LtvSet, { horizonDays }: LtvOptions): number {
  requireFinite(set, set.spend)
  if (!(horizonDays > 0 && Number.isFinite(horizonDays)))
    throw codedError('BAD_USER_INPUT', 'The horizon is a positive number of days.', { reason: 'HORIZON' })
  const customers = new Set(set.customerIds).size
  if (customers < fewestForBuying)
    throw codedError('BAD_USER_INPUT', `${customers} customers are too few to learn from.`, {
      reason: 'INSUFFICIENT_DATA',
    })
  if (!(meanOf(set.spend) > 0))
    throw codedError('BAD_USER_INPUT', 'Nobody spent anything within the horizon.', { reason: 'NO_SPEND' })
  return customers
}

/**
 * What forecasts must be multiplied with to add up to the spend. A few large buyers decide a sum, so it is believed only as far
 * as its own error allows: `off` is the spread of levels expected beforehand.
 */
function levelOf(spend: Float64Array, forecast: Float64Array, off: number): number {
  const mean = meanOf(spend)
  const variance = meanOf(spend.map((value) => (value / mean - 1) ** 2)) / spend.length
  const level = Math.log(mean / meanOf(forecast))
  return mean > 0 ? Math.exp((level * off ** 2) / (off ** 2 + variance)) : 1
}

function typicalOf({ log }: Design): { orders: number; value: number } {
  const column = (j: number) => Float64Array.from({ length: log.n }, (_, i) => log.x[i * log.d + j]!)
  return { orders: meanOf(column(ordersColumn)), value: meanOf(column(valueColumn)) }
}

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
const meanOf = (values: Float64Array) => sumOf(values) / Math.max(1, values.length)
