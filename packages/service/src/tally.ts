/** How many of something each key holds. */
export type Tally = {
  /** One more, unless the key holds `limit` already: then null. Returns what takes it back, and tells how many are left. */
  enter(key: string, limit?: number): (() => number) | null
}

export function createTally(): Tally {
  const counts = new Map<string, number>()
  return {
    enter(key, limit = Infinity) {
      const count = counts.get(key) ?? 0
      if (count >= limit) return null
      counts.set(key, count + 1)
      return () => {
        const left = (counts.get(key) ?? 1) - 1
        if (left > 0) counts.set(key, left)
        else counts.delete(key)
        return left
      }
    },
  }
}
