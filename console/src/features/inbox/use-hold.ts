import { useEffect, useMemo, type FocusEvent, type PointerEvent } from 'react'
import { createHold, type Hold } from './hold.ts'
import type { InboxList } from './list.ts'

/** Keeps the rows of a list where they are while somebody is at them, or writes. */
export function useHold(list: InboxList): Hold {
  const hold = useMemo(() => createHold((isHeld) => list.hold(isHeld)), [list])
  useEffect(() => {
    // Anywhere: who writes a reply must not see the list jump beside it.
    const typed = () => hold.sign('typing')
    document.addEventListener('input', typed, true)
    return () => {
      document.removeEventListener('input', typed, true)
      hold.stop()
      list.hold(false)
    }
  }, [hold, list])
  return hold
}

/** What the element that holds the rows listens to. */
export const holdProps = (hold: Hold) => ({
  onPointerMove: ({ pointerType }: PointerEvent) =>
    pointerType === 'touch' ? hold.sign('pointer') : hold.begin('pointer'),
  onPointerLeave: () => hold.end('pointer'),
  onScroll: () => hold.sign('scroll'),
  // A click focuses too, and leaves the focus behind: only who got there by keys stays there.
  onFocus: ({ target }: FocusEvent) => {
    if (target.matches(':focus-visible')) hold.begin('focus')
  },
  onBlur: () => hold.end('focus'),
})
