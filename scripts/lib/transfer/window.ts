import { hash } from 'node:crypto'

/** Remembers keys by 52 bits of their hash: a number each, however long they are. Of a million, one in ten thousand times two meet. */
export function createSeen(): { add(key: string): boolean; has(key: string): boolean } {
  const seen = new Set<number>()
  const digest = (key: string) => Number(hash('sha1', key, 'buffer').readBigUInt64BE() >> 12n)
  return {
    has: (key) => seen.has(digest(key)),
    /** false if it was there already */
    add(key) {
      const { size } = seen
      return seen.add(digest(key)).size > size
    },
  }
}

/** Groups that are being put together, the `size` last touched ones. */
export type Window<T> = {
  /** the group of a key, made when it is new; null when it was given out before */
  open(key: string, create: () => T): T | null
  /** gives out all */
  end(): void
}

/** Puts together what lies near each other in a stream: a group is given out when `size` others were touched after it. */
export function createWindow<T>(size: number, giveOut: (group: T) => void): Window<T> {
  const groups = new Map<string, T>()
  const gone = createSeen()
  let last: { key: string; group: T } | null = null
  const close = (key: string, group: T) => {
    groups.delete(key)
    gone.add(key)
    giveOut(group)
  }
  return {
    open(key, create) {
      if (last?.key === key) return last.group
      let group = groups.get(key)
      if (group === undefined) {
        if (gone.has(key)) return null
        group = create()
      }
      groups.delete(key) // to its end: a Map keeps the order of insertion
      groups.set(key, group)
      last = { key, group }
      if (groups.size > size) for (const oldest of groups) return (close(...oldest), group)
      return group
    },
    end() {
      for (const entry of [...groups]) close(...entry)
      last = null
    },
  }
}
