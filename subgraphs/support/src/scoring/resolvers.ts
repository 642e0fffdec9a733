import type { Resolvers } from '../../generated/resolvers.ts'
import { inbox } from './inbox.ts'
import { matchesTopicAlert, smartScore } from './service.ts'

export const resolvers = {
  Query: {
    inbox: (_, request, { db, viewer, clock }) => inbox(db, viewer, request, clock.now()),
  },
  InboxConnection: {
    totalCount: (page) => page.countAll(),
    matchCount: (page) => page.countMatching(),
  },
  Ticket: {
    smartScore: (ticket, { topicAlerts }, { loaders, clock }) => smartScore(loaders, ticket, topicAlerts, clock.now()),
    matchesTopicAlert: (ticket, { topicAlerts }, { loaders, clock }) =>
      matchesTopicAlert(loaders, ticket, topicAlerts, clock.now()),
  },
} satisfies Pick<Resolvers, 'Query' | 'InboxConnection' | 'Ticket'>
