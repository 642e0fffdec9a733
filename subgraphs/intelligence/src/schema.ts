import { readModules } from '@quimbi/service/modules.ts'
import { scalarResolvers } from '@quimbi/service/scalars.ts'
import { resolvers as customers } from './customers/resolvers.ts'
import { resolvers as keys } from './keys/resolvers.ts'
import { resolvers as orders } from './orders/resolvers.ts'

const { DateTime, Decimal } = scalarResolvers

/** The domain modules: each a folder with its schema.graphql and resolvers. */
export const typeDefs = readModules(import.meta.dirname, ['common', 'customers', 'orders', 'keys'])
export const resolvers = [{ DateTime, Decimal }, customers, keys, orders]
