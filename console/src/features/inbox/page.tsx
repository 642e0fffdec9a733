import { Outlet } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page.tsx'

/** The inbox, and beside it the ticket that is open. */
export function InboxPage() {
  return (
    <>
      <PageHeader title="Inbox" />
      <Outlet />
    </>
  )
}
