import { featureIndex, features } from '../features/catalogue.ts'
import type { Matrix } from '../learning/matrix.ts'
import { type BgNbd, bgNbdAlive } from '../ltv/btyd-bg-nbd.ts'

/**
 * Where the booster starts: the log-odds of churn by how often a customer buys. Trees know no customer older or longer silent
 * than those they learnt from, and all become so; a rhythm does. `typical` is the customer that explanations compare with.
 */
export type Pace = { rhythm: BgNbd; horizonDays: number; typical: Float64Array }

/** What the rhythm reads. */
const columns = [featureIndex.purchaseDays, featureIndex.tenureDays, featureIndex.activeSpanDays] as const

/** A rhythm that is surer than this is not believed: who bought every week may have moved. */
const surest = 5.3

export function paceOf(rhythm: BgNbd, horizonDays: number, { x, n, d }: Matrix): Pace {
  const meanOf = (column: number) => {
    let sum = 0
    for (let row = 0; row < n; row++) sum += x[row * d + column]!
    return sum / n
  }
  return { rhythm, horizonDays, typical: Float64Array.from(columns, meanOf) }
}

/** Log-odds of the row that starts at `row`. `rhythmScore` with fewer digits, in a third of the time: it runs for every customer. */
export function paceAt({ rhythm, horizonDays }: Pace, x: Float64Array, row: number): number {
  const frequency = Math.max(0, x[row + featureIndex.purchaseDays]! - 1)
  const age = x[row + featureIndex.tenureDays]! / 7
  const alive = bgNbdAlive(rhythm, { frequency, recency: x[row + featureIndex.activeSpanDays]! / 7, age })
  const none = Math.exp(-(rhythm.r + frequency) * Math.log(1 + horizonDays / 7 / (rhythm.alpha + age)))
  const some = alive * (1 - none)
  const score = Math.log((1 - some) / some)
  return score > surest ? surest : score < -surest ? -surest : score
}

/** Log-odds of every row. */
export const pacesOf = (pace: Pace, { x, n, d }: Matrix): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => paceAt(pace, x, i * d))

/** Adds `share` of what each column contributes to the row's pace, against the typical customer; returns that share of the typical one's. */
export const explainPace = (pace: Pace, row: Float64Array, share: number, into: Float64Array): number =>
  explainRhythm((mixed) => paceAt(pace, mixed, 0), pace.typical, { row, share, into })

/** The customers of the imagined plain shop (`models/imagine.ts`), on average: what a rhythm is compared with where no tenant's own are known. */
export const plainCustomer = Float64Array.of(2.7, 457, 104)

/** Of one customer at a time: a row with some of the three told, and what it is worth by which are. */
const mixed = new Float64Array(features.length)
const worth = new Float64Array(8)

type Told = { row: Float64Array; share: number; into: Float64Array }

/**
 * Adds `share` of what each of the three columns contributes to a score of them, against the typical customer; returns that
 * share of the typical one's. Shapley values: of all orders in which the three may be told, the mean.
 */
export function explainRhythm(
  score: (row: Float64Array) => number,
  typical: Float64Array,
  { row, share, into }: Told,
): number {
  for (let told = 0; told < 8; told++) {
    for (let k = 0; k < 3; k++) mixed[columns[k]!] = (told >> k) & 1 ? row[columns[k]!]! : typical[k]!
    worth[told] = score(mixed)
  }
  for (let k = 0; k < 3; k++) {
    const own = 1 << k
    const a = k === 0 ? 2 : 1
    const b = 7 - own - a
    const alone = 2 * (worth[own]! - worth[0]!)
    const second = worth[own | a]! - worth[a]! + worth[own | b]! - worth[b]!
    const last = 2 * (worth[7]! - worth[a | b]!)
    into[columns[k]!]! += (share * (alone + second + last)) / 6
  }
  return share * worth[0]!
}
