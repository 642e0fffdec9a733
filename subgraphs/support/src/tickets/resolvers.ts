import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { loadActor } from '../log/load-actor.ts'
import { listMessages } from '../messages/service.ts'
import { completeAction } from './actions.ts'
import { bulkPayload, bulkUpdateTickets } from './bulk.ts'
import { createTicket } from './create.ts'
import { deleteTicket } from './delete.ts'
import { escalateTicket, type TicketEscalation } from './escalate.ts'
import { mergeTickets } from './merge.ts'
import { cancelFollowUp, scheduleFollowUp, snoozeTicket } from './plan.ts'
import { encodeRevision } from './revision.ts'
import { listTickets, similarTickets, ticketByNumber } from './service.ts'
import { splitTicket } from './split.ts'
import { tagsOf, tagTicket, untagTicket } from './tags.ts'
import { setTicketStatus, updateTicket } from './update.ts'

export const resolvers = {
  Query: {
    ticket: (_, { id }, { loaders }) => loaders.ticketById.load(id),
    ticketByNumber: (_, { number }, { db, viewer }) => ticketByNumber(db, viewer, number),
    tickets: (_, page, { db, viewer }) => listTickets(db, viewer, page),
  },
  Mutation: {
    createTicket: (_, { input }, { viewer, transact, clock, refreshInsight }) =>
      payload(async () => {
        await refreshInsight({ customerId: input.customerId })
        return transact((tx) => createTicket(tx, viewer, input, clock.now()))
      }),
    updateTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => updateTicket(tx, viewer, input, clock.now()))),
    setTicketStatus: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => setTicketStatus(tx, viewer, input, clock.now()))),
    deleteTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => deleteTicket(tx, viewer, input, clock.now()))),
    mergeTickets: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => mergeTickets(tx, viewer, input, clock.now()))),
    splitTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => splitTicket(tx, viewer, input, clock.now()))),
    snoozeTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => snoozeTicket(tx, viewer, input, clock.now()))),
    scheduleFollowUp: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => scheduleFollowUp(tx, viewer, input, clock.now()))),
    cancelFollowUp: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => cancelFollowUp(tx, viewer, input, clock.now()))),
    tagTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => tagTicket(tx, viewer, input, clock.now()))),
    untagTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => untagTicket(tx, viewer, input, clock.now()))),
    bulkUpdateTickets: (_, { input }, { viewer, transact, clock }) =>
      bulkPayload(() => transact((tx) => bulkUpdateTickets(tx, viewer, input, clock.now()))),
    escalateTicket: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => escalateTicket(tx, viewer, input, clock.now()))),
    completeAction: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => completeAction(tx, viewer, input, clock.now()))),
  },
  TicketPayload: { asOf: ({ eventId }, _args, { positionOf }) => positionOf(eventId) },
  TicketConnection: {
    totalCount: (page) => page.countAll(),
  },
  Ticket: {
    __resolveReference: ({ id }, { loaders }) => loaders.ticketById.load(id),
    customer: ({ customerId }, _args, { loaders }) => loaders.customerById.load(customerId),
    assignee: ({ assigneeId }, _args, { loaders }) => (assigneeId ? loaders.agentById.load(assigneeId) : null),
    tags: (ticket) => tagsOf(ticket),
    customerSentiment: ({ sentiment }) => sentiment,
    estimatedDifficulty: ({ difficulty }) => difficulty,
    similarTickets: (ticket, { first }, { loaders }) => similarTickets(loaders, ticket, first),
    escalation: ({ escalation }) => escalation as TicketEscalation | null,
    actionItems: ({ id }, _args, { loaders }) => loaders.actionItemsByTicket.load(id),
    mergedInto: ({ mergedIntoId }, _args, { loaders }) => (mergedIntoId ? loaders.ticketById.load(mergedIntoId) : null),
    conversationRevision: ({ revision }) => encodeRevision(revision),
    externalRef: ({ externalSource, externalId }) =>
      externalSource && externalId ? { source: externalSource, id: externalId } : null,
    messages: ({ id, tenantId }, page, { db, loaders }) => listMessages({ db, loaders, tenantId, ticketId: id }, page),
    lastMessage: ({ id }, _args, { loaders }) => loaders.lastMessageByTicket.load(id),
  },
  Tag: { addedBy: ({ by }, _args, { loaders }) => loadActor(loaders, by) },
  Escalation: {
    at: ({ at }) => new Date(at),
    by: ({ by }, _args, { loaders }) => loadActor(loaders, by),
  },
  ActionItem: {
    completedBy: ({ completedBy }, _args, { loaders }) => (completedBy ? loaders.agentById.load(completedBy) : null),
  },
} satisfies Pick<
  Resolvers,
  'Query' | 'Mutation' | 'TicketConnection' | 'Ticket' | 'TicketPayload' | 'Tag' | 'Escalation' | 'ActionItem'
>
