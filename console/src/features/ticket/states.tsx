import { Link } from '@tanstack/react-router'
import { GitMerge, SearchX, Trash2 } from 'lucide-react'
import { useTitle } from '../../ui/page.tsx'
import { EmptyState, Skeleton } from '../../ui/state.tsx'

/** The page's shape while it is read. */
export function TicketSkeleton() {
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-col gap-2 border-b border-line p-4">
        <Skeleton className="h-6 w-80 max-w-full" label="Loading the ticket" />
        <div aria-hidden className="h-4 w-56 animate-pulse rounded bg-raised" />
        <div aria-hidden className="h-8 w-full animate-pulse rounded bg-raised" />
      </div>
      <div aria-hidden className="flex flex-1 flex-col justify-end gap-4 p-5">
        <div className="h-20 w-2/3 animate-pulse rounded-xl bg-raised" />
        <div className="ml-auto h-16 w-1/2 animate-pulse rounded-xl bg-raised" />
        <div className="h-12 w-1/2 animate-pulse rounded-xl bg-raised" />
      </div>
      <div aria-hidden className="m-4 h-40 animate-pulse rounded-lg bg-raised" />
    </div>
  )
}

function Gone({ title }: { title: string }) {
  useTitle(title)
  return <h1 className="sr-only">{title}</h1>
}

const toInbox = (
  <Link to="/inbox" className="text-accent underline underline-offset-2">
    Back to the inbox
  </Link>
)

export function TicketNotFound({ number }: { number: number }) {
  return (
    <>
      <Gone title={`Ticket #${number} is not there`} />
      <EmptyState icon={SearchX} title={`There is no ticket #${number}`}>
        <p>It does not exist, or it is not yours to see.</p>
        {toInbox}
      </EmptyState>
    </>
  )
}

export function TicketDeleted({ number }: { number: number }) {
  return (
    <>
      <Gone title={`Ticket #${number} was deleted`} />
      <EmptyState icon={Trash2} title={`Ticket #${number} was deleted`}>
        <p>Somebody deleted it while you had it open.</p>
        {toInbox}
      </EmptyState>
    </>
  )
}

/** Stands where the composer would: what is to be said is said in the other ticket. */
export function MergedNotice({ into }: { into: number }) {
  return (
    <p role="status" className="flex items-center gap-2 border-t border-line bg-raised px-4 py-3 text-sm text-ink-soft">
      <GitMerge aria-hidden className="size-4" />
      <span>
        This ticket became part of{' '}
        <Link to="/inbox/$number" params={{ number: String(into) }} className="font-medium text-accent underline">
          #{into}
        </Link>
        . Answer there.
      </span>
    </p>
  )
}
