import { Link, Outlet } from '@tanstack/react-router'
import { ArrowLeft, MousePointerClick } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { classes } from '../../ui/classes.ts'
import { Keys } from '../../ui/keys.tsx'
import { useTitle } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/state.tsx'
import { waitingInWords } from './counts.ts'
import { InboxContext } from './inbox-context.ts'
import { InboxColumn } from './inbox-column.tsx'
import { useFound } from './use-found.ts'
import type { InboxList } from './list.ts'
import { useInboxAddress, useInboxList, useInboxView } from './use-inbox.ts'

/** The inbox, and beside it the ticket that is open. On narrow screens one or the other. */
export function InboxPage() {
  const address = useInboxAddress()
  const { number, search } = address
  const list = useInboxList(search)
  const found = useFound(search.q ?? '')
  const openId = useInboxView(list, ({ find }) => (number === null ? null : (find(number)?.id ?? null)))
  useEffect(() => list.pin(openId), [list, openId])
  const listing = useMemo(
    () => (search.q === undefined ? list : { view: () => found, subscribe: () => () => {} }),
    [search.q, list, found],
  )
  return (
    <InboxContext value={listing}>
      <div className="flex h-full">
        <InboxColumn
          {...{ address, list, listing, found }}
          className={classes('w-full min-[900px]:w-88 xl:w-100', number !== null && 'max-[900px]:hidden')}
        />
        <div className={classes('flex min-w-0 flex-1 flex-col', number === null && 'max-[900px]:hidden')}>
          {number === null ? (
            <NothingOpen list={list} />
          ) : (
            <>
              <Link
                to="/inbox"
                search={search as never}
                className="inline-flex min-h-8 items-center gap-1 border-b border-line px-3 text-sm text-accent min-[900px]:hidden"
              >
                <ArrowLeft aria-hidden className="size-4" />
                Back to the inbox
              </Link>
              <div className="min-h-0 flex-1 overflow-y-auto">
                <Outlet />
              </div>
            </>
          )}
        </div>
      </div>
    </InboxContext>
  )
}

/** Where no ticket is open the window's title counts what waits; else it names the ticket. */
function NothingOpen({ list }: { list: InboxList }) {
  const waiting = useInboxView(list, ({ total }) => total)
  useTitle(waiting === 0 ? 'Inbox' : `(${waitingInWords(waiting)}) Inbox`)
  return (
    <div className="m-auto">
      <EmptyState icon={MousePointerClick} title="Choose a ticket">
        <p>
          <Keys of="j" /> opens the next one, <Keys of="k" /> the one before. The one that matters most stands first.
        </p>
      </EmptyState>
    </div>
  )
}
