import type { ApolloClient } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import { useMutate } from '../../graph/mutate.ts'
import {
  NotificationArrivedDocument,
  NotificationLineFragmentDoc,
  NotificationsLatestDocument,
  NotificationsMarkReadDocument,
  type NotificationLineFragment,
} from './generated/Notifications.ts'

/** The latest notifications, live; and the one that came last while one looks, to be read out. */
export function useNotifications() {
  const { apollo, live } = useGraph()
  const { data, error, loading, refetch } = useQuery(NotificationsLatestDocument)
  const [arrived, setArrived] = useState<NotificationLineFragment | null>(null)
  const again = useEffectEvent(() => refetch())
  useEffect(
    () =>
      live.subscribe(
        { document: NotificationArrivedDocument, hasCursor: false },
        {
          next({ notificationReceived }) {
            setArrived(notificationReceived)
            prepend(apollo, notificationReceived)
          },
          async resync() {
            await again()
            return null
          },
        },
      ),
    [apollo, live],
  )
  const { nodes = [], unreadCount = 0 } = data?.notifications ?? {}
  return { notifications: nodes, unreadCount, arrived, error, isLoading: loading && !data, refetch }
}

function prepend(apollo: ApolloClient, notification: NotificationLineFragment): void {
  apollo.cache.updateQuery({ query: NotificationsLatestDocument }, (data) => {
    if (!data || data.notifications.nodes.some(({ id }) => id === notification.id)) return data
    const { nodes, unreadCount } = data.notifications
    return {
      ...data,
      notifications: {
        ...data.notifications,
        nodes: [notification, ...nodes],
        unreadCount: unreadCount + (notification.readAt === null ? 1 : 0),
      },
    }
  })
}

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
