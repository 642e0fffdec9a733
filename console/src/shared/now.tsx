import { useSyncExternalStore } from 'react'
import { formatDateTime, formatRelative } from './format.ts'
import { useServerLead } from './server-lead.ts'

/** One timer for all that shows how long ago, or how long until: they move together, and cost one wake-up a second. */
let current = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function listen(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    current = Date.now()
    timer = setInterval(() => {
      current = Date.now()
      listeners.forEach((told) => told())
    }, 1_000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time of this computer in milliseconds, in steps of `everyMs`. */
export function useNow(everyMs = 1_000): number {
  return useSyncExternalStore(listen, () => Math.floor(current / everyMs) * everyMs)
}

/** The time by the server's clock, which is what its instants are compared with: ms. */
export function useServerNow(everyMs = 1_000): number {
  const lead = useServerLead()
  return useNow(everyMs) + lead
}

/** "3 hr. ago", with the exact time as its title. */
export function Ago({ at, className }: { at: string; className?: string }) {
  const now = useServerNow(30_000)
  return (
    <time dateTime={at} title={formatDateTime(at)} className={className}>
      {formatRelative(at, now)}
    </time>
  )
}
