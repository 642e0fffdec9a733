import { createLru } from '@quimbi/service/lru.ts'

type Options<T> = {
  /** Entries kept, those used longest ago go first. */
  max: number
  ttlMs: number
  /** Whether it took long enough to make; all is kept by default. */
  isKept?: (value: T) => boolean
}

type Entry<T> = { value: Promise<T>; until: number }

/** Keeps for a while what takes a while to make: who asks at the same time waits for the same. A failure is not kept. */
export function createMemory<T>({ max, ttlMs, isKept = () => true }: Options<T>) {
  const entries = createLru<string, Entry<T>>(max)
  return async (key: string, now: Date, make: () => Promise<T>): Promise<T> => {
    const known = entries.get(key)
    const left = (known?.until ?? -Infinity) - now.getTime()
    // More than there ever was: the clock was set back.
    if (known && left > 0 && left <= ttlMs) return known.value
    const entry: Entry<T> = { value: make(), until: now.getTime() + ttlMs }
    entries.set(key, entry)
    const forget = () => void (entries.get(key) === entry && entries.delete(key))
    try {
      const value = await entry.value
      if (!isKept(value)) forget()
      return value
    } catch (error) {
      forget()
      throw error
    }
  }
}
