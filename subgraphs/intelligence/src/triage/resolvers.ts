import type { Resolvers } from '../../generated/resolvers.ts'
import { analyzeSentiment, classifyCategory, detectIntent, triageMessage, triageTicket } from './service.ts'

/** ISO 639's word for a language that cannot be told. */
const undetermined = 'und'

export const resolvers = {
  Query: {
    analyzeSentiment: (_, { text, context }, { viewer }) => analyzeSentiment(viewer, text, context),
    detectIntent: (_, { message, history }, { viewer }) => detectIntent(viewer, message, history),
    classifyCategory: (_, { subject, content }, { viewer }) => classifyCategory(viewer, subject, content),
    triageMessage: (_, { input }, { viewer, clock }) => triageMessage(viewer, input, clock.now()),
  },
  Ticket: {
    __resolveReference: (reference) => reference,
    triage: (ticket, _args, { viewer, clock }) => triageTicket(viewer, ticket, clock.now()),
  },
  Triage: {
    language: ({ language }) => language ?? undetermined,
  },
} satisfies Pick<Resolvers, 'Query' | 'Ticket' | 'Triage'>
