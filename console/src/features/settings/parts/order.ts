type Placed = { id: string; order: number }

/** Steps between neighbours, so that one can be put between two without moving others. */
const step = 10

/**
 * What must be saved so that the one at `index` changes places with its neighbour (`by` −1: up, 1: down). `items` are in their order.
 * Two orders are swapped; where that would not move it, as among equals, all get new ones.
 */
export function moved(items: readonly Placed[], index: number, by: -1 | 1): Placed[] {
  const [one, other] = [items[index], items[index + by]]
  if (!one || !other) return []
  const isStrict = items.every(({ order }, at) => at === 0 || order > (items[at - 1]?.order ?? 0))
  if (isStrict)
    return [
      { id: one.id, order: other.order },
      { id: other.id, order: one.order },
    ]
  const wanted = items.map(({ id }, at) => (at === index ? other.id : at === index + by ? one.id : id))
  const before = new Map(items.map(({ id, order }) => [id, order]))
  return wanted.map((id, at) => ({ id, order: (at + 1) * step })).filter(({ id, order }) => before.get(id) !== order)
}

/** The order of one that comes after all others. */
export const orderAfter = (items: readonly { order: number }[]): number =>
  items.reduce((most, { order }) => Math.max(most, order), 0) + step
