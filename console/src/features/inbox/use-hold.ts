import { useEffect, useMemo, type PointerEvent } from 'react'
import { createHold, type Hold } from './hold.ts'
import type { InboxList } from './list.ts'

/** Keeps the rows of a list where they are while somebody is at them, or writes. */
export function useHold(list: InboxList): Hold {
  const hold = useMemo(() => createHold((isHeld) => list.hold(isHeld)), [list])
  useEffect(() => {
    // Anywhere: who writes a reply must not see the list jump beside it. After React's own listeners, which would else find their fields drawn anew
    // with what they held before; and a choice from a list is no typing, its `change` is still to come.
    const typed = ({ target }: Event) => {
      if (!(target instanceof HTMLSelectElement)) hold.sign('typing')
    }
    document.addEventListener('input', typed)
    return () => {
      document.removeEventListener('input', typed)
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
  // A click leaves the focus behind too: only who comes by keys, or uses them here, is at the list by them.
  onKeyUp: () => hold.begin('focus'),
  onBlur: () => hold.end('focus'),
})
