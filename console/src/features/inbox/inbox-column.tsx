import { useRef } from 'react'
import { useCommand } from '../../commands/use-command.ts'
import { useGraph } from '../../graph/graph.tsx'
import { classes } from '../../ui/classes.ts'
import { preloadTicket } from '../ticket/preload.ts'
import { Filters } from './filters.tsx'
import { FoundRows, WaitingRows } from './inbox-rows.tsx'
import type { Listing } from './inbox-context.ts'
import type { InboxList } from './list.ts'
import { neighboursOf } from './neighbours.ts'
import { SearchBox } from './search-box.tsx'
import { isNarrowed } from './search.ts'
import { TopicAlerts } from './topic-alerts.tsx'
import type { Found } from './use-found.ts'
import { useHold } from './use-hold.ts'
import type { useInboxAddress } from './use-inbox.ts'

type InboxColumnProps = {
  address: ReturnType<typeof useInboxAddress>
  list: InboxList
  /** What is stepped through: the list, or what was found. */
  listing: Listing
  found: Found
  className?: string
}

/** The left of the inbox: what narrows it, and the rows; or what a search found. */
export function InboxColumn({ address, list, listing, found, className }: InboxColumnProps) {
  const { number, search, narrow } = address
  const { q } = search
  const hold = useHold(list)
  const field = useRef<HTMLInputElement>(null)
  const step = useSteps(listing, address, () => hold.sign('keys'))
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
        <WaitingRows
          key={JSON.stringify(narrowed)}
          {...{ list, rows }}
          onAll={() => narrow(() => ({}))}
          isNarrowed={isNarrowed(search)}
        />
      ) : (
        <FoundRows key={q} found={found} query={q} rows={rows} />
      )}
    </section>
  )
}

/** To the next ticket or the one before; the one after that is fetched meanwhile. */
function useSteps(listing: Listing, { number, open }: InboxColumnProps['address'], onStep: () => void) {
  const { apollo } = useGraph()
  return (by: 1 | -1) => {
    onStep()
    const listed = listing.view()
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
