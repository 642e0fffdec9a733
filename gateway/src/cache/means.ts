import { createRedisBus } from '@quimbi/events/bus.ts'
import type { Stoppable } from '@quimbi/service/lifecycle.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { closeRedis, connectRedis } from '@quimbi/service/redis.ts'
import type { Config } from '../config.ts'
import type { CacheMeans } from './entity-cache.ts'

type Means = { cache: CacheMeans | undefined; stoppables: Stoppable[] }

/** What a gateway in a process of its own keeps insight with: nothing without Redis, since it would not hear what Intelligence writes. */
export function openCacheMeans({ REDIS_URL: url, ENTITY_CACHE }: Config, log: Logger): Means {
  const mode = ENTITY_CACHE ?? 'redis'
  if (url === undefined || mode === 'off') return { cache: undefined, stoppables: [] }
  const bus = createRedisBus({ url, log })
  const redis = mode === 'redis' ? connectRedis(url, log) : undefined
  return {
    cache: { bus, redis },
    stoppables: [
      { name: 'cache bus', stop: () => bus.close() },
      { name: 'cache', stop: () => redis && closeRedis(redis) },
    ],
  }
}
