import { Link, Outlet } from '@tanstack/react-router'
import { ChartLine, FlaskConical, Inbox, Settings, Users } from 'lucide-react'
import { NotificationBell } from '../features/notifications/bell.tsx'
import { SessionGate } from '../session/gate.tsx'
import { Tip } from '../ui/tip.tsx'

const places = [
  { to: '/inbox', label: 'Inbox', icon: Inbox },
  { to: '/customers', label: 'Customers', icon: Users },
  { to: '/analytics', label: 'Analytics', icon: ChartLine },
  { to: '/settings', label: 'Settings', icon: Settings },
  { to: '/demo', label: 'Demo', icon: FlaskConical },
] as const

/** The frame of every page behind the login. */
export function Shell() {
  return (
    <SessionGate>
      <div className="flex h-full">
        <nav aria-label="Main" className="flex w-14 flex-col items-center gap-1 border-r border-line bg-surface py-3">
          {places.map(({ to, label, icon: Icon }) => (
            <Tip key={to} text={label}>
              <Link
                to={to}
                aria-label={label}
                className="flex size-10 items-center justify-center rounded-md text-ink-soft hover:bg-raised data-[status=active]:bg-accent-soft data-[status=active]:text-accent"
              >
                <Icon aria-hidden className="size-5" />
              </Link>
            </Tip>
          ))}
          <NotificationBell />
        </nav>
        <main className="min-w-0 flex-1 overflow-y-auto">
          <Outlet />
        </main>
      </div>
    </SessionGate>
  )
}
