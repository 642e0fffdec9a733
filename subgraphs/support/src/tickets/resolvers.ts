import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listMessages } from '../messages/service.ts'
import { createTicket, inbox, listTickets, ticketByNumber } from './service.ts'

export const resolvers = {
  Query: {
    inbox: (_, page, { db, viewer }) => inbox(db, viewer, page),
    ticket: (_, { id }, { loaders }) => loaders.ticketById.load(id),
    ticketByNumber: (_, { number }, { db, viewer }) => ticketByNumber(db, viewer, number),
    tickets: (_, page, { db, viewer }) => listTickets(db, viewer, page),
  },
  Mutation: {
    createTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ ticket: await transact((tx) => createTicket(tx, viewer, input, clock.now())) })),
  },
  InboxConnection: {
    totalCount: (page) => page.countAll(),
  },
  Ticket: {
    __resolveReference: ({ id }, { loaders }) => loaders.ticketById.load(id),
    customer: ({ customerId }, _args, { loaders }) => loaders.customerById.load(customerId),
    assignee: ({ assigneeId }, _args, { loaders }) => (assigneeId ? loaders.agentById.load(assigneeId) : null),
    externalRef: ({ externalSource, externalId }) =>
      externalSource && externalId ? { source: externalSource, id: externalId } : null,
    messages: ({ id, tenantId }, page, { db, loaders }) => listMessages({ db, loaders, tenantId, ticketId: id }, page),
    lastMessage: ({ id }, _args, { loaders }) => loaders.lastMessageByTicket.load(id),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'InboxConnection' | 'Ticket'>
