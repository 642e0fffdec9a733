import type { Clock } from './clock.ts'

/** `extensions.cost` of an answer. Points come back at `restoreRate` a second. */
export type Cost = {
  requestedQueryCost?: number
  actualQueryCost?: number
  throttleStatus?: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number }
}

/** What an answer told of the key's limits. */
export type Told = { cost?: Cost | undefined; limit?: number | undefined; remaining?: number | undefined }

/** A bucket that fills by itself. */
type Bucket = { level: number; capacity: number; perMs: number; at: number }

const fullest = 1_000

/**
 * Keeps a key within its limits, so that nothing is sent that would be refused: a document whose cost is known waits until the points for it
 * are there, any request until the key has one left. Requests that are under way count as spent.
 */
export function createPace(clock: Pick<Clock, 'now'>) {
  const costs = new Map<string, number>()
  let [points, requests]: (Bucket | undefined)[] = []
  let [blockedUntil, flyingPoints, flying] = [0, 0, 0]

  const fill = (bucket: Bucket): Bucket => {
    const at = clock.now()
    const level = Math.min(bucket.capacity, bucket.level + bucket.perMs * (at - bucket.at))
    return Object.assign(bucket, { level, at })
  }
  /** A cost above the capacity waits for a full bucket: whether it is ever taken is the server's to say. */
  const waitFor = (bucket: Bucket | undefined, cost: number): number => {
    if (!bucket) return 0
    const missing = Math.min(cost, bucket.capacity) - fill(bucket).level
    if (missing <= 0) return 0
    return bucket.perMs > 0 ? Math.ceil(missing / bucket.perMs) : 60_000
  }
  const spend = (bucket: Bucket | undefined, cost: number) => void (bucket && (fill(bucket).level -= cost))
  const costOf = (document: string) => costs.get(document) ?? 1

  return {
    /** Milliseconds to wait before the document may be sent. */
    waitMs: (document: string): number =>
      Math.max(blockedUntil - clock.now(), waitFor(points, costOf(document)), waitFor(requests, 1), 0),
    /** A request is sent; returns what to call when it is over. */
    send(document: string): (told: Told) => void {
      const reserved = costOf(document)
      flying += 1
      flyingPoints += reserved
      spend(points, reserved)
      spend(requests, 1)
      // What is told may or may not count what is still under way: it is counted, twice at worst.
      return ({ cost, limit, remaining }) => {
        flying -= 1
        flyingPoints -= reserved
        const at = clock.now()
        if (limit !== undefined && remaining !== undefined)
          requests = { level: remaining - flying, capacity: limit, perMs: limit / 60_000, at }
        if (cost?.requestedQueryCost !== undefined) {
          if (costs.size >= fullest) costs.clear()
          costs.set(document, cost.requestedQueryCost)
        }
        const { maximumAvailable: capacity = 0, currentlyAvailable = 0, restoreRate = 0 } = cost?.throttleStatus ?? {}
        if (capacity > 0)
          points = { level: currentlyAvailable - flyingPoints, capacity, perMs: restoreRate / 1_000, at }
      }
    },
    /** Nothing is sent for so long: the server said so. */
    block: (milliseconds: number): void => void (blockedUntil = Math.max(blockedUntil, clock.now() + milliseconds)),
  }
}
