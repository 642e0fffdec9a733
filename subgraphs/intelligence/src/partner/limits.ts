import { redisBudget } from '@quimbi/service/budget-redis.ts'
import { memoryBudget, type Account, type Budget } from '@quimbi/service/budget.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import { z } from 'zod'

const points = z.coerce.number().int().min(1).max(1_000_000_000).describe('a number of cost points, at least 1')

/** What the partner door reads of its limits; `partnerLimits` knows what holds where they are unset. */
export const partnerEnvironment = {
  PARTNER_MAX_QUERY_COST: points.optional(),
  PARTNER_POINTS_PER_REQUEST: points.optional(),
}

export type PartnerConfig = z.output<z.ZodObject<typeof partnerEnvironment>>

/** What partners may ask. */
export type PartnerLimits = {
  /** points of one document */
  maxCost: number
  /** points a minute, for each request a minute that a key has */
  pointsPerRequest: number
  budget: Budget
}

/** Most of a request's body: a thousand customers with some dozen orders each. */
export const mostBodyMiB = 8

/** A customer's whole insight costs about thirty points, a thousand customers passed in about twenty thousand. */
export const usualPartnerPoints = { document: 50_000, perRequest: 100 }

/** Limits as they are configured; shared by all instances where there is Redis. */
export function partnerLimits(
  config: PartnerConfig,
  { redis, clock }: { redis?: RedisClient | undefined; clock: Clock },
): PartnerLimits {
  return {
    maxCost: config.PARTNER_MAX_QUERY_COST ?? usualPartnerPoints.document,
    pointsPerRequest: config.PARTNER_POINTS_PER_REQUEST ?? usualPartnerPoints.perRequest,
    budget: redis ? redisBudget({ redis, clock }) : memoryBudget({ clock }),
  }
}

/** The two buckets of a key: a minute's requests, and a minute's points, or what one document may cost if that is more. */
export function accountsOf(
  { tenantId, keyId, requestsPerMinute }: PartnerViewer,
  { maxCost, pointsPerRequest }: Pick<PartnerLimits, 'maxCost' | 'pointsPerRequest'>,
): { requests: Account; points: Account } {
  const key = `{partner:${tenantId}:${keyId}}`
  const perMinute = requestsPerMinute * pointsPerRequest
  return {
    // One, whatever the points are.
    requests: {
      key: `${key}:requests`,
      limit: { capacity: requestsPerMinute, perMinute: requestsPerMinute },
      points: 1,
    },
    points: { key: `${key}:points`, limit: { capacity: Math.max(perMinute, maxCost), perMinute } },
  }
}
