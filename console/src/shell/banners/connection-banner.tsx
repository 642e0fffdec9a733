import { CircleCheck, Unplug, WifiOff } from 'lucide-react'
import { useGraph, useLiveStatus } from '../../graph/graph.tsx'
import { formatDuration } from '../../shared/format.ts'
import { useNow } from '../../shared/now.tsx'
import { Banner, BannerButton } from './banner.tsx'
import { useConnection, useIsOnline } from './connection.ts'

/** Says that the connection is lost, when it is tried again, what works meanwhile; and when it is back. */
export function ConnectionBanner() {
  const isOnline = useIsOnline()
  const connection = useConnection()
  const { live } = useGraph()
  if (!isOnline)
    return (
      <Banner tone="warn" icon={WifiOff}>
        <strong>This computer is offline.</strong> What is shown stays; what you write is kept.
      </Banner>
    )
  if (connection === 'back')
    return (
      <Banner tone="good" icon={CircleCheck}>
        Connection is back; nothing was missed.
      </Banner>
    )
  if (connection === 'fine') return null
  return (
    <Banner tone="warn" icon={Unplug} actions={<BannerButton onClick={() => live.tryNow()}>Try now</BannerButton>}>
      <strong>The connection is lost.</strong> You can go on reading and writing; what is shown may be old. <NextTry />
    </Banner>
  )
}

/** Counts down for the eye only: read out each second it would be a nuisance. */
function NextTry() {
  const status = useLiveStatus()
  const now = useNow()
  if (status.state !== 'waiting') return <span aria-hidden>Trying now…</span>
  const seconds = Math.max(1, Math.ceil((status.nextTryAt.getTime() - now) / 1_000))
  return <span aria-hidden>{`Next try in ${formatDuration(seconds)}.`}</span>
}
