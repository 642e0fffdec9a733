import { type Matrix, takeRows } from '../learning/matrix.ts'
import { fitBuying } from './buying.ts'
import type { ParetoNbd } from './btyd-pareto-nbd.ts'
import { columnCount, type Design, designOf } from './design.ts'
import type { OriginLevel } from './drift.ts'
import type { Buying } from './model.ts'
import { originsOf } from './origins.ts'
import type { LtvSet } from './train.ts'

/** The rows asked for, as members see them; `buying`: of the newest origin. */
export type DesignByOrigin = { design: Design; buying: Buying; levels: OriginLevel[] }

/** Each origin's rows with the buying of that origin, fitted on what was known then. */
export function designByOrigin(set: LtvSet, rows: Int32Array, horizonDays: number, unit: number): DesignByOrigin {
  const all: Matrix = { x: set.x, n: set.n, d: set.d }
  const design: Design = {
    raw: { x: new Float64Array(rows.length * columnCount), n: rows.length, d: columnCount },
    log: { x: new Float64Array(rows.length * columnCount), n: rows.length, d: columnCount },
    offset: new Float64Array(rows.length),
  }
  let near: ParetoNbd | undefined
  const parts = originsOf(set).map(({ index, days }) => {
    const buying = fitBuying(takeRows(all, rowsOfOrigin(set, index)), near)
    near = buying.pareto
    const places = Int32Array.from(rows.keys()).filter((place) => set.origin[rows[place]!] === index)
    const own = takeRows(
      all,
      places.map((place) => rows[place]!),
    )
    const part = designOf(buying, own, horizonDays, unit)
    scatter(part, places, design)
    const spent = places.reduce((sum, place) => sum + set.spend[rows[place]!]!, 0)
    const expected = part.offset.reduce((sum, log) => sum + Math.exp(log) * unit, 0)
    return { buying, level: { age: days, level: spent / expected } }
  })
  return { design, buying: parts[0]!.buying, levels: parts.map(({ level }) => level) }
}

export const rowsOfOrigin = (set: Pick<LtvSet, 'origin'>, index: number): Int32Array =>
  Int32Array.from(set.origin.keys()).filter((row) => set.origin[row] === index)

function scatter(part: Design, places: Int32Array, into: Design): void {
  const d = columnCount
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!
    into.raw.x.set(part.raw.x.subarray(i * d, (i + 1) * d), place * d)
    into.log.x.set(part.log.x.subarray(i * d, (i + 1) * d), place * d)
    into.offset[place] = part.offset[i]!
  }
}
