/** What is known of customers, of whom a random share is kept so that the whole never outgrows its bound. */
export type CustomerSample<T> = { add(customerId: string, value: T): void; values(): T[] }

/**
 * Keeps at most `bound` of what `sizeOf` measures, by halving the share of customers. Whom it keeps is decided by the id
 * alone: the same customers in any order give the same sample, in the same order.
 */
export function createSample<T>(bound: number, sizeOf: (value: T) => number): CustomerSample<T> {
  let limit = 2 ** 32
  let size = 0
  let kept: { hash: number; id: string; value: T }[] = []
  return {
    add(id, value) {
      const hash = hashOf(id)
      if (hash >= limit) return
      kept.push({ hash, id, value })
      size += sizeOf(value)
      while (size > bound && limit > 1) {
        limit /= 2
        kept = kept.filter((customer) => customer.hash < limit)
        size = kept.reduce((sum, customer) => sum + sizeOf(customer.value), 0)
      }
    },
    values: () => kept.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ value }) => value),
  }
}

/** FNV-1a with a final mix: 32 evenly spread bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
