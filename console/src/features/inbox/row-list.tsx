import { useVirtualizer } from '@tanstack/react-virtual'
import { Suspense, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { Skeleton } from '../../ui/state.tsx'
import { preloadTicket } from '../ticket/preload.ts'
import { createDwell } from './dwell.ts'
import type { Hold } from './hold.ts'
import type { Listed } from './inbox-context.ts'
import { Row, SkeletonRow } from './row.tsx'
import type { InboxSearch } from './search.ts'
import { useAnchor } from './use-anchor.ts'
import { holdProps } from './use-hold.ts'

const ScorePopover = lazyPart(async () => (await import('./score-popover.tsx')).ScorePopover)

type RowListProps = {
  label: string
  listed: Listed
  /** How many there are, those included that were not read yet; null: not known. */
  total: number | null
  hasMore: boolean
  onReadOn: () => void
  open: number | null
  search: InboxSearch
  hold: Hold
  highlightOf?: (id: string) => string | undefined
  onStep: (step: 1 | -1) => void
  footer: ReactNode
}

/** In rem: four lines and some air. All rows are alike, so none is measured. */
const rowHeight = 6.5
const skeletons = 3
/** So many rows before the end the next page is asked for. */
const readAhead = 20

/** Rows of tickets, of which only those in sight are made. */
export function RowList({ label, listed, total, hasMore, onReadOn, open, search, hold, ...props }: RowListProps) {
  const { apollo } = useGraph()
  const preload = useCallback((number: number) => preloadTicket(apollo, number), [apollo])
  const near = useMemo(() => createDwell(preload), [preload])
  useEffect(() => near.leave, [near])
  const [explained, setExplained] = useState<{ id: string; button: HTMLElement } | null>(null)
  const explain = useCallback((id: string, button: HTMLElement) => setExplained({ id, button }), [])
  const scroller = useRef<HTMLDivElement>(null)
  const [height] = useState(() => rowHeight * (parseFloat(getComputedStyle(document.documentElement).fontSize) || 14))
  const { length } = listed
  // eslint-disable-next-line react-hooks/incompatible-library -- its answer is read in this rendering only
  const virtual = useVirtualizer({
    count: length + (hasMore ? skeletons : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
  })
  const items = virtual.getVirtualItems()
  const lastIndex = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && lastIndex >= length - readAhead) onReadOn()
  }, [hasMore, lastIndex, length, onReadOn])
  const openAt = open === null ? -1 : indexOfNumber(listed, open)
  useReveal(open, openAt, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  useAnchor(scroller, { listed, height, openAt, offset: virtual.scrollOffset ?? 0 })
  const tabStop = items.some(({ index }) => index === openAt) ? openAt : (items[0]?.index ?? 0)
  // Arrows take the focus along; J and K leave it where it is.
  const follows = useRef(false)
  useEffect(() => {
    if (!follows.current || open === null) return
    const link = scroller.current?.querySelector<HTMLElement>(`[data-row="${open}"]`)
    if (!link) return
    follows.current = false
    link.focus()
  })
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    follows.current = true
    props.onStep(by)
  }
  return (
    <div
      ref={scroller}
      {...holdProps(hold)}
      onKeyDown={step}
      onPointerLeave={() => {
        near.leave()
        hold.end('pointer')
      }}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
    >
      <ul aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const place = listed.at(index)
          return (
            <li
              // Not the index: a row that moves is the same row, with its focus.
              key={place?.id ?? `more-${index - length}`}
              aria-setsize={total ?? -1}
              aria-posinset={index + 1}
              aria-hidden={place ? undefined : true}
              className="absolute inset-x-0 top-0"
              style={{ height, transform: `translateY(${start}px)` }}
            >
              {place ? (
                <Row
                  id={place.id}
                  isOpen={place.number === open}
                  isTabStop={index === tabStop}
                  search={search}
                  highlight={props.highlightOf?.(place.id)}
                  onExplain={explain}
                  onNear={near.come}
                  onPress={preload}
                />
              ) : (
                <SkeletonRow />
              )}
            </li>
          )
        })}
      </ul>
      {props.footer}
      {explained && (
        <Suspense fallback={<Skeleton className="sr-only" />}>
          <ScorePopover
            key={explained.id}
            {...explained}
            onOpen={() => hold.begin('panel')}
            onClose={() => {
              hold.end('panel')
              setExplained(null)
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

function indexOfNumber(listed: Listed, number: number): number {
  const place = listed.find(number)
  return place ? listed.indexOf(place.id) : -1
}

/** Brings the ticket that was opened into sight; later moves of it bring nothing. */
function useReveal(open: number | null, index: number, reveal: (index: number) => void): void {
  const revealed = useRef<number | null>(null)
  useEffect(() => {
    if (open === revealed.current || (open !== null && index === -1)) return
    revealed.current = open
    if (index !== -1) reveal(index)
  })
}
