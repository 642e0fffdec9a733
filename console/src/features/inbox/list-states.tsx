import { Inbox, SearchX } from 'lucide-react'
import { failuresOf, sentence } from '../../graph/errors.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState } from '../../ui/state.tsx'
import { SkeletonRow } from './row.tsx'

export function LoadingRows() {
  return (
    <div role="status" aria-label="Loading the inbox">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} style={{ height: '6.5rem' }}>
          <SkeletonRow />
        </div>
      ))}
    </div>
  )
}

export function NothingWaits({ isNarrowed, onAll }: { isNarrowed: boolean; onAll: () => void }) {
  if (!isNarrowed)
    return (
      <EmptyState icon={Inbox} title="Nothing waits for you">
        New tickets appear here by themselves.
      </EmptyState>
    )
  return (
    <EmptyState icon={Inbox} title="Nothing waits here">
      <p className="mb-2">No ticket passes these filters.</p>
      <Button onClick={onAll}>Show all tickets</Button>
    </EmptyState>
  )
}

export function NothingFound({ query }: { query: string }) {
  return (
    <EmptyState icon={SearchX} title={`Nothing found for “${query}”`}>
      Numbers of tickets and orders, names, addresses and words of messages are looked through.
    </EmptyState>
  )
}

/** Over rows that are there still, or after them: what did not come, and a way to try again. */
export function NotUpToDate({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div role="alert" className="flex items-center justify-between gap-2 bg-warn-soft px-3 py-1.5 text-xs text-warn">
      <span>{failuresOf(error).map(sentence).join(' ')}</span>
      <Button kind="quiet" className="min-h-6 text-xs text-warn" onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}

export const InboxFailed = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => (
  <ErrorState title="The inbox could not be loaded" error={error} onRetry={onRetry} />
)

export const EndOfList = () => <p className="py-4 text-center text-xs text-ink-faint">That is all.</p>
