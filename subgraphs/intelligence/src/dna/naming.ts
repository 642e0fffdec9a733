import { features } from '../features/catalogue.ts'
import { assign } from './assignment.ts'
import { axisDefinitions } from './axes.ts'
import { nameId } from './ids.ts'
import type { AxisModel, Segment, Yardstick } from './model.ts'
import { segmentName, segmentNames, unknownName, type SegmentName } from './segment-names.ts'
import { unplaced } from './yardstick.ts'

type Former = Pick<AxisModel, 'segments' | 'lastSerial'> & { centers: Float64Array }

/** A former center this far off, per feature and in its spread, was another segment. */
const sameWithin = 1

/**
 * Segments of the centers. One that lies where a former segment did is that segment, with its id and name; the others
 * get the names that lie nearest among those left, all together at the least distance, and numbers never used before.
 */
export function nameSegments(
  axis: number,
  yardstick: Yardstick,
  centers: Float64Array,
  former?: Former,
): Pick<AxisModel, 'segments' | 'lastSerial'> {
  const d = yardstick.shift.length
  const own = split(centers, d)
  const kept = former ? match(own, split(former.centers, d)) : own.map(() => -1)
  const segments = kept.map((at) => (former && at >= 0 ? former.segments[at]! : null))
  const { axis: name } = axisDefinitions[axis]!
  const taken = new Set(segments.map((segment) => segment?.name))
  const free = segmentNames[name].filter((candidate) => !taken.has(candidate.name))
  const fresh = own.flatMap((_, c) => (segments[c] ? [] : [c]))
  const center = (c: number) => centerOf(axis, yardstick, own[c]!)
  const names = assign(fresh.map((c) => free.map((candidate) => costOf(candidate, own[c]!, center(c)))))
  let lastSerial = former?.lastSerial ?? 0
  const serials = new Map<number, { name: string; serial: number }>()
  // Numbered as the names are listed, so that the first model of every tenant reads alike.
  for (const i of fresh.map((_, i) => i).sort((a, b) => names[a]! - names[b]!))
    serials.set(fresh[i]!, { name: free[names[i]!]!.name, serial: ++lastSerial })
  return {
    segments: own.map((_, c) => describe(axis, segments[c] ?? serials.get(c)!, center(c))),
    lastSerial,
  }
}

const split = (centers: Float64Array, d: number): Float64Array[] =>
  Array.from({ length: centers.length / d }, (_, c) => centers.subarray(c * d, c * d + d))

/** For each own center the former one that it is, −1 for none: the pairing of least total distance. */
function match(own: readonly Float64Array[], former: readonly Float64Array[]): number[] {
  const gap = (a: Float64Array, b: Float64Array) =>
    Math.sqrt(a.reduce((sum, x, j) => sum + (x - b[j]!) ** 2, 0) / a.length)
  const swapped = own.length > former.length
  const [rows, columns] = swapped ? [former, own] : [own, former]
  const cost = rows.map((row) => columns.map((column) => gap(row, column)))
  const matched = own.map(() => -1)
  assign(cost).forEach((column, row) => {
    if (cost[row]![column]! > sameWithin) return
    if (swapped) matched[column] = row
    else matched[row] = column
  })
  return matched
}

/** Squared distance to where the name belongs; a name with a condition comes first where it holds and last where not. */
function costOf({ at, only }: SegmentName, place: Float64Array, center: Record<string, number>): number {
  const distance = at.reduce<number>((sum, x, j) => (x === null ? sum : sum + (place[j]! - x) ** 2), 0)
  if (!only) return distance
  const value = center[only.feature]!
  return value >= (only.from ?? -Infinity) && value <= (only.to ?? Infinity) ? distance - 1e3 : distance + 1e6
}

const centerOf = (axis: number, yardstick: Yardstick, place: Float64Array): Record<string, number> =>
  Object.fromEntries(
    axisDefinitions[axis]!.features.map(({ feature }, j) => [feature, round(unplaced(axis, yardstick, j, place[j]!))]),
  )

/** Four significant digits say what a center is; −0 is 0. */
const round = (value: number) => Number(value.toPrecision(4)) + 0

function describe(
  axis: number,
  { name, serial }: { name: string; serial: number },
  center: Record<string, number>,
): Segment {
  const { axis: own } = axisDefinitions[axis]!
  const words = segmentName(own, name)?.words ?? name
  const typical = Object.entries(center).map(([feature, value]) => `${meaning(feature)}: ${value}`)
  return {
    id: nameId('segment', own, name, serial),
    axis: own,
    serial,
    name,
    description: `${words}. At its center – ${typical.join('; ')}.`,
    memberCount: 0,
    share: 0,
    center,
  }
}

const descriptions = new Map<string, string>(features.map(({ name, description }) => [name, description]))
const meaning = (feature: string) => descriptions.get(feature) ?? feature

/** The segment of those of whom an axis knows too little; `recorded` when the tenant's data would tell of others. */
export function unknownSegment(axis: number, recorded: boolean): Segment {
  const { axis: own, purchaseDays, tenureDays } = axisDefinitions[axis]!
  const needs = [
    ...(purchaseDays > 1 ? [`purchases on ${purchaseDays} days`] : []),
    ...(tenureDays > 0 ? [`${tenureDays} days since the first one`] : []),
  ]
  const missing =
    needs.length > 0 ? `it takes ${needs.join(' and ')}` : 'nothing of the kind is recorded of the customer'
  return {
    id: nameId('segment', own, unknownName, 0),
    axis: own,
    serial: 0,
    name: unknownName,
    description: recorded
      ? `Too little is known to say: ${missing}.`
      : 'The shop’s data do not tell: too few customers have what this takes.',
    memberCount: 0,
    share: 0,
    center: {},
  }
}
