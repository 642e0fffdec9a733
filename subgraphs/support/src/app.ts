import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { TokenIssuer } from '@quimbi/service/tokens.ts'
import { createModule, type Module, type Surroundings } from '@quimbi/subgraph/module.ts'
import { fillJob } from './alerts/fill-job.ts'
import { receiveAudit } from './audit/receive.ts'
import { createAutomation } from './automation/follower.ts'
import { timeRulesJob } from './automation/time-in-state.ts'
import { arrivals, triageJob } from './automation/triage-job.ts'
import type { TriageSource } from './automation/triage.ts'
import { createFileStore } from './attachments/store.ts'
import { createAdapters } from './channels/adapters.ts'
import { createDeliverer } from './channels/deliverer.ts'
import { createContext, type Context } from './context.ts'
import { recordSeenCustomers } from './customers/seen.ts'
import type { Db, SupportDatabase } from './database.ts'
import type { DraftSource } from './drafts/client.ts'
import { draftJob } from './drafts/draft-job.ts'
import type { InsightSource } from './insight/ask.ts'
import { receiveInsight } from './insight/receive.ts'
import { doors } from './doors.ts'
import { createPlaces } from './log/as-of.ts'
import { maintenance } from './maintenance.ts'
import { createNotifier } from './notifications/follower.ts'
import type { PersonSource } from './privacy/person.ts'
import { rescoreJob } from './scoring/rescore.ts'
import { surveys } from './satisfaction/survey.ts'
import { resolvers, typeDefs } from './schema.ts'
import type { SupportDoors } from './settings.ts'
import { createLive } from './stream/live.ts'
import { createTimers } from './timers/timers.ts'
import { createWebhookFollower } from './webhooks/follower.ts'
import { createWebhookSender } from './webhooks/sender.ts'

export type SupportOptions = Surroundings<SupportDatabase> &
  SupportDoors & {
    issuer: TokenIssuer
    limiter: LoginLimiter
    redis?: RedisClient | undefined
    insight?: InsightSource | undefined
    /** Reads what customers write; without it only order numbers are looked for. */
    triage?: TriageSource | undefined
    /** Drafts replies; without it none is prepared, and of a sent draft only that it was taken up is known. */
    drafts?: DraftSource | undefined
    /** What Intelligence knows of a person, for exports; without it an export says so. */
    person?: PersonSource | undefined
  }

/** Support as a module of a process. */
export function createSupport(options: SupportOptions): Promise<Module<Context>> {
  const { database, clock } = options
  const live = createLive(options)
  const places = createPlaces(options)
  const { settings } = options
  const deliverer = createDeliverer({
    ...options,
    adapters: createAdapters(settings),
    files: createFileStore(settings),
  })
  const job = maintenance(options)
  return createModule<Context, SupportDatabase['system'], Db>(
    {
      name: 'support',
      peerName: 'intelligence',
      typeDefs,
      resolvers,
      context: (facts) => createContext(facts, { ...options, live, places }),
      live: {
        viewer: ({ viewer }) => viewer,
        renew: (context) => context.renewed(),
        watch: ({ viewer }, end) => live.sessions.watch(viewer, end),
      },
      handlers: {
        'customer.seen': recordSeenCustomers,
        'insight.changed': receiveInsight(clock),
        'audit.recorded': receiveAudit,
      },
      crons: [
        { match: '7 * * * *', job, payload: { tenantId: NIL_TENANT } },
        { match: '* * * * *', job: timeRulesJob(options), payload: { tenantId: NIL_TENANT } },
      ],
      jobs: [rescoreJob(database, clock), fillJob(options), triageJob(options), draftJob(options)],
      background: [
        createTimers(options),
        createAutomation({ ...options, arrivals: arrivals(options) }),
        deliverer,
        places,
        surveys(options),
        createNotifier({ ...options, channel: live.channel }),
        createWebhookFollower(options),
        createWebhookSender(options),
        { name: 'live', start: () => {}, stop: () => live.stop() },
      ],
      routes: doors(options),
    },
    options,
  )
}
