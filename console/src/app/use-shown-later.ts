import { startTransition, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { movesOn } from '../commands/keyboard.ts'

/**
 * What is shown follows what is wanted a moment later, drawn between the frames: so a row that is pressed is marked at once, however much its page is; null
 * before the first. Whoever moves on meanwhile passes over it. Whoever presses anything else, or comes to it with the pointer (`showNow`), means what they
 * wanted and not what still stands there: for them it is drawn at once.
 */
export function useShownLater(wanted: string): { shown: string | null; showNow: () => void } {
  const [shown, setShown] = useState<string | null>(null)
  const isBehind = shown !== wanted
  const showNow = () => {
    if (isBehind) flushSync(() => setShown(wanted))
  }
  useEffect(() => {
    if (!isBehind) return
    startTransition(() => setShown(wanted))
    const press = (event: Event) => {
      if (!(event instanceof KeyboardEvent && movesOn(event))) flushSync(() => setShown(wanted))
    }
    // Before anybody else hears of it.
    const presses = ['keydown', 'pointerdown'] as const
    for (const type of presses) window.addEventListener(type, press, { capture: true })
    return () => {
      for (const type of presses) window.removeEventListener(type, press, { capture: true })
    }
  }, [wanted, isBehind])
  return { shown, showNow }
}
