import { useCallback, useEffect } from 'react'
import { firstViewIsThere } from '../../shared/first-view.ts'
import { waitingInWords } from './counts.ts'
import type { InboxList, InboxView } from './list.ts'
import { EndOfList, InboxFailed, LoadingRows, NothingFound, NothingWaits, NotUpToDate } from './list-states.tsx'
import { RowList } from './row-list.tsx'
import { UpdatesBar } from './updates-bar.tsx'
import type { Found } from './use-found.ts'
import { useInboxView } from './use-inbox.ts'

function StatusLine({ view, onApply }: { view: InboxView; onApply: () => void }) {
  return (
    <div className="flex min-h-8 items-center justify-between border-b border-line px-3 text-xs text-ink-faint">
      <span>{view.state === 'ready' ? `${waitingInWords(view.total)} waiting` : ' '}</span>
      <UpdatesBar waiting={view.waiting} onApply={onApply} />
    </div>
  )
}

type Shared = Pick<Parameters<typeof RowList>[0], 'open' | 'search' | 'hold' | 'onStep'>

/** What waits, as it is now. Alone here each event of the list is heard: all around stays as it is. */
export function WaitingRows(props: { list: InboxList; rows: Shared; onAll: () => void; isNarrowed: boolean }) {
  const { list } = props
  const view = useInboxView(list, (now) => now)
  const isRead = view.state !== 'loading'
  useEffect(() => {
    if (isRead) firstViewIsThere()
  }, [isRead])
  return (
    <>
      <StatusLine view={view} onApply={list.apply} />
      {view.error !== null && view.length > 0 && <NotUpToDate error={view.error} onRetry={() => void list.reload()} />}
      <Rows view={view} {...props} />
    </>
  )
}

function Rows({
  view,
  list,
  rows,
  onAll,
  ...props
}: {
  view: InboxView
  list: InboxList
  rows: Shared
  onAll: () => void
  isNarrowed: boolean
}) {
  const readOn = useCallback(() => {
    // What failed is asked for again by hand, not with each frame.
    if (list.view().error === null) void list.readOn()
  }, [list])
  if (view.state === 'failed') return <InboxFailed error={view.error} onRetry={() => void list.reload()} />
  if (view.state === 'loading') return <LoadingRows />
  if (view.length === 0) return <NothingWaits isNarrowed={props.isNarrowed} onAll={onAll} />
  return (
    <RowList
      label="Tickets, the most pressing first"
      listed={view}
      total={view.total}
      hasMore={view.hasMore}
      onReadOn={readOn}
      {...rows}
      footer={view.hasMore ? null : <EndOfList />}
    />
  )
}

/** What a search found. */
export function FoundRows({ found, query, rows }: { found: Found; query: string; rows: Shared }) {
  if (found.length > 0)
    return (
      <RowList
        label={`Tickets found for ${query}, the best match first`}
        listed={found}
        total={found.hasMore ? null : found.length}
        hasMore={found.hasMore}
        onReadOn={found.readOn}
        highlightOf={found.highlightOf}
        {...rows}
        footer={found.hasMore ? null : <EndOfList />}
      />
    )
  if (found.error) return <InboxFailed error={found.error} onRetry={found.retry} />
  return found.isLoading ? <LoadingRows /> : <NothingFound query={query} />
}
