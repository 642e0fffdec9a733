import { useEffect, useRef, type RefObject } from 'react'

/** For a list of links that scrolls where there is no room: brings the one of the page that is shown into view. */
export function useCurrentInView(current: string): RefObject<HTMLElement | null> {
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    const link = list.current?.querySelector<HTMLElement>('[aria-current="page"]')
    link?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])
  return list
}
