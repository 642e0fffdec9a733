import { featureIndex, features, type FeatureName } from '../features/catalogue.ts'
import type { Matrix } from '../learning/matrix.ts'
import { axisDefinitions, type AxisDefinition } from './axes.ts'
import type { Yardstick } from './model.ts'

/** How far off the middle a feature counts, in its own spread: beyond it everyone is simply far. */
const reach = 4

/** An axis with everything looked up that reading a row takes. */
type Reader = {
  columns: readonly number[]
  logs: readonly boolean[]
  purchaseDays: number
  tenureDays: number
  recorded: readonly { column: number; nothing: number }[]
  fromEach: boolean
}

const nothingKnown = new Map(features.map(({ name, missing }) => [name, Number(missing)]))

const readerOf = ({ features: own, recordedBy, ...rest }: AxisDefinition): Reader => ({
  ...rest,
  columns: own.map(({ feature }) => featureIndex[feature]),
  logs: own.map(({ log }) => log),
  recorded: recordedBy.map((name) => ({ column: featureIndex[name], nothing: nothingKnown.get(name) ?? 0 })),
})

const readers = axisDefinitions.map(readerOf)
const { orders, purchaseDays, tenureDays } = featureIndex

/** Without a purchase there is no profile. */
export const hasOrdered = (row: Float64Array, from: number): boolean => row[from + orders]! > 0

const tells = ({ recorded }: Reader, row: Float64Array, from: number) =>
  recorded.some(({ column, nothing }) => row[from + column] !== nothing)

/** Whether a customer has what an axis takes; `fromEach`: also where nothing would mean none in a shop that records it. */
export function isKnown(axis: number, row: Float64Array, from: number, fromEach = false): boolean {
  const reader = readers[axis]!
  if (row[from + purchaseDays]! < reader.purchaseDays || row[from + tenureDays]! < reader.tenureDays) return false
  const mustTell = reader.fromEach || (fromEach && reader.recorded.length > 0)
  return !mustTell || tells(reader, row, from)
}

/** A shop that records it records it of at least one customer in two hundred, and of ten. */
export function isRecorded(axis: number, m: Matrix): boolean {
  const reader = readers[axis]!
  if (reader.recorded.length === 0) return true
  const enough = Math.max(10, m.n / 200)
  let count = 0
  for (let i = 0; i < m.n && count < enough; i++) if (tells(reader, m.x, i * m.d)) count++
  return count >= enough
}

const logOf = (value: number) => Math.log1p(Math.max(0, value))

/** Where a row lies on an axis, into `out` at `at`. */
export function placeOn(
  axis: number,
  { shift, scale }: Yardstick,
  row: Float64Array,
  from: number,
  out: Float64Array,
  at: number,
): void {
  const { columns, logs } = readers[axis]!
  for (let j = 0; j < columns.length; j++) {
    const value = row[from + columns[j]!]!
    const placed = ((logs[j] ? logOf(value) : value) - shift[j]!) / scale[j]!
    out[at + j] = Math.max(-reach, Math.min(reach, placed))
  }
}

/** A place on the yardstick, back in the feature's own unit. */
export const unplaced = (axis: number, { shift, scale }: Yardstick, j: number, place: number): number => {
  const value = place * scale[j]! + shift[j]!
  return readers[axis]!.logs[j] ? Math.expm1(value) : value
}

/**
 * Median and quartiles of the rows on an axis, where they decide. The former yardstick stays while it fits within a quarter
 * of the spread: a yardstick that jitters would move customers who did nothing.
 */
export function fitYardstick(axis: number, m: Matrix, former?: Yardstick): Yardstick {
  const own = axisDefinitions[axis]!.features
  const shift = new Float64Array(own.length)
  const scale = new Float64Array(own.length)
  own.forEach(({ feature, log, ...fixed }, j) => {
    const found = fixed.shift === null || fixed.scale === null ? spreadOf(columnOf(m, feature, log)) : zero
    const fitted = { shift: fixed.shift ?? found.shift, scale: fixed.scale ?? found.scale }
    const old = former && { shift: former.shift[j]!, scale: former.scale[j]! }
    const { shift: s, scale: c } = old && stillFits(old, fitted) ? old : fitted
    shift[j] = s
    scale[j] = c
  })
  return { shift, scale }
}

type Spread = { shift: number; scale: number }
const zero: Spread = { shift: 0, scale: 1 }

const stillFits = (old: Spread, now: Spread) =>
  Math.abs(old.shift - now.shift) < old.scale / 4 && Math.abs(Math.log(now.scale / old.scale)) < 0.25

function columnOf(m: Matrix, feature: FeatureName, log: boolean): Float64Array {
  const column = featureIndex[feature]
  return Float64Array.from({ length: m.n }, (_, i) => {
    const value = m.x[i * m.d + column]!
    return log ? logOf(value) : value
  })
}

/** Quartiles first; where half of all are the same, the 5th and 95th percentile; then the extremes. */
function spreadOf(values: Float64Array): Spread {
  const sorted = values.sort()
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  const scale = (at(0.75) - at(0.25)) / 1.349 || (at(0.95) - at(0.05)) / 3.29 || (at(1) - at(0)) / 8 || 1
  return { shift: at(0.5), scale }
}
