import { useEffect, useState } from 'react'

/** Whether an element is narrower than so many pixels. */
export function useIsNarrow(element: HTMLElement | null, px: number): boolean {
  const [isNarrow, setNarrow] = useState(false)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setNarrow((entry?.contentRect.width ?? px) < px))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element, px])
  return isNarrow
}
