import { readFileSync } from 'node:fs'
import { createServiceClient } from '@quimbi/service/client.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { metricsAccess } from '@quimbi/service/config.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createSigner } from '@quimbi/service/signing.ts'
import type { Running } from '@quimbi/service/start.ts'
import { createTokenVerifier } from '@quimbi/service/tokens.ts'
import type { Config } from './config.ts'
import { createGateway } from './gateway.ts'
import { overHttp } from './subgraph-calls.ts'

/** The composed graph as it is committed. */
export const readSupergraph = (): string =>
  readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8')

/** The gateway as a process of its own. */
export async function serve(config: Config): Promise<Running> {
  const log = createLogger({ service: 'gateway', level: config.LOG_LEVEL })
  const metrics = createMetrics('gateway')
  const signer = createSigner(config.SERVICE_KEYS, 'gateway')
  const support = createServiceClient({ baseUrl: config.SUPPORT_URL, signer, timeoutMs: 30_000 })
  const intelligence = createServiceClient({ baseUrl: config.INTELLIGENCE_URL, signer, timeoutMs: 30_000 })
  const gateway = await createGateway({
    supergraphSdl: readSupergraph(),
    calls: { support: overHttp(support), intelligence: overHttp(intelligence) },
    log,
    metrics,
    clock: systemClock,
    verifier: createTokenVerifier(config.AGENT_TOKEN_PUBLIC_KEYS),
    introspection: config.NODE_ENV !== 'production',
  })
  // It serves with any subgraph down, so it is ready as soon as it runs.
  const http = createHttp({
    service: 'gateway',
    log,
    metrics,
    metricsToken: metricsAccess(config),
    readiness: async () => ({}),
  })
  await http.app.register(gateway.routes)
  const { url } = await http.listen(config.PORT, config.HOST)
  return {
    url,
    log,
    stoppables: [
      { name: 'http', stop: () => http.drain() },
      { name: 'gateway', stop: () => gateway.stop() },
      { name: 'support client', stop: () => support.close() },
      { name: 'intelligence client', stop: () => intelligence.close() },
    ],
  }
}
