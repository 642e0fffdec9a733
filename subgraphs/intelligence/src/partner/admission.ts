import type { Account, Verdict } from '@quimbi/service/budget.ts'
import type { Purse } from '@quimbi/service/cost/cost-plugin.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { createLru } from '@quimbi/service/lru.ts'
import { throttled } from '@quimbi/service/throttled.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import { accountsOf, type PartnerLimits } from './limits.ts'
import type { PartnerMetrics } from './metrics.ts'

/** Requests a minute, how many are left, and the second since 1970 at which all are there again. */
export type RateLimitHeaders = Readonly<Record<`x-ratelimit-${'limit' | 'remaining' | 'reset'}`, string>>

/** What the key of one request may still ask. `take`: one of its requests and so many points, both or neither; throws THROTTLED for want of requests. */
export type Admission = Purse & {
  /** Points alone, for what comes after the request itself. */
  pay(points: number): Promise<Pick<Verdict, 'allowed' | 'retryAfterMs'>>
  /** Counts a request that never came to be priced; one that did is counted. */
  count(): Promise<void>
  headers(): RateLimitHeaders
  rateLimit(): { limit: number; remaining: number; resetAt: Date; maximumQueryCost: number }
}

export type Gate = {
  /** `tell` hears the headers where the answer is a refusal. Throws THROTTLED. */
  admit(viewer: PartnerViewer, now: Date, tell?: (headers: RateLimitHeaders) => void): Admission
}

const remembered = 10_000

/**
 * A request is counted when its price is known, together with its points: one question to where the buckets are kept. A key whose requests
 * are spent is refused without a question, and before a document is read, until one is there again.
 */
export function createGate(limits: PartnerLimits, metrics: PartnerMetrics): Gate {
  const shutUntil = createLru<string, number>(remembered)
  const { budget, maxCost } = limits

  function refused(retryAfterMs: number) {
    metrics.refused('rate')
    return throttled('RATE_LIMIT', retryAfterMs)
  }

  function admission({ keyId, ...viewer }: PartnerViewer, now: Date, spent: boolean): Admission {
    const { requests, points } = accountsOf({ keyId, ...viewer }, limits)
    const left = { requests: spent ? 0 : requests.limit.capacity, points: points.limit.capacity }
    let isCounted = false

    async function ask(accounts: readonly [Account, Account], wanted: number): Promise<Verdict> {
      const verdict = await budget.take(accounts, wanted)
      const [requestsLeft = 0, pointsLeft = 0] = verdict.remaining
      Object.assign(left, { requests: Math.floor(requestsLeft), points: pointsLeft })
      isCounted = true
      // Whoever else takes from it, there is no whole request before then.
      const waitMs = ((1 - requestsLeft) * 60_000) / requests.limit.perMinute
      if (waitMs > 0) shutUntil.set(keyId, now.getTime() + Math.ceil(waitMs))
      return verdict
    }

    const resetAt = () => {
      const { capacity, perMinute } = requests.limit
      return new Date(now.getTime() + Math.ceil(((capacity - left.requests) * 60_000) / perMinute))
    }
    return {
      limit: points.limit,
      async take(wanted) {
        const verdict = await ask([requests, points], wanted)
        if (!verdict.allowed && left.requests < 1) throw refused(verdict.retryAfterMs)
        return verdict
      },
      async give(unused) {
        // What it comes to is known.
        if (unused > 0) budget.giveLater([points], unused)
        return (left.points = Math.min(points.limit.capacity, left.points + unused))
      },
      pay: (wanted) => budget.take([points], wanted),
      async count() {
        if (!isCounted) await ask([requests, points], 1)
      },
      headers: () => ({
        'x-ratelimit-limit': String(requests.limit.capacity),
        'x-ratelimit-remaining': String(left.requests),
        'x-ratelimit-reset': String(Math.ceil(resetAt().getTime() / 1_000)),
      }),
      rateLimit: () => ({
        limit: requests.limit.capacity,
        remaining: left.requests,
        resetAt: resetAt(),
        maximumQueryCost: maxCost,
      }),
    }
  }

  return {
    admit(viewer, now, tell = () => {}) {
      const shutMs = (shutUntil.get(viewer.keyId) ?? 0) - now.getTime()
      const admitted = admission(viewer, now, shutMs > 0)
      if (shutMs <= 0) return admitted
      tell(admitted.headers())
      throw refused(shutMs)
    },
  }
}

/** What `rateLimit` answers. */
export function rateLimitOf(admitted: Admission | undefined) {
  if (!admitted) throw codedError('FORBIDDEN', 'Only API keys have limits.')
  return admitted.rateLimit()
}
