import { Bell } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useCommand } from '../../commands/use-command.ts'
import { ahead, lazyPart } from '../../ui/lazy-part.tsx'
import { useNotifications } from './use-notifications.ts'

const load = () => import('./notification-popover.tsx')
const NotificationPopover = lazyPart(() => load().then(({ NotificationPopover }) => NotificationPopover))

/** What happened that concerns the agent: how much is unread, and behind it the list. */
export function NotificationBell() {
  const given = useNotifications()
  const { unreadCount, arrived } = given
  const [isOpen, setOpen] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const toggle = (open: boolean) => {
    setAsked(true)
    setOpen(open)
  }
  useCommand({
    id: 'notifications',
    title: 'Notifications',
    section: 'Go to',
    shortcut: 'g>n',
    keywords: ['bell', 'unread', 'mentions'],
    run: () => toggle(true),
  })
  const button = (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={unreadCount > 0 ? `Notifications, ${unreadCount} unread` : 'Notifications'}
      onPointerEnter={() => ahead(load)}
      onFocus={() => ahead(load)}
      {...(!isAsked && { onClick: () => toggle(true) })}
      className="relative flex size-10 items-center justify-center rounded-md text-ink-soft hover:bg-raised hover:text-ink"
    >
      <Bell aria-hidden className="size-4.5" />
      {unreadCount > 0 && (
        <span
          aria-hidden
          className="absolute top-0.5 right-0.5 min-w-4.5 rounded-full bg-accent px-1 text-center text-[0.68rem] leading-4.5 font-semibold text-accent-ink"
        >
          {unreadCount > 99 ? '99+' : unreadCount}
        </span>
      )}
    </button>
  )
  return (
    <>
      {isAsked ? (
        <Suspense fallback={button}>
          <NotificationPopover isOpen={isOpen} onOpenChange={setOpen} trigger={button} given={given} />
        </Suspense>
      ) : (
        button
      )}
      <span role="status" className="sr-only">
        {arrived && `New notification: ${arrived.text}`}
      </span>
    </>
  )
}
