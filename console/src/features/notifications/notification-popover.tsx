import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/state.tsx'
import { useIsSmallScreen } from '../../ui/use-is-small-screen.ts'
import { NotificationRow } from './notification-row.tsx'
import { useMarkRead } from './use-mark-read.ts'
import type { useNotifications } from './use-notifications.ts'

type Props = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  trigger: ReactNode
  given: ReturnType<typeof useNotifications>
}

export function NotificationPopover({ isOpen, onOpenChange, trigger, given }: Props) {
  const isSmall = useIsSmallScreen()
  return (
    <Popover.Root open={isOpen} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label="Notifications"
          side={isSmall ? 'top' : 'right'}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-h-[min(70vh,var(--radix-popover-content-available-height))] w-96 max-w-[calc(100vw-1rem)] flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-xl"
        >
          <NotificationList given={given} onLeave={() => onOpenChange(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function NotificationList({ given, onLeave }: Pick<Props, 'given'> & { onLeave: () => void }) {
  const { notifications, unreadCount, error, isLoading, refetch } = given
  const markRead = useMarkRead()
  return (
    <>
      <div className="flex min-h-11 items-center justify-between gap-2 border-b border-line px-3">
        <h2 className="text-sm font-semibold">Notifications</h2>
        {unreadCount > 0 && (
          <Button kind="quiet" className="-mr-2" onClick={() => markRead(notifications)}>
            Mark all read
          </Button>
        )}
      </div>
      {isLoading && <Skeleton className="m-3 h-16" />}
      {error && notifications.length === 0 && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!isLoading && !error && notifications.length === 0 && (
        <EmptyState title="Nothing yet">Assignments, mentions, escalations and SLA warnings appear here.</EmptyState>
      )}
      <ul className="overflow-y-auto">
        {notifications.map((notification) => (
          <NotificationRow
            key={notification.id}
            notification={notification}
            onRead={() => markRead([notification])}
            onLeave={onLeave}
          />
        ))}
      </ul>
    </>
  )
}
