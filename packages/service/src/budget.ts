import type { Clock } from './clock.ts'
import { createLru } from './lru.ts'

/** A bucket: `capacity` points when full, filling by `perMinute`. */
export type BudgetLimit = { capacity: number; perMinute: number }

/** Whose bucket. Keys of accounts that pay together share a `{hash tag}`, so that one Redis node holds them. */
export type Account = {
  key: string
  limit: BudgetLimit
  /** Taken from this one whatever is taken from the others, such as 1 of a bucket of requests. */
  points?: number
}

export type Verdict = {
  allowed: boolean
  /** Until the points will be there; 0 where they were. */
  retryAfterMs: number
  /** What each account has now, in their order; fractions count. */
  remaining: readonly number[]
}

/** Points that are spent and come back with time. */
export type Budget = {
  /** Takes the points from all of the accounts, or from none. What one bucket cannot hold takes a full one. */
  take(accounts: readonly Account[], points: number): Promise<Verdict>
  /** Gives points back that were taken and not used. Returns what each account has now. */
  give(accounts: readonly Account[], points: number): Promise<readonly number[]>
  /** The same, for who need not know what each has now: before this process takes from them again, and soon in any case. */
  giveLater(accounts: readonly Account[], points: number): void
}

type Bucket = { points: number; at: number }

/** What is in a bucket at a time; a full one where it is not known. */
export function filled(bucket: Bucket | undefined, { capacity, perMinute }: BudgetLimit, now: number): number {
  if (!bucket) return capacity
  return Math.min(capacity, bucket.points + (Math.max(0, now - bucket.at) * perMinute) / 60_000)
}

/** What happens to several buckets when points are taken from all, or, where they are negative, given back. Pure. */
export function charge(buckets: readonly { points: number; limit: BudgetLimit; wanted: number }[]): Verdict {
  const waits = buckets.map(({ points, limit, wanted }) => {
    const missing = Math.min(wanted, limit.capacity) - points
    return missing <= 0 ? 0 : Math.ceil((missing * 60_000) / limit.perMinute)
  })
  const retryAfterMs = Math.max(0, ...waits)
  if (retryAfterMs > 0) return { allowed: false, retryAfterMs, remaining: buckets.map(({ points }) => points) }
  const remaining = buckets.map(({ points, limit, wanted }) => Math.min(limit.capacity, Math.max(0, points - wanted)))
  return { allowed: true, retryAfterMs: 0, remaining }
}

/** Kept in this process, for as many accounts as it is told: the one that spent longest ago starts afresh. */
export function memoryBudget({ clock, accounts: max = 50_000 }: { clock: Clock; accounts?: number }): Budget {
  const buckets = createLru<string, Bucket>(max)
  function settle(accounts: readonly Account[], points: number): Verdict {
    const now = clock.now().getTime()
    const found = accounts.map(({ key, limit, points: wanted = points }) => ({
      points: filled(buckets.get(key), limit, now),
      limit,
      wanted,
    }))
    const verdict = charge(found)
    accounts.forEach(({ key }, index) => buckets.set(key, { points: verdict.remaining[index] ?? 0, at: now }))
    return verdict
  }
  return {
    take: async (accounts, points) => settle(accounts, points),
    give: async (accounts, points) => settle(accounts, -points).remaining,
    giveLater: (accounts, points) => void settle(accounts, -points),
  }
}
