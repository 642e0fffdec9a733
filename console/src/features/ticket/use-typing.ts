import { useCallback, useEffect, useRef, useState } from 'react'

/** So long after the last key somebody is still taken to be typing: ms. */
const pauseMs = 8_000

export function useTyping(): readonly [boolean, () => void] {
  const [isTyping, setTyping] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const onKey = useCallback(() => {
    clearTimeout(timer.current)
    setTyping(true)
    timer.current = setTimeout(() => setTyping(false), pauseMs)
  }, [])
  return [isTyping, onKey]
}
