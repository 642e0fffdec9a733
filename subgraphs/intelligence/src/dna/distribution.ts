import type { BehaviorAxis, Segment, SegmentationModel } from './model.ts'

export type SegmentShare = { segment: Segment; count: number; share: number }

/**
 * How many customers are in each segment of an axis, "not enough data" last; segments without anyone are in it with 0.
 * @param segmentIds the dominant segment of each customer; ids of no segment of this model are left out
 */
export function segmentDistribution(
  { axes }: SegmentationModel,
  axis: BehaviorAxis,
  segmentIds: Iterable<string>,
): SegmentShare[] {
  const own = axes.filter((one) => one.axis === axis).flatMap(({ segments, unknown }) => [...segments, unknown])
  const counts = new Map(own.map(({ id }) => [id, 0]))
  let total = 0
  for (const id of segmentIds) {
    const count = counts.get(id)
    if (count === undefined) continue
    counts.set(id, count + 1)
    total++
  }
  return own.map((segment) => {
    const count = counts.get(segment.id) ?? 0
    return { segment, count, share: total === 0 ? 0 : count / total }
  })
}
