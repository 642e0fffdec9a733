import type { ApolloClient } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import {
  NotificationArrivedDocument,
  NotificationsLatestDocument,
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
