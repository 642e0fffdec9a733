import { useCallback, useLayoutEffect, useRef } from 'react'

/** One function for a component's life, that does what the latest given does: so that what it is handed to need not be drawn anew. Not for calls while drawing. */
export function useLasting<Given extends unknown[], Result>(
  latest: (...given: Given) => Result,
): (...given: Given) => Result {
  const held = useRef(latest)
  useLayoutEffect(() => {
    held.current = latest
  })
  return useCallback((...given: Given) => held.current(...given), [])
}
