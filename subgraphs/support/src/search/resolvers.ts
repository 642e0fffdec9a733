import type { Resolvers } from '../../generated/resolvers.ts'
import { searchTickets } from './service.ts'

export const resolvers = {
  Query: { searchTickets: (_, request, { db, viewer }) => searchTickets(db, viewer, request) },
} satisfies Pick<Resolvers, 'Query'>
