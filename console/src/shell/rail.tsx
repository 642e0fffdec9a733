import { Link, useNavigate } from '@tanstack/react-router'
import { Command } from 'lucide-react'
import { useCommand } from '../commands/use-command.ts'
import { NotificationBell } from '../features/notifications/bell.tsx'
import { useViewer } from '../session/viewer.tsx'
import { Tip } from '../ui/tip.tsx'
import { AgentMenu } from './agent-menu.tsx'
import { places, type Place } from './places.ts'

/** The ways through the console: at the left, or below on a small screen. */
export function Rail({ onPalette }: { onPalette: () => void }) {
  return (
    <header className="flex shrink-0 border-line bg-surface max-sm:border-t sm:w-18 sm:flex-col sm:border-r sm:py-2">
      <Business />
      <nav aria-label="Main" className="flex flex-1 justify-around gap-0.5 sm:flex-col sm:justify-start sm:px-0.5">
        {places.map((place) => (
          <PlaceLink key={place.to} place={place} />
        ))}
      </nav>
      <div className="flex items-center gap-1 max-sm:px-1 sm:flex-col">
        <Tip text="Commands" shortcut="mod+k">
          <button
            type="button"
            aria-label="Commands"
            onClick={onPalette}
            className="flex size-10 items-center justify-center rounded-md text-ink-soft hover:bg-raised hover:text-ink"
          >
            <Command aria-hidden className="size-4.5" />
          </button>
        </Tip>
        <NotificationBell />
        <AgentMenu />
      </div>
    </header>
  )
}

/** Whose console it is. */
function Business() {
  const { tenant } = useViewer()
  return (
    <div className="mb-2 flex flex-col items-center gap-1 px-1 max-sm:hidden">
      <img src="/icon.svg" alt="" className="size-6" />
      <p className="line-clamp-2 text-center text-[0.7rem] leading-tight font-medium text-ink-soft" title={tenant.name}>
        {tenant.name}
      </p>
    </div>
  )
}

function PlaceLink({ place: { to, label, icon: Icon, shortcut } }: { place: Place }) {
  const navigate = useNavigate()
  useCommand({
    id: `go:${to}`,
    title: `Go to ${label.toLowerCase()}`,
    section: 'Go to',
    shortcut,
    keywords: ['open', 'page'],
    run: () => void navigate({ to }),
  })
  return (
    <Tip text={label} shortcut={shortcut}>
      <Link
        to={to}
        className="flex min-h-11 min-w-11 flex-col items-center justify-center gap-0.5 rounded-md px-1 text-ink-soft hover:bg-raised hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent"
      >
        <Icon aria-hidden className="size-4.5" />
        <span className="text-[0.68rem] leading-tight font-medium">{label}</span>
      </Link>
    </Tip>
  )
}
