import { useCallback, useRef } from 'react'
import { useCommand } from '../../commands/use-command.ts'
import { useGraph } from '../../graph/graph.tsx'
import { classes } from '../../ui/classes.ts'
import { preloadTicket } from '../ticket/preload.ts'
import { waitingInWords } from './counts.ts'
import { Filters } from './filters.tsx'
import type { InboxList, InboxView } from './list.ts'
import { EndOfList, InboxFailed, LoadingRows, NothingFound, NothingWaits, NotUpToDate } from './list-states.tsx'
import { neighboursOf } from './neighbours.ts'
import { RowList } from './row-list.tsx'
import { SearchBox } from './search-box.tsx'
import { isNarrowed } from './search.ts'
import { TopicAlerts } from './topic-alerts.tsx'
import { UpdatesBar } from './updates-bar.tsx'
import type { Found } from './use-found.ts'
import { useHold } from './use-hold.ts'
import type { useInboxAddress } from './use-inbox.ts'

type InboxColumnProps = {
  address: ReturnType<typeof useInboxAddress>
  list: InboxList
  view: InboxView
  found: Found
  className?: string
}

/** The left of the inbox: what narrows it, and the rows; or what a search found. */
export function InboxColumn({ address, list, view, found, className }: InboxColumnProps) {
  const { number, search, narrow } = address
  const { q } = search
  const hold = useHold(list)
  const field = useRef<HTMLInputElement>(null)
  const listed = q === undefined ? view : found
  const step = useSteps(listed, address, () => hold.sign('keys'))
  useInboxCommands({ address, step, focusSearch: () => field.current?.focus() })
  const { queue, channel, whose } = search
  const narrowed = {
    ...(queue !== undefined && { queue }),
    ...(channel && { channel }),
    ...(whose && { whose }),
  }
  const rows = { open: number, search, hold, onStep: step }
  // The page's one h1 is the ticket's where one is open.
  const Heading = number === null ? 'h1' : 'h2'
  return (
    <section
      aria-label="Inbox"
      className={classes('flex shrink-0 flex-col border-r border-line bg-surface', className)}
    >
      <div className="flex flex-col gap-2 border-b border-line p-3">
        <div className="flex items-center gap-3">
          <Heading className="text-lg font-semibold">Inbox</Heading>
          <SearchBox
            q={q ?? ''}
            field={field}
            onSearch={(text) =>
              narrow(({ q: _before, ...others }) => ({ ...others, ...(text !== '' && { q: text }) }), q !== undefined)
            }
          />
        </div>
        {q === undefined && (
          <>
            <Filters search={narrowed} onChange={narrow} />
            <TopicAlerts onChanged={() => void list.reload()} />
          </>
        )}
      </div>
      {q === undefined ? (
        <>
          <StatusLine view={view} onApply={list.apply} />
          {view.error !== null && view.length > 0 && (
            <NotUpToDate error={view.error} onRetry={() => void list.reload()} />
          )}
          <Rows
            key={JSON.stringify(narrowed)}
            {...{ view, list, rows }}
            onAll={() => narrow(() => ({}))}
            isNarrowed={isNarrowed(search)}
          />
        </>
      ) : (
        <FoundRows key={q} found={found} query={q} rows={rows} />
      )}
    </section>
  )
}

function StatusLine({ view, onApply }: { view: InboxView; onApply: () => void }) {
  return (
    <div className="flex min-h-8 items-center justify-between border-b border-line px-3 text-xs text-ink-faint">
      <span>{view.state === 'ready' ? `${waitingInWords(view.total)} waiting` : ' '}</span>
      <UpdatesBar waiting={view.waiting} onApply={onApply} />
    </div>
  )
}

type Shared = Pick<Parameters<typeof RowList>[0], 'open' | 'search' | 'hold' | 'onStep'>

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

function FoundRows({ found, query, rows }: { found: Found; query: string; rows: Shared }) {
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

/** To the next ticket or the one before; the one after that is fetched meanwhile. */
function useSteps(listed: InboxView | Found, { number, open }: InboxColumnProps['address'], onStep: () => void) {
  const { apollo } = useGraph()
  return (by: 1 | -1) => {
    onStep()
    const { previous, next } = neighboursOf(listed, number)
    const to = by === 1 ? next : previous
    if (to === null) return
    open(to)
    const beyond = by === 1 ? neighboursOf(listed, to).next : neighboursOf(listed, to).previous
    if (beyond !== null) preloadTicket(apollo, beyond)
  }
}

function useInboxCommands({
  address: { number, narrow, close },
  step,
  focusSearch,
}: {
  address: InboxColumnProps['address']
  step: (by: 1 | -1) => void
  focusSearch: () => void
}) {
  const section = 'Inbox'
  useCommand({ id: 'inbox.next', title: 'Open the next ticket', section, shortcut: 'j', run: () => step(1) })
  useCommand({ id: 'inbox.previous', title: 'Open the ticket before', section, shortcut: 'k', run: () => step(-1) })
  useCommand({ id: 'inbox.search', title: 'Search tickets', section, shortcut: 'slash', run: focusSearch })
  useCommand({
    id: 'inbox.close',
    title: 'Close the ticket, back to the list',
    section,
    isEnabled: number !== null,
    run: close,
  })
  const show = (whose: 'mine' | 'nobody') => narrow(({ q: _before, ...others }) => ({ ...others, whose }))
  useCommand({
    id: 'inbox.all',
    title: 'Show all tickets',
    section,
    keywords: ['filter'],
    run: () => narrow(() => ({})),
  })
  useCommand({ id: 'inbox.mine', title: 'Show my tickets', section, keywords: ['filter'], run: () => show('mine') })
  useCommand({
    id: 'inbox.unassigned',
    title: 'Show unassigned tickets',
    section,
    keywords: ['filter', 'nobody'],
    run: () => show('nobody'),
  })
}
