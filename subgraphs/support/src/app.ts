import { NIL_TENANT } from '@quimbi/database/tenancy.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { TokenIssuer } from '@quimbi/service/tokens.ts'
import { createModule, type Module, type Surroundings } from '@quimbi/subgraph/module.ts'
import { createContext, type Context } from './context.ts'
import { recordSeenCustomers } from './customers/seen.ts'
import type { Db, SupportDatabase } from './database.ts'
import { maintenance } from './maintenance.ts'
import { resolvers, typeDefs } from './schema.ts'

export type SupportOptions = Surroundings<SupportDatabase> & { issuer: TokenIssuer; limiter: LoginLimiter }

/** Support as a module of a process. */
export function createSupport(options: SupportOptions): Promise<Module<Context>> {
  const { database, clock, log } = options
  const job = maintenance(database.system, clock, log)
  return createModule<Context, SupportDatabase['system'], Db>(
    {
      name: 'support',
      peerName: 'intelligence',
      typeDefs,
      resolvers,
      context: (facts) => createContext(facts, options),
      handlers: { 'customer.seen': recordSeenCustomers },
      crons: [{ match: '7 * * * *', job, payload: { tenantId: NIL_TENANT } }],
    },
    options,
  )
}
