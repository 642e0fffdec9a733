import { useEffect, useEffectEvent, useRef } from 'react'

/** Reads again when `version` changes, once it has settled: a change comes as several events. Not at first: that read is the query's own. */
export function useReread(version: string | undefined, read: () => unknown, settleMs = 300): void {
  const seen = useRef(version)
  const again = useEffectEvent(read)
  useEffect(() => {
    if (version === undefined || version === seen.current) return
    const isFirst = seen.current === undefined
    seen.current = version
    if (isFirst) return
    const timer = setTimeout(() => void again(), settleMs)
    return () => clearTimeout(timer)
  }, [version, settleMs])
}
