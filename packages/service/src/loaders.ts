import DataLoader from 'dataloader'

/** Rows in the order of their keys, null where there is none: what a DataLoader's batch function returns. */
export function byKey<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): (Row | null)[] {
  const found = new Map(rows.map((row) => [keyOf(row), row]))
  return keys.map((key) => found.get(key) ?? null)
}

/** For each key the rows that have it, in the order of the rows. */
export function groupBy<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): Row[][] {
  const groups = new Map<Key, Row[]>(keys.map((key) => [key, []]))
  for (const row of rows) groups.get(keyOf(row))?.push(row)
  return keys.map((key) => groups.get(key) ?? [])
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** Whether it is a UUID. An id that is none belongs to nothing; the database would refuse a whole batch for it. */
export const isUuid = (id: string): boolean => uuid.test(id)

/** Loaders of first pages: one for each page size, since only pages of one size are loaded together. */
export function bySize<Row>(load: (keys: readonly string[], size: number) => Promise<Row[][]>) {
  const loaders = new Map<number, DataLoader<string, Row[]>>()
  return (size: number): DataLoader<string, Row[]> => {
    const known = loaders.get(size)
    if (known) return known
    const loader = new DataLoader((keys: readonly string[]) => load(keys, size))
    loaders.set(size, loader)
    return loader
  }
}
