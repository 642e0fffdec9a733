import { useEffect, useLayoutEffect, useRef, useState } from 'react'

/** So near to its end a thread counts as read to the end: px. */
const near = 48

/**
 * Keeps a scrolled list at its end while the person is there, and never moves it while they read further up. `leftAt`: what was last when they left
 * the end; null while they are there.
 */
export function useStickToEnd(lastId: string | undefined, isOwn: boolean) {
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const [leftAt, setLeftAt] = useState<string | null>(null)

  const toEnd = () => {
    isAtEnd.current = true
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
    setLeftAt(null)
  }
  useLayoutEffect(() => {
    const element = box.current
    if (element && (isAtEnd.current || isOwn)) element.scrollTop = element.scrollHeight
  }, [lastId, isOwn])
  // The composer grows, pictures load: who is at the end stays there.
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    if (element.firstElementChild) observer.observe(element.firstElementChild)
    return () => observer.disconnect()
  }, [])
  const onScroll = () => {
    const element = box.current
    if (!element) return
    const is = element.scrollHeight - element.scrollTop - element.clientHeight <= near
    if (is === isAtEnd.current) return
    isAtEnd.current = is
    setLeftAt(is ? null : (lastId ?? ''))
  }
  return { box, onScroll, toEnd, leftAt }
}
