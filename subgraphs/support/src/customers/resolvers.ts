import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listTicketsOfCustomer } from '../tickets/service.ts'
import { recordReads } from './reads.ts'
import { createCustomer, customerByRef, listCustomers } from './service.ts'
import { updateCustomer } from './update.ts'

export const resolvers = {
  Query: {
    customer: async (_, { id }, { db, viewer, loaders, clock }) => {
      const customer = await loaders.customerById.load(id)
      if (!customer.createdAt) return null
      await recordReads(db, viewer, [customer.id], clock.now())
      return customer
    },
    customerByExternalRef: async (_, { source, id }, { db, viewer, clock }) => {
      const customer = await customerByRef(db, viewer, source, id)
      if (customer) await recordReads(db, viewer, [customer.id], clock.now())
      return customer
    },
    customers: async (_, page, { db, viewer, clock }) => {
      const customers = await listCustomers(db, viewer, page)
      const ids = customers.nodes.map(({ id }) => id)
      await recordReads(db, viewer, ids, clock.now())
      return customers
    },
  },
  Mutation: {
    createCustomer: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ customer: await transact((tx) => createCustomer(tx, viewer, input, clock.now())) })),
    updateCustomer: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ customer: await transact((tx) => updateCustomer(tx, viewer, input, clock.now())) })),
  },
  Customer: {
    __resolveReference: ({ id }, { loaders }) => loaders.customerById.load(id),
    name: ({ name }) => name ?? 'Unknown',
    preferredChannel: ({ lastChannel }) => lastChannel as 'EMAIL' | null,
    externalRefs: async ({ id }, _args, { loaders }) => {
      const refs = await loaders.refsByCustomer.load(id)
      return refs.map(({ source, externalId }) => ({ source, id: externalId }))
    },
    tickets: ({ id }, page, context) => listTicketsOfCustomer(context, id, page),
    openTicketCount: ({ id }, _args, { loaders }) => loaders.openTicketsOfCustomer.load(id),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Customer'>
