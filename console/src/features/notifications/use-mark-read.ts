import { useMutate } from '../../graph/mutate.ts'
import {
  NotificationLineFragmentDoc,
  NotificationsLatestDocument,
  NotificationsMarkReadDocument,
  type NotificationLineFragment,
} from './generated/Notifications.ts'

/** Marks notifications read: here at once, and there; taken back where that fails. */
export function useMarkRead(): (notifications: readonly NotificationLineFragment[]) => void {
  const [mark] = useMutate(NotificationsMarkReadDocument)
  return (notifications) => {
    const unread = notifications.filter(({ readAt }) => readAt === null)
    if (unread.length === 0) return
    const readAt = new Date().toISOString()
    void mark(
      { input: { ids: unread.map(({ id }) => id) } },
      {
        optimisticResponse: {
          __typename: 'Mutation',
          markNotificationsRead: { __typename: 'DeletePayload', deletedId: null, userErrors: [] },
        },
        update(cache, { data }) {
          if (data?.markNotificationsRead.userErrors.length !== 0) return
          for (const one of unread)
            cache.writeFragment({
              id: cache.identify(one) ?? '',
              fragment: NotificationLineFragmentDoc,
              fragmentName: 'NotificationLine',
              data: { ...one, readAt },
            })
          cache.updateQuery({ query: NotificationsLatestDocument }, (before) => {
            if (!before) return before
            const unreadCount = Math.max(0, before.notifications.unreadCount - unread.length)
            return { ...before, notifications: { ...before.notifications, unreadCount } }
          })
        },
      },
    )
  }
}
