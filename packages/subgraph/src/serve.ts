import { createMemoryBus, createRedisBus } from '@quimbi/events/bus.ts'
import { feedDoor, httpSource } from '@quimbi/events/feed-http.ts'
import { createServiceClient, type ServiceClient } from '@quimbi/service/client.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { metricsAccess, type commonEnvironment } from '@quimbi/service/config.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { memoryNonces, redisNonces } from '@quimbi/service/nonces.ts'
import { closeRedis, connectRedis, type RedisClient } from '@quimbi/service/redis.ts'
import { createSignatureVerifier, createSigner } from '@quimbi/service/signing.ts'
import type { Running } from '@quimbi/service/start.ts'
import { telemetryOf } from '@quimbi/service/telemetry.ts'
import { createTokenVerifier } from '@quimbi/service/tokens.ts'
import type { Database, DatabaseOptions } from '@quimbi/database/open.ts'
import type { z } from 'zod'
import { mountPartner, type Module, type Surroundings } from './module.ts'

type Options<Db, C extends object> = {
  name: 'support' | 'intelligence'
  peerName: 'support' | 'intelligence'
  config: z.output<typeof commonEnvironment>
  databaseUrl: string
  databasePool: number
  peerUrl: string
  open(options: DatabaseOptions): Promise<Db>
  create(surroundings: Surroundings<Db> & { redis: RedisClient | undefined; client: ServiceClient }): Promise<Module<C>>
}

/** A subgraph as a process of its own: HTTP with signatures, health and limits, around its module. */
export async function serveSubgraph<Db extends Pick<Database<unknown, never>, 'ping' | 'close'>, C extends object>(
  options: Options<Db, C>,
): Promise<Running> {
  const { name, peerName, config, databaseUrl } = options
  const clock = systemClock
  const log = createLogger({ service: name, level: config.LOG_LEVEL })
  const metrics = createMetrics(name)
  const telemetry = telemetryOf(name, config)
  const redis = config.REDIS_URL === undefined ? undefined : connectRedis(config.REDIS_URL, log)
  const bus = config.REDIS_URL === undefined ? createMemoryBus(log) : createRedisBus({ url: config.REDIS_URL, log })
  const database = await options.open({
    url: databaseUrl,
    max: options.databasePool,
    applicationName: `quimbi-${name}`,
    onStatement: metrics.countStatement,
    onError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  })
  const client = createServiceClient({
    baseUrl: options.peerUrl,
    signer: createSigner(config.SERVICE_KEYS, name),
    timeoutMs: 10_000,
  })
  const module = await options.create({
    database,
    databaseUrl,
    peer: httpSource(client),
    bus,
    log,
    metrics,
    clock,
    verifier: createTokenVerifier(config.AGENT_TOKEN_PUBLIC_KEYS),
    introspection: config.NODE_ENV !== 'production',
    redis,
    client,
  })
  const nonces = redis ? redisNonces({ redis, log, clock }) : memoryNonces({ clock })
  const http = createHttp({
    service: name,
    log,
    metrics,
    metricsToken: metricsAccess(config),
    signatures: createSignatureVerifier({ keys: config.SERVICE_KEYS, nonces, clock }),
    readiness: async () => ({
      database: await database.ping().then(
        () => true,
        () => false,
      ),
    }),
  })
  await http.app.register(module.subgraph.routes)
  if (module.subgraph.live) http.upgrade('/graphql', module.subgraph.live.sockets)
  if (module.routes) await http.app.register(module.routes)
  if (module.partner) await mountPartner(http, module.partner)
  await http.app.register(feedDoor({ source: module.feed, verify: ({ caller }) => caller, readers: [peerName] }))
  await module.start()
  const { url } = await http.listen(config.PORT, config.HOST)
  return {
    url,
    log,
    stoppables: [
      { name: 'http', stop: () => http.drain() },
      { name, stop: () => module.stop() },
      { name: 'client', stop: () => client.close() },
      { name: 'bus', stop: () => bus.close() },
      { name: 'redis', stop: () => redis && closeRedis(redis) },
      { name: 'database', stop: () => database.close() },
      { name: 'telemetry', stop: () => telemetry?.stop() },
    ],
  }
}
