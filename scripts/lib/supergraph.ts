import type { Bus } from '@quimbi/events/bus.ts'
import { directSource } from '@quimbi/events/feed.ts'
import { createGateway } from '@quimbi/gateway/gateway.ts'
import { readSupergraph } from '@quimbi/gateway/server.ts'
import { inMemory } from '@quimbi/gateway/subgraph-calls.ts'
import { createIntelligence } from '@quimbi/intelligence/app.ts'
import { personOf } from '@quimbi/intelligence/customers/person.ts'
import type { IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Links } from '@quimbi/service/links.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import { peerInMemory } from '@quimbi/service/peer-graph.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { TokenIssuer, TokenVerifier } from '@quimbi/service/tokens.ts'
import type { ServiceName } from '@quimbi/service/viewer.ts'
import { createSupport } from '@quimbi/support/app.ts'
import { triageClient } from '@quimbi/support/automation/triage-client.ts'
import type { SupportDatabase } from '@quimbi/support/database.ts'
import { insightClient } from '@quimbi/support/insight/client.ts'
import type { SupportSettings } from '@quimbi/support/settings.ts'

/** A service's database and the URL that its owner migrates it by. */
export type Opened<Database> = { database: Database; url: string }

export type SupergraphOptions = {
  support: Opened<SupportDatabase>
  intelligence: Opened<IntelligenceDatabase>
  bus: Bus
  clock: Clock
  issuer: TokenIssuer
  verifier: TokenVerifier
  limiter: LoginLimiter
  redis?: RedisClient | undefined
  links: Links
  settings: SupportSettings
  introspection: boolean
  logOf(service: ServiceName): Logger
  metricsOf(service: ServiceName): Metrics
}

/** The whole graph in this process: three modules, the subgraphs asked in memory, each reading the other's log directly. */
export async function createSupergraph(options: SupergraphOptions) {
  const { bus, clock, issuer, verifier, limiter, introspection, logOf, metricsOf } = options
  const shared = { bus, clock, verifier, introspection }
  const intelligence = await createIntelligence({
    ...shared,
    database: options.intelligence.database,
    databaseUrl: options.intelligence.url,
    peer: directSource(options.support.database.systemPool),
    log: logOf('intelligence'),
    metrics: metricsOf('intelligence'),
  })
  const metrics = metricsOf('support')
  const asked = { graph: peerInMemory(intelligence.subgraph, 'support'), clock, metrics }
  const support = await createSupport({
    ...shared,
    issuer,
    limiter,
    redis: options.redis,
    links: options.links,
    settings: options.settings,
    database: options.support.database,
    databaseUrl: options.support.url,
    peer: directSource(options.intelligence.database.systemPool),
    log: logOf('support'),
    metrics,
    insight: insightClient(asked),
    triage: triageClient(asked),
    person: (tenantId, id) => personOf(options.intelligence.database.forTenant(tenantId), tenantId, id),
  })
  const gateway = await createGateway({
    ...shared,
    supergraphSdl: readSupergraph(),
    calls: { support: inMemory(support.subgraph), intelligence: inMemory(intelligence.subgraph) },
    log: logOf('gateway'),
    metrics: metricsOf('gateway'),
  })
  return {
    gateway,
    support,
    intelligence,
    async start() {
      await Promise.all([support.start(), intelligence.start()])
    },
    /** Resolves when each subgraph has applied what the other had committed when it was called. */
    async settle() {
      await Promise.all([support.sequence(), intelligence.sequence()])
      await Promise.all([support.receive(), intelligence.receive()])
    },
    async stop() {
      await gateway.stop()
      await Promise.all([support.stop(), intelligence.stop()])
    },
  }
}
