import type { TrainingSet } from '../features/training-set.ts'
import { newestFirst } from '../ltv/origins.ts'

const dayMs = 86_400_000

const rolling = 6
const stepDays = 14
/** Data that the oldest origin should look back on: fewer days would show beginners only. */
const lookBackDays = 56
/** Of short data, the share that labels may take. */
const labelShare = 0.45

/** Where to train for a forecast at `asOf`: `origins` newest first, and the days after each that make its label. */
export type TrainingPlan = { origins: number[]; horizonDays: number }

/**
 * Six origins, two weeks apart; the newest one horizon before `asOf`, so that nothing from `asOf` on is read. Where the data
 * are too short for the horizon asked, the plan is for a shorter one (28 days at least), and the forecast is converted.
 */
export function planTraining(asOf: number, firstOrderAt: number, horizonDays: number): TrainingPlan {
  const span = Math.floor((asOf - firstOrderAt) / dayMs)
  const days = Math.min(horizonDays, Math.max(28, Math.floor(span * labelShare)))
  const newest = asOf - days * dayMs
  const origins = Array.from({ length: rolling }, (_, k) => newest - k * stepDays * dayMs)
  return { origins: origins.filter((at, k) => k === 0 || at >= firstOrderAt + lookBackDays * dayMs), horizonDays: days }
}

/** The row numbers of the newest origin, whatever order the origins were given in. */
export function newestRows(set: TrainingSet): Uint32Array {
  const [newest] = newestFirst(set)
  return Uint32Array.from(set.origin.keys()).filter((row) => set.origin[row] === newest)
}
