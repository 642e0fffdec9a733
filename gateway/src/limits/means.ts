import { systemClock } from '@quimbi/service/clock.ts'
import type { Stoppable } from '@quimbi/service/lifecycle.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis } from '@quimbi/service/redis.ts'
import type { Console } from '../console/folder.ts'
import type { LimitsConfig } from './config.ts'
import { limitsOf, type Limits } from './limits.ts'

/** The limits of a gateway that is a process of its own, with what they are kept in. */
export function openLimits(
  config: LimitsConfig & { REDIS_URL?: string | undefined; CONSOLE_DIR?: Console | null | undefined },
  log: Logger,
): { limits: Limits; stoppables: Stoppable[] } {
  const redis = config.REDIS_URL === undefined ? undefined : connectRedis(config.REDIS_URL, log)
  const stoppables = redis ? [{ name: 'limits', stop: () => closeRedis(redis) }] : []
  return { limits: limitsOf(config, { redis, clock: systemClock }), stoppables }
}
