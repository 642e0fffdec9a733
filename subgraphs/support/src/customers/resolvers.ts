import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listTicketsOfCustomer } from '../tickets/service.ts'
import { createCustomer, customerByRef, listCustomers } from './service.ts'

export const resolvers = {
  Query: {
    customer: async (_, { id }, { loaders }) => {
      const customer = await loaders.customerById.load(id)
      return customer.createdAt ? customer : null
    },
    customerByExternalRef: (_, { source, id }, { db, viewer }) => customerByRef(db, viewer, source, id),
    customers: (_, page, { db, viewer }) => listCustomers(db, viewer, page),
  },
  Mutation: {
    createCustomer: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ customer: await transact((tx) => createCustomer(tx, viewer, input, clock.now())) })),
  },
  Customer: {
    __resolveReference: ({ id }, { loaders }) => loaders.customerById.load(id),
    name: ({ name }) => name ?? 'Unknown',
    externalRefs: async ({ id }, _args, { loaders }) => {
      const refs = await loaders.refsByCustomer.load(id)
      return refs.map(({ source, externalId }) => ({ source, id: externalId }))
    },
    tickets: ({ id }, page, context) => listTicketsOfCustomer(context, id, page),
    openTicketCount: ({ id }, _args, { loaders }) => loaders.openTicketsOfCustomer.load(id),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Customer'>
