import { useParams } from '@tanstack/react-router'
import { memo, Suspense } from 'react'
import { preloadTicketCode } from '../features/ticket/preload.ts'
import { lazyPart } from '../ui/lazy-part.tsx'
import { Skeleton } from '../ui/state.tsx'
import { useShownLater } from './use-shown-later.ts'

const loadTicketPage = () => import('../features/ticket/page.tsx')
const TicketPage = memo(lazyPart(async () => (await loadTicketPage()).TicketPage))
const CustomerPage = lazyPart(async () => (await import('../features/customer/customer-page.tsx')).CustomerPage)
const SettingsPage = lazyPart(async () => (await import('../features/settings/page.tsx')).SettingsPage)

/** A ticket's page and what stands beside it are fetched ahead, once what was asked for first is on the screen: so it opens at once. */
export const fetchAhead = (): void => void loadTicketPage().then(preloadTicketCode, () => {})

/** Reads an address, shows its page. A page is made anew where it is about something else. */
export function TicketRoute() {
  const { number } = useParams({ from: '/shell/inbox/$number' })
  const { shown, showNow } = useShownLater(number)
  const skeleton = <Skeleton className="m-4 h-8 w-48" />
  return (
    <div className="contents" aria-busy={shown !== number} onPointerEnter={showNow}>
      {shown === null ? (
        skeleton
      ) : (
        <Suspense fallback={skeleton}>
          <TicketPage key={shown} number={Number(shown)} />
        </Suspense>
      )}
    </div>
  )
}

export function CustomerRoute() {
  const { customerId } = useParams({ from: '/shell/customers/$customerId' })
  return (
    <Suspense fallback={<Skeleton className="m-4 h-8 w-48" />}>
      <CustomerPage key={customerId} customerId={customerId} />
    </Suspense>
  )
}

export function SettingsRoute() {
  const { section } = useParams({ from: '/shell/settings/$section' })
  return (
    <Suspense fallback={<Skeleton className="m-4 h-8 w-48" />}>
      <SettingsPage section={section} />
    </Suspense>
  )
}
