import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { createModule, type Module, type Surroundings } from '@quimbi/subgraph/module.ts'
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
import { placeNow } from './live/cursor.ts'
import { createLive } from './live/live.ts'
import { maintenance } from './maintenance.ts'
import { retraining } from './models/retraining.ts'
import { trainJob } from './models/train-job.ts'
import { logUnreadable } from './models/unreadable.ts'
import { ageing } from './profiles/ageing.ts'
import { announceRevisions } from './profiles/announcer.ts'
import { createRefresher } from './profiles/refresher.ts'
import { resolvers, typeDefs } from './schema.ts'
import { recordRevokedSessions } from './sessions/service.ts'
import { recordTenants } from './tenants/service.ts'
import { prepareTriage } from './triage/reader.ts'

export type IntelligenceOptions = Surroundings<IntelligenceDatabase> & {
  /** The language model; without one the built-in writer writes. */
  model?: AssistantModel | undefined
  /** How long whoever opens a ticket waits for the model. */
  draftWaitMs?: number | undefined
}

/** Intelligence as a module of a process. */
export function createIntelligence(options: IntelligenceOptions): Promise<Module<Context>> {
  const { database, clock, log } = options
  const live = createLive(options)
  const assistant = createAssistant(options)
  const job = maintenance(database.system, clock, log)
  return createModule<Context, IntelligenceDatabase['system'], Db>(
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
}
