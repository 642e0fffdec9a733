import type { AxisModel } from './model.ts'

/** Customers of the combinations `codes`, named by `labels`: the segments that `core` of the `size` have. */
export type Group = { labels: readonly number[]; core: number; size: number; codes: readonly number[] }

/** How far "unknown" is from any segment: about as far as two segments are from each other. */
const unknownGap = 2

/**
 * The smallest first, each group that holds less than `least` asks of it goes to the nearest; a merged group
 * keeps the name of an archetype that was there before, else that of its largest part.
 */
export function mergeSmall(
  groups: readonly Group[],
  axes: readonly AxisModel[],
  least: (labels: readonly number[]) => number,
  wasThere: (labels: readonly number[]) => boolean,
): Group[] {
  const left = [...groups].sort((a, b) => b.size - a.size || (a.labels.join() < b.labels.join() ? -1 : 1))
  const weight = ({ labels, core }: Group) => core + (wasThere(labels) ? Number.MAX_SAFE_INTEGER / 2 : 0)
  while (left.length > 1) {
    const at = left.findLastIndex(({ labels, size }) => size < least(labels))
    if (at < 0) break
    const small = left.splice(at, 1)[0]!
    const nearest = left.reduce((best, one) => (gap(axes, small, one) < gap(axes, small, best) ? one : best))
    const { labels, core } = weight(small) > weight(nearest) ? small : nearest
    const codes = [...nearest.codes, ...small.codes]
    left[left.indexOf(nearest)] = { labels, core, codes, size: nearest.size + small.size }
    left.sort((a, b) => b.size - a.size)
  }
  return left
}

const gap = (axes: readonly AxisModel[], a: Group, b: Group): number =>
  axes.reduce((sum, axis, j) => sum + gapOn(axis, a.labels[j]!, b.labels[j]!), 0)

/** Between two segments of an axis: the distance of their centers per feature. */
function gapOn({ centers, segments, yardstick }: AxisModel, a: number, b: number): number {
  if (a === b) return 0
  if (a === segments.length || b === segments.length) return unknownGap
  const d = yardstick.shift.length
  let sum = 0
  for (let j = 0; j < d; j++) sum += (centers[a * d + j]! - centers[b * d + j]!) ** 2
  return Math.sqrt(sum / d)
}
