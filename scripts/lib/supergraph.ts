import type { Bus } from '@quimbi/events/bus.ts'
import { directSource } from '@quimbi/events/feed.ts'
import type { cacheModes } from '@quimbi/gateway/config.ts'
import { createGateway } from '@quimbi/gateway/gateway.ts'
import type { Limits } from '@quimbi/gateway/limits/limits.ts'
import { readSupergraph } from '@quimbi/gateway/server.ts'
import type { LiveLimits } from '@quimbi/gateway/live/live-gateway.ts'
import { streamInMemory } from '@quimbi/gateway/live/sources.ts'
import { inMemory } from '@quimbi/gateway/subgraph-calls.ts'
import { createIntelligence } from '@quimbi/intelligence/app.ts'
import { openModel } from '@quimbi/intelligence/assistant/model/means.ts'
import type { ModelConfig } from '@quimbi/intelligence/assistant/model/settings.ts'
import { personOf } from '@quimbi/intelligence/customers/person.ts'
import type { IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { placeNow } from '@quimbi/intelligence/live/cursor.ts'
import type { PartnerConfig } from '@quimbi/intelligence/partner/limits.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Links } from '@quimbi/service/links.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import { peerInMemory } from '@quimbi/service/peer-graph.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { TokenIssuer, TokenVerifier } from '@quimbi/service/tokens.ts'
import type { ServiceName } from '@quimbi/service/viewer.ts'
import { sessionStates } from '@quimbi/support/agents/sessions-door.ts'
import { createSupport } from '@quimbi/support/app.ts'
import { triageClient } from '@quimbi/support/automation/triage-client.ts'
import type { SupportDatabase } from '@quimbi/support/database.ts'
import { draftClient } from '@quimbi/support/drafts/client.ts'
import { positionNow } from '@quimbi/support/log/position.ts'
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
  liveLimits?: Partial<LiveLimits>
  introspection: boolean
  /** What clients may ask of the gateway; everything unless given. */
  limits?: Limits | undefined
  /** Where customers' insight is kept; in Redis too where there is one. */
  entityCache?: (typeof cacheModes)[number] | undefined
  /** What partners' keys may ask. */
  partnerLimits?: PartnerConfig | undefined
  /** Which language model writes drafts; they are written here unless given. */
  model?: ModelConfig | undefined
  logOf(service: ServiceName): Logger
  metricsOf(service: ServiceName): Metrics
}

/** The whole graph in this process: three modules, the subgraphs asked in memory, each reading the other's log directly. */
export async function createSupergraph(options: SupergraphOptions) {
  const { bus, clock, issuer, verifier, limiter, introspection, logOf, metricsOf } = options
  const { entityCache = options.redis ? 'redis' : 'memory' } = options
  const shared = { bus, clock, verifier, introspection }
  const means = { log: logOf('intelligence'), metrics: metricsOf('intelligence') }
  const intelligence = await createIntelligence({
    ...shared,
    database: options.intelligence.database,
    databaseUrl: options.intelligence.url,
    peer: directSource(options.support.database.systemPool),
    redis: options.redis,
    partnerLimits: options.partnerLimits,
    model: options.model && openModel(options.model, { ...means, clock, database: options.intelligence.database }),
    ...means,
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
    drafts: draftClient(asked),
    person: (tenantId, id) => personOf(options.intelligence.database.forTenant(tenantId), tenantId, id),
  })
  const gateway = await createGateway({
    ...shared,
    supergraphSdl: readSupergraph(),
    calls: { support: inMemory(support.subgraph), intelligence: inMemory(intelligence.subgraph) },
    live: {
      streams: { support: streamInMemory(support.subgraph), intelligence: streamInMemory(intelligence.subgraph) },
      positions: {
        support: (tenantId) => positionNow(options.support.database, tenantId),
        intelligence: (tenantId) => placeNow(options.intelligence.database.forTenant(tenantId), tenantId),
      },
      sessions: (asked) => sessionStates(options.support.database.systemPool, asked),
    },
    limits: options.limits,
    ...(options.liveLimits && { liveLimits: options.liveLimits }),
    log: logOf('gateway'),
    metrics: metricsOf('gateway'),
    cache: entityCache === 'off' ? undefined : { bus, redis: entityCache === 'redis' ? options.redis : undefined },
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
