import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { ticketOfMessage } from '../tickets/service.ts'
import { deleteMessage, editMessage } from './edit.ts'
import { missedBy } from './missed.ts'
import { recallMessage } from './recall.ts'
import { receive } from './receive.ts'
import { sendMessage } from './send.ts'
import { authorOf, deliveryOf } from './view.ts'

export const resolvers = {
  Mutation: {
    sendMessage: (_, { input }, { viewer, transact, clock, draftText }) =>
      payload(
        async () => {
          const draft = await draftText(input.draftId)
          return transact((tx) => sendMessage(tx, viewer, input, clock.now(), draft))
        },
        { refused: input },
      ),
    receiveMessage: (_, { input }, { viewer, transact, clock, refreshInsight }) =>
      payload(async () => {
        await refreshInsight(input)
        return transact((tx) => receive(tx, viewer, input, clock.now()))
      }),
    editMessage: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => editMessage(tx, viewer, input, clock.now()))),
    deleteMessage: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => {
        const { message, eventId } = await transact((tx) => deleteMessage(tx, viewer, input.id, clock.now()))
        return { deletedId: message.id, eventId }
      }),
    recallMessage: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => recallMessage(tx, viewer, input.id, clock.now()))),
  },
  MessagePayload: {
    asOf: ({ eventId }, _args, { positionOf }) => positionOf(eventId),
    missed: (answer, _args, { db, viewer }) => missedBy(db, viewer, answer),
  },
  Message: {
    __resolveReference: ({ id }, { loaders }) => loaders.messageById.load(id),
    ticket: ({ ticketId }, _args, { loaders }) => ticketOfMessage(loaders, ticketId),
    author: (message, _args, { loaders }) => authorOf(loaders, message),
    attachments: ({ id }, _args, { loaders }) => loaders.attachmentsByMessage.load(id),
    delivery: (message, _args, { clock }) => deliveryOf(message, clock.now()),
    inReplyTo: ({ inReplyToId }, _args, { loaders }) => (inReplyToId ? loaders.messageById.load(inReplyToId) : null),
  },
} satisfies Pick<Resolvers, 'Mutation' | 'MessagePayload' | 'Message'>
