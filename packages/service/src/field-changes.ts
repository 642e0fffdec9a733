/** What a field was and is; null where there was or is nothing. */
export type FieldChange = { field: string; from: unknown; to: unknown }

/** What of two records differs, in the order of `fields`; a record that is new, or no more, is empty. */
export function differences<T extends object>(
  before: Partial<T>,
  after: Partial<T>,
  fields: readonly (keyof T & string)[],
): FieldChange[] {
  return fields
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to))
}
