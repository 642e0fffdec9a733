import type { Item } from './parser.ts'

/** Most things, and most records, in one batch; `weight`: the most that they weigh together, such as characters. */
export type BatchLimits = { items: number; rows: number; weight?: number }

/** How a batch is put together: of things with one key, each with its weight. */
export type Batching<T> = { keyOf?(value: T): string; weightOf?(value: T): number }

/** Collects items into batches of things that belong together; `take` gives out the full ones, at the end all. */
export function createBatcher<T>(limits: BatchLimits, { keyOf = () => '', weightOf = () => 0 }: Batching<T>) {
  const { weight: most = Number.POSITIVE_INFINITY } = limits
  const full: Item<T>[][] = []
  let pending: Item<T>[] = []
  let rows = 0
  let weight = 0
  const close = () => {
    full.push(...Map.groupBy(pending, ({ value }) => keyOf(value)).values())
    pending = []
    rows = 0
    weight = 0
  }
  return {
    add(item: Item<T>): void {
      if (pending.length > 0 && rows + item.rows.length > limits.rows) close()
      pending.push(item)
      rows += item.rows.length
      weight += weightOf(item.value)
      if (pending.length >= limits.items || rows >= limits.rows || weight >= most) close()
    },
    take(isEnd: boolean): Item<T>[][] {
      if (isEnd && pending.length > 0) close()
      return full.splice(0)
    },
  }
}
