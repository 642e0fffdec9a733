import { join } from 'node:path'
import { createMemoryBus, createRedisBus } from '@quimbi/events/bus.ts'
import type { cacheModes } from '@quimbi/gateway/config.ts'
import type { Console } from '@quimbi/gateway/console/folder.ts'
import { consoleRoutes } from '@quimbi/gateway/console/routes.ts'
import type { LimitsConfig } from '@quimbi/gateway/limits/config.ts'
import { limitsOf } from '@quimbi/gateway/limits/limits.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import type { ModelConfig } from '@quimbi/intelligence/assistant/model/settings.ts'
import type { PartnerConfig } from '@quimbi/intelligence/partner/limits.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { ConfigError, metricsAccess, readEnvironment, type commonEnvironment } from '@quimbi/service/config.ts'
import { createHttp } from '@quimbi/service/http.ts'
import type { Stoppable } from '@quimbi/service/lifecycle.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import { closeRedis, connectRedis } from '@quimbi/service/redis.ts'
import { telemetryOf } from '@quimbi/service/telemetry.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import { mountPartner } from '@quimbi/subgraph/module.ts'
import { settingsOf, supportSettings } from '@quimbi/support/config.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import type { SupportSettings } from '@quimbi/support/settings.ts'
import type { z } from 'zod'
import { migrateDatabases, openDatabases } from './databases.ts'
import { hasDemo, seedDemoWorld } from './demo.ts'
import { assertFree } from './ports.ts'
import { parseSecrets, readSecrets } from './secrets.ts'
import { createSupergraph } from './supergraph.ts'

type Config = Pick<z.output<typeof commonEnvironment>, 'HOST' | 'PORT' | 'REDIS_URL' | 'NODE_ENV'> &
  LimitsConfig &
  ModelConfig &
  PartnerConfig & {
    SEED_DEMO?: boolean | undefined
    CONSOLE_DIR?: Console | null | undefined
    CONSOLE_FILE_ORIGINS?: string[] | undefined
    ENTITY_CACHE?: (typeof cacheModes)[number] | undefined
    METRICS_TOKEN?: string | undefined
    OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
    OTEL_TRACES_SAMPLER_ARG?: number | undefined
  }

export type StandaloneOptions = {
  config: Config
  dataDir: string
  environment: NodeJS.ProcessEnv
  log: Logger
  onStep(step: string): void
}

/** The graph as one process that serves; `stoppables` in the order in which they stop. */
export type Standalone = { url: string; hasDemo: boolean; hasConsole: boolean; stoppables: Stoppable[] }

/** Starts everything: database, migrations, demo world, the three modules and the HTTP door. */
export async function startStandalone({
  config,
  dataDir,
  environment,
  log,
  onStep,
}: StandaloneOptions): Promise<Standalone> {
  // Before the long steps: a taken port is told at once, and leaves nothing behind.
  await assertFree(config.PORT, config.HOST)
  const secrets = parseSecrets(readSecrets(dataDir, environment))
  const stoppables: Stoppable[] = []
  const whenStopped = (name: string, stop: Stoppable['stop']) => void stoppables.unshift({ name, stop })
  try {
    const telemetry = telemetryOf('quimbi', config)
    whenStopped('telemetry', () => telemetry?.stop())
    onStep('database')
    const databases = await openDatabases({ dataDir, environment, onStep })
    whenStopped('database server', () => databases.stop())
    if (databases.embedded && !databases.owned) {
      throw new ConfigError(
        `The graph is already running on ${dataDir}. Stop it first, or set QUIMBI_DATA_DIR for a second one.`,
      )
    }
    onStep('migrations')
    await migrateDatabases(databases.urls, onStep)

    onStep('services')
    const clock = systemClock
    const metricsOf = createMetrics
    const open = { max: 10, onError: (error: Error) => log.warn({ err: error }, 'a database connection was lost') }
    const openOne = <T>(
      service: 'support' | 'intelligence',
      opener: (options: typeof open & { url: string; onStatement: () => void }) => Promise<T>,
    ) => opener({ ...open, url: databases.urls[service], onStatement: metricsOf(service).countStatement })
    const support = await openOne('support', openSupportDatabase)
    whenStopped('support database', () => support.close())
    const intelligence = await openOne('intelligence', openIntelligenceDatabase)
    whenStopped('intelligence database', () => intelligence.close())
    const redis = config.REDIS_URL === undefined ? undefined : connectRedis(config.REDIS_URL, log)
    if (redis) whenStopped('redis', () => closeRedis(redis))
    const bus = config.REDIS_URL === undefined ? createMemoryBus(log) : createRedisBus({ url: config.REDIS_URL, log })
    whenStopped('bus', () => bus.close())
    const supergraph = await createSupergraph({
      support: { database: support, url: databases.urls.support },
      intelligence: { database: intelligence, url: databases.urls.intelligence },
      bus,
      clock,
      issuer: createTokenIssuer(secrets.AGENT_TOKEN_PRIVATE_KEY),
      verifier: createTokenVerifier(secrets.AGENT_TOKEN_PUBLIC_KEYS),
      limiter: createLoginLimiter({ redis }),
      redis,
      links: createLinks(secrets.AGENT_TOKEN_PRIVATE_KEY, secrets.AGENT_TOKEN_PUBLIC_KEYS),
      settings: supportSettingsOf({ config, dataDir, environment }),
      introspection: config.INTROSPECTION ?? config.NODE_ENV !== 'production',
      limits: limitsOf(config, { redis, clock }),
      entityCache: config.ENTITY_CACHE,
      model: config,
      partnerLimits: config,
      logOf: (service) => log.child({ service }),
      metricsOf,
    })
    whenStopped('supergraph', () => supergraph.stop())
    await supergraph.start()

    if (config.SEED_DEMO ?? databases.embedded) {
      await seedDemoWorld({ support, intelligence }, clock.now(), onStep)
      await supergraph.settle()
    }

    const own = ownOrigins(config)
    const http = createHttp({
      service: 'gateway',
      log: log.child({ service: 'gateway' }),
      metrics: metricsOf('gateway'),
      metricsToken: metricsAccess(config),
      origins: [...(config.CORS_ORIGINS ?? []), ...own],
      readiness: async () => ({ support: await isUp(support), intelligence: await isUp(intelligence) }),
    })
    await http.app.register(supergraph.gateway.routes)
    if (supergraph.gateway.live) http.upgrade('/graphql', supergraph.gateway.live.sockets)
    if (supergraph.gateway.live) await http.app.register(supergraph.gateway.live.streams)
    if (supergraph.support.routes) await http.app.register(supergraph.support.routes)
    await mountPartner(http, supergraph.intelligence.partner)
    // Intelligence's own door too, as where it is a process of its own. Nothing is signed here, so its federation door stays shut.
    await http.app.register(supergraph.intelligence.subgraph.routes, { prefix: '/intelligence' })
    // Support's too, for subscriptions.
    await http.app.register(supergraph.support.subgraph.routes, { prefix: '/support' })
    const { live } = supergraph.support.subgraph
    if (live) http.upgrade('/support/graphql', live.sockets)
    if (config.CONSOLE_DIR)
      await http.app.register(
        consoleRoutes({ ...config.CONSOLE_DIR, files: [...own, ...(config.CONSOLE_FILE_ORIGINS ?? [])] }),
      )
    const { url } = await http.listen(config.PORT, config.HOST)
    whenStopped('http', () => http.drain())
    return { url, hasDemo: await hasDemo(support), hasConsole: Boolean(config.CONSOLE_DIR?.folder), stoppables }
  } catch (error) {
    for (const { stop } of stoppables) await Promise.resolve(stop()).catch(() => {})
    throw error
  }
}

/** This machine's names of itself: attachments are at `localhost`, whichever of them the browser was told. */
const ownOrigins = ({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): string[] =>
  ['127.0.0.1', '0.0.0.0'].includes(HOST) ? ['localhost', '127.0.0.1'].map((host) => `http://${host}:${PORT}`) : []

/** Files beside the data; the doors besides the graph at the graph's own address. */
function supportSettingsOf({
  config,
  dataDir,
  environment,
}: Pick<StandaloneOptions, 'config' | 'dataDir' | 'environment'>): SupportSettings {
  const own = readEnvironment(supportSettings, { SUPPORT_FILES_DIR: join(dataDir, 'files'), ...environment })
  const host = config.HOST === '127.0.0.1' || config.HOST === '0.0.0.0' ? 'localhost' : config.HOST
  const CORS_ORIGINS = [...(own.CORS_ORIGINS ?? []), ...ownOrigins(config)]
  return settingsOf({ ...own, CORS_ORIGINS, HOST: host, PORT: config.PORT })
}

const isUp = (database: { ping(): Promise<void> }): Promise<boolean> =>
  database.ping().then(
    () => true,
    () => false,
  )
