import type { Item } from './parser.ts'

/** Most things, and most records, in one batch. */
export type BatchLimits = { items: number; rows: number }

/** Collects items into batches of things that belong together (`keyOf`); `take` gives out the full ones, at the end all. */
export function createBatcher<T>(limits: BatchLimits, keyOf: (value: T) => string) {
  const full: Item<T>[][] = []
  let pending: Item<T>[] = []
  let rows = 0
  const close = () => {
    full.push(...Map.groupBy(pending, ({ value }) => keyOf(value)).values())
    pending = []
    rows = 0
  }
  return {
    add(item: Item<T>): void {
      if (pending.length > 0 && rows + item.rows.length > limits.rows) close()
      pending.push(item)
      rows += item.rows.length
      if (pending.length >= limits.items || rows >= limits.rows) close()
    },
    take(isEnd: boolean): Item<T>[][] {
      if (isEnd && pending.length > 0) close()
      return full.splice(0)
    },
  }
}
