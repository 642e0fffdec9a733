import { Eye, FlaskConical } from 'lucide-react'
import { useDemoMode } from '../../session/demo-mode.ts'
import { useViewer } from '../../session/viewer.tsx'
import { Banner, BannerButton } from './banner.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { ExpiryBanner } from './expiry-banner.tsx'
import { ServiceBanner } from './service-banner.tsx'
import { UpdateBanner } from './update-banner.tsx'

/** What holds for the whole console at the moment, read out as it comes. */
export function Banners() {
  const demo = useDemoMode()
  const { permissions } = useViewer()
  return (
    <div role="status" aria-label="Notices" aria-atomic="false" aria-relevant="additions" className="shrink-0">
      {demo.isOn && (
        <Banner
          tone="accent"
          icon={FlaskConical}
          actions={<BannerButton onClick={demo.exit}>Leave the demo</BannerButton>}
        >
          <strong>Local demo:</strong> nothing leaves this browser. A reload begins it anew.
        </Banner>
      )}
      <UpdateBanner />
      {!demo.isOn && <ConnectionBanner />}
      <ServiceBanner />
      <ExpiryBanner />
      {!permissions.includes('ticket:update_own') && (
        <Banner tone="note" icon={Eye}>
          You may read here, and change nothing.
        </Banner>
      )}
    </div>
  )
}
