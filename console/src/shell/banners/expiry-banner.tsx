import { Timer } from 'lucide-react'
import { Suspense, useState, useSyncExternalStore } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import { formatDuration } from '../../shared/format.ts'
import { useNow } from '../../shared/now.tsx'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { Banner, BannerButton } from './banner.tsx'

/** So long before a login ends one is told: ms. */
const noticeMs = 15 * 60_000

const StayDialog = lazyPart(() => import('./stay-dialog.tsx').then(({ StayDialog }) => StayDialog))

/** Says in time that the login ends, and offers to stay without leaving what one does. */
export function ExpiryBanner() {
  const { session } = useGraph()
  const login = useSyncExternalStore(session.subscribe, session.current)
  const now = useNow(30_000)
  const [isStaying, setStaying] = useState(false)
  const leftMs = login ? Date.parse(login.expiresAt) - now : Infinity
  if (!login || leftMs > noticeMs) return null
  return (
    <>
      <Banner
        tone="note"
        icon={Timer}
        actions={<BannerButton onClick={() => setStaying(true)}>Stay logged in</BannerButton>}
      >
        Your login ends <span aria-hidden>{`in ${formatDuration(Math.max(60, leftMs / 1_000))}`}</span>
        <span className="sr-only">soon</span>. What you write is kept.
      </Banner>
      {isStaying && (
        <Suspense>
          <StayDialog login={login} onClose={() => setStaying(false)} />
        </Suspense>
      )}
    </>
  )
}
