import { useLayoutEffect, useRef, type RefObject } from 'react'
import type { Listed } from './inbox-context.ts'

type Anchored = {
  listed: Listed
  height: number
  openAt: number
  /** How far down the list is, as it was last told: px. */
  offset: number
}

/**
 * Rows that come in above what is read down the list do not push it away: the first row in sight stays where it is on the screen. At the top the new ones
 * are to be seen, and a ticket that is open and in sight keeps its place by itself.
 */
export function useAnchor(
  scroller: RefObject<HTMLDivElement | null>,
  { listed, height, openAt, offset }: Anchored,
): void {
  const anchor = useRef<{ id: string; index: number } | null>(null)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const last = anchor.current
    const index = last ? listed.indexOf(last.id) : -1
    const by = last && index !== -1 ? index - last.index : 0
    // A row that itself went far is nothing to hold on to.
    if (by !== 0 && Math.abs(by) <= 20 && offset > 0 && !isInSight(element, openAt, height))
      element.scrollTo({ top: element.scrollTop + by * height })
    const now = Math.ceil(offset / height)
    const place = listed.at(now)
    anchor.current = place ? { id: place.id, index: now } : null
  })
}

/** Asking the element where it stands makes the browser lay out the page at once: so it is asked only where rows came in above. */
function isInSight({ scrollTop, clientHeight }: Element, index: number, height: number): boolean {
  return index >= Math.ceil(scrollTop / height) && (index + 1) * height <= scrollTop + clientHeight
}
