import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import type { NotificationModel } from '../mappers.ts'
import { receivedNotifications } from './live.ts'
import { listNotifications, markNotificationsRead } from './service.ts'

export const resolvers = {
  Query: {
    notifications: (_, page, { db, viewer }) => listNotifications(db, viewer, page),
  },
  Mutation: {
    markNotificationsRead: (_, { input }, { transact, viewer, clock }) =>
      payload(() => transact((tx) => markNotificationsRead(tx, viewer, input.ids, clock.now()))),
  },
  Subscription: {
    notificationReceived: {
      subscribe: (_, _args, context) => receivedNotifications(context),
      resolve: (notification: NotificationModel) => notification,
    },
  },
  Notification: {
    ticket: ({ ticketId }, _args, { loaders }) => (ticketId === null ? null : loaders.ticketById.load(ticketId)),
  },
  NotificationConnection: { unreadCount: ({ countUnread }) => countUnread() },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Subscription' | 'Notification' | 'NotificationConnection'>
