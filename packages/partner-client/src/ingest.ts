import type { IntakeFragment } from '../generated/operations.ts'
import { chunksOf, type Items } from './chunks.ts'

/** What the door takes in one request: a thousand items, and less than its 1 MiB. */
export const mostAtOnce = { items: 1_000, bytes: 900_000 }

/**
 * Takes items in chunk by chunk, one after the other: a later version of an item comes after the earlier one. Paths of refusals count over all
 * that was given, as if it had been one call.
 */
export async function ingestAll<T>(
  items: Items<T>,
  take: (chunk: T[]) => Promise<IntakeFragment>,
): Promise<IntakeFragment> {
  const all: IntakeFragment = { accepted: 0, updated: 0, duplicates: 0, userErrors: [] }
  let before = 0
  for await (const chunk of chunksOf(items, mostAtOnce)) {
    const { accepted, updated, duplicates, userErrors } = await take(chunk)
    all.accepted += accepted
    all.updated += updated
    all.duplicates += duplicates
    for (const error of userErrors) all.userErrors.push({ ...error, path: moved(error.path, before) })
    before += chunk.length
  }
  return all
}

/** `["input", "orders", "3", …]` of a chunk, as it is over all. */
function moved(path: readonly string[] | null, by: number): string[] | null {
  if (!path) return null
  return path.map((part, index) => (index === 2 && /^\d+$/.test(part) ? String(Number(part) + by) : part))
}
