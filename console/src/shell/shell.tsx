import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { afterFirstView } from '../shared/first-view.ts'
import { SessionGate } from '../session/gate.tsx'
import { lazyPart } from '../ui/lazy-part.tsx'
import { Banners } from './banners/banners.tsx'
import { useOverlays } from './overlays.tsx'
import { Rail } from './rail.tsx'

const WaitingReplies = lazyPart(
  async () => {
    await afterFirstView()
    return (await import('../features/ticket/outbox/waiting-replies.tsx')).WaitingReplies
  },
  { isSilent: true },
)

/** The frame of every page behind the login. */
export function Shell() {
  return (
    <SessionGate>
      <Frame />
    </SessionGate>
  )
}

function Frame() {
  const { overlays, show } = useOverlays()
  return (
    <div className="flex h-full flex-col">
      <a
        href="#main"
        onClick={(event) => {
          // The address stays what it is.
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-sm font-medium text-accent-ink focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <Banners />
      <div className="flex min-h-0 flex-1 max-sm:flex-col-reverse">
        <Rail onPalette={() => show('palette')} />
        <main id="main" tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
          <Outlet />
        </main>
      </div>
      {overlays}
      <Suspense>
        <WaitingReplies />
      </Suspense>
    </div>
  )
}
