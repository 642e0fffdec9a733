import { amountUnits, dayMs, fromUnits, isInstant, isPurchase, returnedUnits } from '../features/facts.ts'
import type { CustomerHistory } from '../features/history.ts'
import { theilSen, type Interval } from './theil-sen.ts'

export type Trajectory = {
  /** Change of the spend of 30 days from one 30 days to the next, in currency. */
  spendSlope: number
  /** Change of the churn probability in 30 days; null where fewer than four scores of the last 180 days are known. */
  riskSlope: number | null
  /** Where spend is heading: STEADY while the interval holds 0. */
  direction: 'RISING' | 'STEADY' | 'FALLING'
  /** 90 % interval of the spend slope. */
  interval: Interval
  /** The slope as a share of the mean spend of 30 days, −1…1; 0 while STEADY. */
  pace: number
}

/** A churn score as it stood at an instant. */
export type RiskPoint = { at: number; churn: number }

const windowMs = 30 * dayMs
const windows = 6

/**
 * Theil–Sen slopes over the 180 days before `asOf`, spend net of returns in whole windows of 30 days. Windows that began
 * before the first purchase are left out: a new customer does not rise from nothing. Null below four windows (120 days).
 * Facts at or after `asOf`, and amounts that are no numbers, count nothing.
 */
export function trajectoryOf(history: CustomerHistory, risk: readonly RiskPoint[], asOf: number): Trajectory | null {
  const spend = spendByWindow(history, asOf)
  const slope = theilSen(spend.map((y, x) => ({ x, y })))
  if (!slope) return null
  const { low, high } = slope.interval
  const direction = low > 0 ? 'RISING' : high < 0 ? 'FALLING' : 'STEADY'
  const mean = spend.reduce((sum, one) => sum + Math.max(0, one), 0) / spend.length
  const pace = direction === 'STEADY' || mean === 0 ? 0 : Math.max(-1, Math.min(1, slope.slope / mean))
  return { spendSlope: slope.slope, riskSlope: riskSlope(risk, asOf), direction, interval: slope.interval, pace }
}

/** Oldest first. */
function spendByWindow({ orders }: CustomerHistory, asOf: number): number[] {
  const past = orders.filter(({ at }) => at < asOf && isInstant(at))
  const first = past.reduce((least, order) => (isPurchase(order) ? Math.min(least, order.at) : least), Infinity)
  const whole = Math.max(0, Math.min(windows, Math.floor((asOf - first) / windowMs)))
  const units = Array.from({ length: whole }, () => 0)
  for (const order of past) {
    const index = whole - 1 - Math.floor((asOf - order.at) / windowMs)
    const before = units[index]
    if (before !== undefined)
      units[index] = before + (isPurchase(order) ? amountUnits(order) : 0) - returnedUnits(order)
  }
  return units.map(fromUnits)
}

function riskSlope(risk: readonly RiskPoint[], asOf: number): number | null {
  const from = asOf - windows * windowMs
  const points = risk.filter(({ at }) => at >= from && at <= asOf)
  return theilSen(points.map(({ at, churn }) => ({ x: (at - asOf) / windowMs, y: churn })))?.slope ?? null
}
