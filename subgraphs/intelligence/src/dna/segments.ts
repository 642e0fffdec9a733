import { codedError } from '@quimbi/service/errors.ts'
import { features } from '../features/catalogue.ts'
import { requireFinite, takeRows, type Matrix } from '../learning/matrix.ts'
import { growTree } from './archetypes.ts'
import { axisDefinitions, axesVersion } from './axes.ts'
import { findCenters } from './clusters.ts'
import { fitTemperature, locate } from './membership.ts'
import type { AxisModel, SegmentationModel, Yardstick } from './model.ts'
import { nameSegments, unknownSegment } from './naming.ts'
import type { Outcomes } from './telling-axes.ts'
import { fitYardstick, hasOrdered, isKnown, isRecorded, placeOn } from './yardstick.ts'

export type SegmentationOptions = {
  seed: number
  /** The tenant's model so far: segments that are still there keep their ids and names. One of other axes is ignored. */
  previous?: SegmentationModel
  /** What archetypes are told apart by, a number per row of the matrix; without it a fixed order of axes serves. */
  outcomes?: Outcomes
}

/** With fewer customers on an axis nothing is found but chance. */
const fewestOnAxis = 50
const rowsForTemperature = 2_000

/**
 * Segments on all axes and the archetypes above them. Customers without a purchase are left out. Deterministic for a seed.
 * @param m rows of the feature catalogue, one per customer
 * @throws GraphQLError BAD_USER_INPUT for rows of another width, numbers that are none, outcomes of another length;
 *   reason INSUFFICIENT_DATA where nobody has ordered
 */
export function trainSegmentation(m: Matrix, { seed, previous, outcomes }: SegmentationOptions): SegmentationModel {
  check(m, outcomes)
  const rows = orderingRows(m)
  if (rows.length === 0) throw codedError('BAD_USER_INPUT', 'Nobody has ordered yet.', { reason: 'INSUFFICIENT_DATA' })
  const some = rows.length < m.n
  const own = some ? takeRows(m, rows) : m
  const told = some && outcomes ? pickOutcomes(outcomes, rows) : outcomes
  const former = previous?.version === axesVersion ? previous : undefined
  const axes = axisDefinitions.map((_, axis) => trainAxis(axis, own, seed + axis, former?.axes[axis]))
  const labels = labelAll(axes, own)
  countMembers(axes, labels)
  return {
    version: axesVersion,
    trainedOn: own.n,
    seed,
    axes,
    tree: growTree(axes, labels, { ...(told && { outcomes: told }), ...(former && { previous: former.tree }) }),
  }
}

function check(m: Matrix, outcomes: Outcomes | undefined): void {
  if (m.d !== features.length)
    throw codedError('BAD_USER_INPUT', `Rows have ${m.d} numbers, not the catalogue's ${features.length}.`)
  requireFinite(m)
  for (const [name, values] of Object.entries(outcomes ?? {}))
    if (values.length !== m.n || !values.every(Number.isFinite))
      throw codedError('BAD_USER_INPUT', `${name} is not a number for each of the ${m.n} rows.`)
}

function orderingRows(m: Matrix): Uint32Array {
  const rows = new Uint32Array(m.n)
  let count = 0
  for (let i = 0; i < m.n; i++) if (hasOrdered(m.x, i * m.d)) rows[count++] = i
  return rows.subarray(0, count)
}

const pickOutcomes = ({ ltv, churn }: Outcomes, rows: Uint32Array): Outcomes => ({
  ltv: Float64Array.from(rows, (row) => ltv[row]!),
  churn: Float64Array.from(rows, (row) => churn[row]!),
})

function trainAxis(axis: number, m: Matrix, seed: number, previous: AxisModel | undefined): AxisModel {
  const known = isRecorded(axis, m) ? knownRows(axis, m) : m
  if (known.n < fewestOnAxis || !isRecorded(axis, m)) return silentAxis(axis, previous)
  const yardstick = fitYardstick(axis, known, previous?.yardstick)
  const points = place(axis, yardstick, known)
  const former = previous && { ...previous, centers: onYardstick(previous, yardstick) }
  const { fewest } = axisDefinitions[axis]!
  const centers = findCenters(points, { seed, fewest, ...(former && { former: former.centers }) })
  const sample = points.x.subarray(0, Math.min(points.n, rowsForTemperature) * points.d)
  return {
    axis: axisDefinitions[axis]!.axis,
    yardstick,
    centers,
    temperature: fitTemperature(sample, centers, points.d),
    ...nameSegments(axis, yardstick, centers, former),
    unknown: unknownSegment(axis, true),
  }
}

/** Nothing is said of anyone; numbers given out so far are not given again. */
function silentAxis(axis: number, previous: AxisModel | undefined): AxisModel {
  const { axis: name, features: own } = axisDefinitions[axis]!
  return {
    axis: name,
    yardstick: { shift: new Float64Array(own.length), scale: new Float64Array(own.length).fill(1) },
    centers: new Float64Array(0),
    temperature: 1,
    segments: [],
    unknown: unknownSegment(axis, false),
    lastSerial: previous?.lastSerial ?? 0,
  }
}

function knownRows(axis: number, m: Matrix): Matrix {
  const rows = new Uint32Array(m.n)
  let count = 0
  for (let i = 0; i < m.n; i++) if (isKnown(axis, m.x, i * m.d)) rows[count++] = i
  return count === m.n ? m : takeRows(m, rows.subarray(0, count))
}

function place(axis: number, yardstick: Yardstick, m: Matrix): Matrix {
  const d = yardstick.shift.length
  const x = new Float64Array(m.n * d)
  for (let i = 0; i < m.n; i++) placeOn(axis, yardstick, m.x, i * m.d, x, i * d)
  return { x, n: m.n, d }
}

/** A former axis' centers on the new yardstick. */
function onYardstick({ centers, yardstick: old }: AxisModel, { shift, scale }: Yardstick): Float64Array {
  const d = shift.length
  return centers.map((value, at) => {
    const j = at % d
    return (value * old.scale[j]! + old.shift[j]! - shift[j]!) / scale[j]!
  })
}

/** The dominant segment of each row on each axis: n × 14, `segments.length` for unknown. */
export function labelAll(axes: readonly AxisModel[], m: Matrix): Uint8Array {
  const labels = new Uint8Array(m.n * axes.length)
  const memberships = new Float64Array(8)
  for (let i = 0; i < m.n; i++)
    axes.forEach((axis, a) => {
      labels[i * axes.length + a] = locate(a, axis, m.x, i * m.d, memberships)
    })
  return labels
}

function countMembers(axes: readonly AxisModel[], labels: Uint8Array): void {
  const n = labels.length / axes.length
  axes.forEach(({ segments, unknown }, a) => {
    const all = [...segments, unknown]
    for (let i = 0; i < n; i++) all[labels[i * axes.length + a]!]!.memberCount++
    for (const segment of all) segment.share = segment.memberCount / n
  })
}
