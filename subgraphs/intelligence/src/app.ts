import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { createModule, type Module, type Surroundings } from '@quimbi/subgraph/module.ts'
import { createContext, type Context } from './context.ts'
import { recordErasures } from './customers/erase.ts'
import { recordIdentities } from './customers/identity.ts'
import { recordMerges } from './customers/merge.ts'
import type { Db, IntelligenceDatabase } from './database.ts'
import { recordClosings, recordContacts } from './interactions/heard.ts'
import { maintenance } from './maintenance.ts'
import { trainJob } from './models/train-job.ts'
import { ageing } from './profiles/ageing.ts'
import { createRefresher } from './profiles/refresher.ts'
import { resolvers, typeDefs } from './schema.ts'
import { recordRevokedSessions } from './sessions/service.ts'
import { recordTenants } from './tenants/service.ts'

export type IntelligenceOptions = Surroundings<IntelligenceDatabase>

/** Intelligence as a module of a process. */
export function createIntelligence(options: IntelligenceOptions): Promise<Module<Context>> {
  const { database, clock, log } = options
  const job = maintenance(database.system, clock, log)
  return createModule<Context, IntelligenceDatabase['system'], Db>(
    {
      name: 'intelligence',
      peerName: 'support',
      typeDefs,
      resolvers,
      context: (facts) => createContext(facts, options),
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
      background: [createRefresher({ database, clock, log })],
      jobs: [trainJob({ database, clock, log })],
      crons: [
        { match: '17 * * * *', job, payload: { tenantId: NIL_TENANT } },
        { match: '7 0 * * *', job: ageing(database.system, clock, log), payload: { tenantId: NIL_TENANT } },
      ],
    },
    options,
  )
}
