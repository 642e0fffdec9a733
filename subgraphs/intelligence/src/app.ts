import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import { createModule, type Module, type Surroundings } from '@quimbi/subgraph/module.ts'
import { createContext, type Context } from './context.ts'
import { recordIdentities } from './customers/identity.ts'
import type { Db, IntelligenceDatabase } from './database.ts'
import { maintenance } from './maintenance.ts'
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
        'customer.saved': recordIdentities,
        'session.revoked': recordRevokedSessions,
      },
      crons: [{ match: '17 * * * *', job, payload: { tenantId: NIL_TENANT } }],
    },
    options,
  )
}
