import { dayMs } from '../features/facts.ts'
import type { Booster } from '../learning/boosting.ts'
import { type Linear, linearScores } from '../learning/irls.ts'
import { sigmoid } from '../learning/objectives.ts'
import { sweepTrees } from '../learning/sweep.ts'
import { type Buyer, type Waiting, waitingAfter, waitingDirections, waitingRows } from './waiting.ts'

/** The chance of a purchase within a week, of those who have not bought since the last one; plain data. */
export type NextPurchaseModel = {
  logistic: Linear
  booster: Booster
  /** Log-odds = intercept + weights · the two members' log-odds. */
  weights: { logistic: number; booster: number; intercept: number }
  /** Days; stands in for gaps that a customer does not have yet. */
  typicalGap: number
}

export type NextPurchase = {
  /** Instant in ms by which a purchase is as likely as not; twenty years from now at most. */
  expectedAt: number
  probability30Days: number
  /** Days from one purchase to the next: the median of those gaps that end within two years. */
  repurchaseDays: number
}

/** Weeks of each step: finely where most happens, then in fours, to two years. */
const steps: readonly (1 | 4)[] = [
  ...Array.from({ length: 12 }, () => 1 as const),
  ...Array.from({ length: 23 }, () => 4 as const),
]
const longestDays = 20 * 365.25

/** Of a customer with a purchase before `asOf`. */
export function nextPurchaseOf(model: NextPurchaseModel, buyer: Buyer, asOf: number): NextPurchase {
  const { purchases } = buyer
  const waiting = waitingAfter(buyer, purchases.length, model.typicalGap)
  const waited = Math.max(0, (asOf - (purchases.at(-1) ?? asOf)) / dayMs)
  const fromNow = survivalOf(model, waiting, waited)
  const fromPurchase = waited === 0 ? fromNow : survivalOf(model, waiting, 0)
  return {
    expectedAt: asOf + waitUntil(fromNow, 0.5) * dayMs,
    probability30Days: 1 - survivalAt(fromNow, 30),
    repurchaseDays: waitUntil(fromPurchase, (1 + (fromPurchase.at(-1) ?? 0)) / 2),
  }
}

/** Days from the beginning until a step is judged: a long one by its middle week. */
const judged = Float64Array.from(steps, (weeks, step) =>
  steps.slice(0, step).reduce((days, before) => days + 7 * before, 3.5 * (weeks - 1)),
)

/** `alive[k]`: the share still waiting after the first k steps; `alive[0]` is 1. */
function survivalOf(model: NextPurchaseModel, waiting: Waiting, waited: number): Float64Array {
  const { logistic, booster, weights } = model
  const rows = waitingRows(
    waiting,
    judged.map((days) => waited + days),
  )
  const lines = linearScores(logistic, rows)
  const trees = new Float64Array(steps.length).fill(booster.bias)
  sweepTrees(booster.trees, rows, waitingDirections, trees)
  const alive = new Float64Array(steps.length + 1)
  alive[0] = 1
  for (let step = 0; step < steps.length; step++) {
    // The chance of a purchase in a week of this step.
    const hazard = sigmoid(weights.intercept + weights.logistic * lines[step]! + weights.booster * trees[step]!)
    const left = 1 - hazard
    alive[step + 1] = alive[step]! * (steps[step] === 4 ? left * left * (left * left) : left)
  }
  return alive
}

/** Within a step the hazard is constant. */
function survivalAt(alive: Float64Array, days: number): number {
  let left = days / 7
  for (const [step, weeks] of steps.entries()) {
    const before = alive[step] ?? 0
    const after = alive[step + 1] ?? 0
    if (left <= weeks) return before === 0 ? 0 : before * (after / before) ** (left / weeks)
    left -= weeks
  }
  return alive.at(-1) ?? 0
}

/** Days until only such a share is still waiting; after the last step the hazard stays as it was there. */
function waitUntil(alive: Float64Array, share: number): number {
  let days = 0
  for (const [step, weeks] of steps.entries()) {
    const before = alive[step] ?? 0
    const after = Math.max(alive[step + 1] ?? 0, 1e-300)
    const wait = (7 * weeks * Math.log(before / share)) / Math.log(before / after)
    if (after <= share || step === steps.length - 1) return Math.min(longestDays, days + wait)
    days += 7 * weeks
  }
  return longestDays
}
