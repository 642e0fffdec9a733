import { readFileSync } from 'node:fs'
import { createServiceClient } from '@quimbi/service/client.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { metricsAccess } from '@quimbi/service/config.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createSigner } from '@quimbi/service/signing.ts'
import type { Running } from '@quimbi/service/start.ts'
import { telemetryOf } from '@quimbi/service/telemetry.ts'
import { createTokenVerifier } from '@quimbi/service/tokens.ts'
import { openCacheMeans } from './cache/means.ts'
import type { Config } from './config.ts'
import { consoleRoutes } from './console/routes.ts'
import { createGateway } from './gateway.ts'
import { openLimits } from './limits/means.ts'
import { createRemoteStream } from './live/remote-stream.ts'
import { positionOverHttp, sessionsOverHttp } from './live/sources.ts'
import { overHttp } from './subgraph-calls.ts'

/** The composed graph as it is committed. */
export const readSupergraph = (): string =>
  readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8')

/** The gateway as a process of its own. */
export async function serve(config: Config): Promise<Running> {
  const log = createLogger({ service: 'gateway', level: config.LOG_LEVEL })
  const metrics = createMetrics('gateway')
  const telemetry = telemetryOf('gateway', config)
  const signer = createSigner(config.SERVICE_KEYS, 'gateway')
  const support = createServiceClient({ baseUrl: config.SUPPORT_URL, signer, timeoutMs: 30_000 })
  const intelligence = createServiceClient({ baseUrl: config.INTELLIGENCE_URL, signer, timeoutMs: 30_000 })
  const kept = openCacheMeans(config, log)
  const limited = openLimits(config, log)
  const supportStream = createRemoteStream({ url: config.SUPPORT_URL, signer })
  const intelligenceStream = createRemoteStream({ url: config.INTELLIGENCE_URL, signer })
  const gateway = await createGateway({
    supergraphSdl: readSupergraph(),
    calls: { support: overHttp(support), intelligence: overHttp(intelligence) },
    log,
    metrics,
    clock: systemClock,
    verifier: createTokenVerifier(config.AGENT_TOKEN_PUBLIC_KEYS),
    introspection: config.INTROSPECTION ?? config.NODE_ENV !== 'production',
    limits: limited.limits,
    timeouts: { queryMs: config.SUBGRAPH_TIMEOUT_MS, insightMs: config.INSIGHT_TIMEOUT_MS },
    cache: kept.cache,
    live: {
      streams: { support: supportStream.stream, intelligence: intelligenceStream.stream },
      positions: { support: positionOverHttp(support), intelligence: positionOverHttp(intelligence) },
      sessions: sessionsOverHttp(support),
    },
  })
  // It serves with any subgraph down, so it is ready as soon as it runs.
  const http = createHttp({
    service: 'gateway',
    log,
    metrics,
    metricsToken: metricsAccess(config),
    readiness: async () => ({}),
    origins: config.CORS_ORIGINS,
  })
  await http.app.register(gateway.routes)
  if (gateway.live) http.upgrade('/graphql', gateway.live.sockets)
  if (gateway.live) await http.app.register(gateway.live.streams)
  if (config.CONSOLE_DIR) {
    await http.app.register(consoleRoutes({ ...config.CONSOLE_DIR, files: config.CONSOLE_FILE_ORIGINS }))
  }
  const { url } = await http.listen(config.PORT, config.HOST)
  return {
    url,
    log,
    stoppables: [
      { name: 'http', stop: () => http.drain() },
      { name: 'gateway', stop: () => gateway.stop() },
      ...kept.stoppables,
      ...limited.stoppables,
      { name: 'support stream', stop: () => supportStream.close() },
      { name: 'intelligence stream', stop: () => intelligenceStream.close() },
      { name: 'support client', stop: () => support.close() },
      { name: 'intelligence client', stop: () => intelligence.close() },
      { name: 'telemetry', stop: () => telemetry?.stop() },
    ],
  }
}
