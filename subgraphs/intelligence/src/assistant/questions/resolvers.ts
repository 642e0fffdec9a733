import type { Resolvers } from '../../../generated/resolvers.ts'
import { askCustomers } from './service.ts'

export const resolvers = {
  Query: {
    askCustomers: (_, asked, { db, viewer, clock, assistant }) =>
      askCustomers(db, viewer, asked, { now: clock.now(), model: assistant.model }),
  },
} satisfies Pick<Resolvers, 'Query'>
