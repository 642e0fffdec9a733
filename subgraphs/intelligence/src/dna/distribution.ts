import type { BehaviorAxis, Segment, SegmentationModel } from './model.ts'

export type SegmentShare = { segment: Segment; count: number; share: number }

/**
 * How many customers are in each segment of an axis, "not enough data" last; segments without anyone are in it with 0.
 * @param counts customers by the id of their dominant segment; ids of no segment of this axis are left out
 */
export function segmentDistribution(
  { axes }: SegmentationModel,
  axis: BehaviorAxis,
  counts: ReadonlyMap<string, number>,
): SegmentShare[] {
  const own = axes.filter((one) => one.axis === axis).flatMap(({ segments, unknown }) => [...segments, unknown])
  const total = own.reduce((sum, { id }) => sum + (counts.get(id) ?? 0), 0)
  return own.map((segment) => {
    const count = counts.get(segment.id) ?? 0
    return { segment, count, share: total === 0 ? 0 : count / total }
  })
}
