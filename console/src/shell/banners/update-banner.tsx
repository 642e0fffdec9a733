import { RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useGraph, useServiceStatus } from '../../graph/graph.tsx'
import { Banner, BannerButton } from './banner.tsx'

/** After a release the server takes only the new console's documents, and has only its files. */
export function UpdateBanner() {
  const { live } = useGraph()
  const { isOutdated } = useServiceStatus()
  const [isFileGone, setFileGone] = useState(false)
  useEffect(() => {
    // Without a connection a file that is there cannot be fetched either.
    const gone = () => live.status().state === 'live' && setFileGone(true)
    window.addEventListener('vite:preloadError', gone)
    return () => window.removeEventListener('vite:preloadError', gone)
  }, [live])
  if (!isOutdated && !isFileGone) return null
  return (
    <Banner
      tone="accent"
      icon={RefreshCw}
      actions={<BannerButton onClick={() => location.reload()}>Reload</BannerButton>}
    >
      <strong>The console has been updated.</strong> Reload to go on; what you wrote is kept.
    </Banner>
  )
}
