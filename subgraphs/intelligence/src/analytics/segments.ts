import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { segmentDistribution, type SegmentShare } from '../dna/distribution.ts'
import { behaviorAxes, type BehaviorAxis, type Segment, type SegmentationModel } from '../dna/model.ts'
import { requireScope } from '../keys/service.ts'
import { modelsOf } from '../models/registry.ts'
import { countsBefore } from './past.ts'

// Dominant segments are kept in the order of the axes.
const countSegments = `
  SELECT s.id, count(*)::int AS count FROM customer_insight i CROSS JOIN LATERAL unnest(i.segment_ids[$2::int:$3::int]) AS s (id)
  WHERE i.tenant_id = $1::uuid AND i.status = 'READY' GROUP BY s.id`

/** Customers by dominant segment, now: of one axis, or of all. */
async function countsNow(db: Db, tenantId: string, axis: BehaviorAxis | null): Promise<Map<string, number>> {
  const place = axis === null ? null : behaviorAxes.indexOf(axis) + 1
  const bounds = [place ?? 1, place ?? behaviorAxes.length]
  const rows = await db.$queryRawUnsafe<{ id: string; count: number }[]>(countSegments, tenantId, ...bounds)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

/** The segments of one axis, or of all, with how many are in each now. One statement besides the models'. */
export async function listSegments(db: Db, viewer: Viewer, axis: BehaviorAxis | null): Promise<Segment[]> {
  requireScope(viewer, 'insight:read')
  const { bundle } = await modelsOf(db, viewer.tenantId)
  const counts = await countsNow(db, viewer.tenantId, axis)
  return behaviorAxes
    .filter((one) => axis === null || one === axis)
    .flatMap((one) => sharesOf(bundle.segmentation, one, counts).map(({ segment }) => segment))
}

type Distribution = { axis: BehaviorAxis; at: Date | null }

/**
 * How customers are spread over an axis, now or at an earlier instant.
 * @throws UserErrors INVALID for an instant in the future
 */
export async function distributionOf(
  db: Db,
  viewer: Viewer,
  { axis, at }: Distribution,
  now: Date,
): Promise<SegmentShare[]> {
  requireScope(viewer, 'insight:read')
  const { tenantId } = viewer
  if (at && !(at <= now)) refuse('INVALID', 'This lies in the future.', ['at'])
  const { bundle } = await modelsOf(db, tenantId)
  const isNow = at === null || at.getTime() === now.getTime()
  const counts = isNow ? await countsNow(db, tenantId, axis) : await countsBefore(db, tenantId, { bundle, axis, at })
  return sharesOf(bundle.segmentation, axis, counts)
}

/** Each segment tells the counts that it stands beside, not those of the training. */
const sharesOf = (model: SegmentationModel, axis: BehaviorAxis, counts: ReadonlyMap<string, number>): SegmentShare[] =>
  segmentDistribution(model, axis, counts).map(({ segment, count, share }) => ({
    segment: { ...segment, memberCount: count, share },
    count,
    share,
  }))
