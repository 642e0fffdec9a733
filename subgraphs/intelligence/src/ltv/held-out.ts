import { type Design, takeDesign } from './design.ts'
import { type Forecasts, predictMembers, trainMembers } from './members.ts'
import type { MemberName } from './model.ts'

const folds = 3

/** FNV-1a: the same customer falls into the same part on every machine. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let k = 0; k < id.length; k++) hash = Math.imul(hash ^ id.charCodeAt(k), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Whether a customer is among about `share` of them; with every row of theirs, or none. */
export const isDrawn = (id: string, share: number): boolean => ((hashOf(id) >>> 8) % 10_007) / 10_007 < share

/** Forecasts by members that never saw the customer; lists in the order of the judging rows. */
export type HeldOut = { forecasts: Forecasts; spend: Float64Array }

/**
 * By customer, not by row: a customer's origins overlap. `isJudge` marks the rows whose forecasts are wanted; `onFold` hears
 * what share of the work is done.
 */
export function forecastHeldOut(
  design: Design,
  spend: Float64Array,
  customerIds: readonly string[],
  isJudge: Uint8Array,
  seed: number,
  onFold: (share: number) => void,
): HeldOut {
  const fold = Uint8Array.from(customerIds, (id) => hashOf(id) % folds)
  const all = Int32Array.from(fold.keys())
  const judges = all.filter((row) => isJudge[row] === 1)
  const list = () => new Float64Array(judges.length)
  const forecasts: Forecasts = { booster: list(), glm: list(), rhythm: list(), buying: list() }
  for (let f = 0; f < folds; f++) {
    const trained = trainMembers(
      design,
      spend,
      all.filter((row) => fold[row] !== f),
      seed + f,
    )
    const places = Int32Array.from(judges.keys()).filter((place) => fold[judges[place]!] === f)
    const predicted = predictMembers(
      trained,
      takeDesign(
        design,
        places.map((place) => judges[place]!),
      ),
    )
    for (const name of Object.keys(forecasts) as MemberName[])
      places.forEach((place, i) => (forecasts[name][place] = predicted[name][i]!))
    onFold((f + 1) / folds)
  }
  return { forecasts, spend: Float64Array.from(judges, (row) => spend[row]!) }
}
