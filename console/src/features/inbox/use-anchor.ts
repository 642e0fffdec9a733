import { useLayoutEffect, useRef, type RefObject } from 'react'
import type { Listed } from './inbox-context.ts'

type Anchored = { listed: Listed; height: number; openAt: number }

/**
 * Rows that come in above what is read down the list do not push it away: the first row in sight stays where it is on the screen. At the top the new ones
 * are to be seen, and a ticket that is open and in sight keeps its place by itself.
 */
export function useAnchor(scroller: RefObject<HTMLDivElement | null>, { listed, height, openAt }: Anchored): void {
  const anchor = useRef<{ id: string; index: number } | null>(null)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const { scrollTop, clientHeight } = element
    const first = Math.ceil(scrollTop / height)
    const isOpenInSight = openAt >= first && (openAt + 1) * height <= scrollTop + clientHeight
    const last = anchor.current
    const index = last ? listed.indexOf(last.id) : -1
    const by = last && index !== -1 ? index - last.index : 0
    // A row that itself went far is nothing to hold on to.
    if (by !== 0 && Math.abs(by) <= 20 && scrollTop > 0 && !isOpenInSight)
      element.scrollTo({ top: scrollTop + by * height })
    const now = Math.ceil(element.scrollTop / height)
    const place = listed.at(now)
    anchor.current = place ? { id: place.id, index: now } : null
  })
}
