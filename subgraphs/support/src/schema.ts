import { readModules } from '@quimbi/service/modules.ts'
import { scalarResolvers } from '@quimbi/service/scalars.ts'
import { resolvers as agents } from './agents/resolvers.ts'
import { resolvers as customers } from './customers/resolvers.ts'
import { resolvers as messages } from './messages/resolvers.ts'
import { resolvers as tickets } from './tickets/resolvers.ts'

const { DateTime, EmailAddress } = scalarResolvers

/** The domain modules: each a folder with its schema.graphql, and resolvers where it has any. */
export const typeDefs = readModules(import.meta.dirname, [
  'common',
  'tenants',
  'agents',
  'customers',
  'tickets',
  'messages',
])
export const resolvers = [{ DateTime, EmailAddress }, agents, customers, messages, tickets]
