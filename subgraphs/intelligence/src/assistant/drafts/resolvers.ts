import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../../generated/resolvers.ts'
import type { Context } from '../../context.ts'
import { generateMessage, splitMessage } from './message.ts'
import { keptDraft, prepareDraft, regenerateDraft, ticketDraft, ticketOrders } from './service.ts'
import type { KeptDraft } from './store.ts'
import { draftStream, type DraftChunk } from './stream.ts'
import { draftView } from './view.ts'
import type { Means } from './write.ts'

const meansOf = ({ db, viewer, loaders, clock, assistant, transact }: Context): Means => ({
  ...{ db, viewer, loaders, assistant, transact },
  now: clock.now(),
})
const shown = (draft: KeptDraft | null) => draft && draftView(draft)

export const resolvers = {
  Query: {
    keptDraft: async (_, { id }, context) => shown(await keptDraft(meansOf(context), id)),
    generateMessage: (_, { input }, context) => generateMessage(meansOf(context), input),
    splitMessage: (_, { text, channel }, { viewer }) => splitMessage(viewer, text, channel),
  },
  Mutation: {
    regenerateDraft: (_, { input }, context) =>
      payload(async () => ({ draft: shown(await regenerateDraft(meansOf(context), input)) })),
    prepareDraft: (_, { input }, context) =>
      payload(async () => ({ draft: shown(await prepareDraft(meansOf(context), input)) })),
  },
  Ticket: {
    draft: async (ticket, wished, context) => shown(await ticketDraft(meansOf(context), ticket, wished)),
    relevantOrders: (ticket, _args, context) => ticketOrders(meansOf(context), ticket),
  },
  Subscription: {
    draftStream: {
      subscribe: (_, { input }, context) => draftStream(meansOf(context), input),
      resolve: (chunk: DraftChunk) => chunk,
    },
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Ticket' | 'Subscription'>
