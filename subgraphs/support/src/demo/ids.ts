import { hash } from 'node:crypto'

/** Ids that follow from a seed alone: UUIDv8 with a count where others have the time, so in the order in which they were given out. */
export function createIds(seed: number): () => string {
  let count = 0
  return () => {
    count += 1
    const digest = hash('sha1', `demo ${seed} ${count}`)
    const high = count.toString(16).padStart(12, '0')
    return `${high.slice(0, 8)}-${high.slice(8)}-8${digest.slice(0, 3)}-8${digest.slice(3, 6)}-${digest.slice(6, 18)}`
  }
}
