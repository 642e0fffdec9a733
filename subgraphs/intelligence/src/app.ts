import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import { createModule, type Module, type PartnerDoor, type Surroundings } from '@quimbi/subgraph/module.ts'
import { positionDoor } from '@quimbi/subgraph/position-door.ts'
import { createAssistant, endDrafts } from './assistant/assistant.ts'
import type { AssistantModel } from './assistant/model/means.ts'
import { createContext, type Context } from './context.ts'
import { recordErasures } from './customers/erase.ts'
import { recordIdentities } from './customers/identity.ts'
import { recordMerges } from './customers/merge.ts'
import { personDoor } from './customers/person-door.ts'
import type { Db, IntelligenceDatabase } from './database.ts'
import { recordClosings, recordContacts } from './interactions/heard.ts'
import { guessLimit } from './keys/guessing.ts'
import { createReadLog } from './keys/read-log.ts'
import { createKeyRing } from './keys/ring.ts'
import { placeNow } from './live/cursor.ts'
import { createLive } from './live/live.ts'
import { maintenance } from './maintenance.ts'
import { retraining } from './models/retraining.ts'
import { trainJob } from './models/train-job.ts'
import { logUnreadable } from './models/unreadable.ts'
import { createPartnerDoor } from './partner/door.ts'
import { partnerLimits, type PartnerConfig } from './partner/limits.ts'
import { partnerMetrics } from './partner/metrics.ts'
import { ageing } from './profiles/ageing.ts'
import { announceRevisions } from './profiles/announcer.ts'
import { createRefresher } from './profiles/refresher.ts'
import { resolvers, typeDefs } from './schema.ts'
import { recordRevokedSessions } from './sessions/service.ts'
import { recordTenants } from './tenants/service.ts'
import { prepareTriage } from './triage/reader.ts'
import { createInsightFollower } from './webhooks/follower.ts'
import { createInsightSender } from './webhooks/sender.ts'

export type IntelligenceOptions = Surroundings<IntelligenceDatabase> & {
  /** The language model; without one the built-in writer writes. */
  model?: AssistantModel | undefined
  /** What keys may ask, shared by all instances where there is Redis. */
  partnerLimits?: PartnerConfig | undefined
  redis?: RedisClient | undefined
  /** Lets webhooks lead to this machine itself, by http too: for tests, and set by no variable. */
  webhooksToLoopback?: boolean | undefined
  /** How long whoever opens a ticket waits for the model. */
  draftWaitMs?: number | undefined
}

export type IntelligenceModule = Module<Context> & { partner: PartnerDoor }

/** Intelligence as a module of a process. */
export async function createIntelligence(options: IntelligenceOptions): Promise<IntelligenceModule> {
  const { database, clock, log } = options
  const live = createLive(options)
  const assistant = createAssistant(options)
  const job = maintenance(database.system, clock, log)
  const module = await createModule<Context, IntelligenceDatabase['system'], Db>(
    {
      name: 'intelligence',
      peerName: 'support',
      typeDefs,
      resolvers,
      context: (facts) => createContext(facts, { ...options, live, assistant }),
      live: {
        viewer: ({ viewer }) => viewer,
        renew: (context) => context.renewed(),
        watch: ({ viewer }, end) => live.sessions.watch(viewer, end),
      },
      handlers: {
        'tenant.saved': recordTenants,
        'customer.saved': (tx, events) => recordIdentities(tx, events, clock.now()),
        'customer.merged': (tx, events) => recordMerges(tx, events, clock.now()),
        'customer.erased': recordErasures,
        'ticket.opened': (tx, events) => recordContacts(tx, events, clock.now()),
        'ticket.closed': (tx, events) => recordClosings(tx, events, clock.now()),
        'message.received': (tx, events) => recordContacts(tx, events, clock.now()),
        'satisfaction.recorded': (tx, events) => recordContacts(tx, events, clock.now()),
        'session.revoked': recordRevokedSessions,
      },
      background: [
        logUnreadable(log),
        announceRevisions(database, options.bus),
        createRefresher({ database, clock, log }),
        prepareTriage(log),
        endDrafts(assistant),
        createInsightFollower(options),
        createInsightSender({ database, clock, log, toLoopback: options.webhooksToLoopback === true }),
        { name: 'live', start: () => {}, stop: () => live.stop() },
      ],
      routes: async (app) => {
        await app.register(personDoor(database))
        await app.register(positionDoor((tenantId) => placeNow(database.forTenant(tenantId), tenantId)))
      },
      jobs: [trainJob({ database, clock, log })],
      crons: [
        { match: '17 * * * *', job, payload: { tenantId: NIL_TENANT } },
        { match: '*/5 * * * *', job: retraining({ database, clock, log }), payload: { tenantId: NIL_TENANT } },
        { match: '7 0 * * *', job: ageing(database.system, clock, log), payload: { tenantId: NIL_TENANT } },
      ],
    },
    options,
  )
  const limits = partnerLimits(options.partnerLimits ?? {}, { redis: options.redis, clock })
  const keys = createKeyRing({ database, log, guesses: guessLimit(limits.budget) })
  const reads = createReadLog({ database, log, metrics: options.metrics })
  const partner = await createPartnerDoor({
    ...options,
    schema: module.subgraph.schema,
    live,
    assistant,
    keys,
    reads,
    limits,
    measured: partnerMetrics(options.metrics.registry),
  })
  return {
    ...module,
    partner,
    async stop() {
      await partner.stop()
      await Promise.all([keys.stop(), reads.stop()])
      await module.stop()
    },
  }
}
