import { useEffect, useSyncExternalStore } from 'react'
import { useViewer } from '../../session/viewer.tsx'
import { useNow } from '../../shared/now.tsx'
import type { TicketSideClockFragment } from './generated/Headline.ts'

// The clock that counts is the server's: this computer's may be off, and a demo's is moved forward. The API has no field that tells it, but a running SLA
// clock does: its open interval began at an instant, and has counted for so many seconds.

type Telling = Pick<TicketSideClockFragment, 'elapsedSeconds'> & {
  intervals: readonly Pick<TicketSideClockFragment['intervals'][number], 'from' | 'to' | 'counted'>[]
}

/** What the server's clock said when it wrote this: ms; null where nothing runs. Whole seconds were counted, so it is up to one second early. */
export function serverTimeOf({ elapsedSeconds, intervals }: Telling): number | null {
  const open = intervals.at(-1)
  if (!open || open.to !== null || !open.counted) return null
  const counted = intervals
    .slice(0, -1)
    .filter((interval) => interval.counted)
    .reduce((sum, { from, to }) => sum + (Date.parse(to ?? from) - Date.parse(from)), 0)
  return Date.parse(open.from) + elapsedSeconds * 1_000 - counted
}

/** How far the server's clock is ahead, by tenant: ms. Clocks only move forward, and an answer that is old says too little: so the most that was ever seen holds. */
const leads = new Map<string, number>()
const listeners = new Set<() => void>()

export function noteServerTime(tenantId: string, serverTime: number, now: number): void {
  const lead = serverTime - now
  if (lead <= (leads.get(tenantId) ?? -Infinity)) return
  leads.set(tenantId, lead)
  listeners.forEach((listener) => listener())
}

/** Below this a difference is the network's and the rounding's, not the clocks': ms. */
const tolerated = 3_000

function leadOf(tenantId: string): number {
  const lead = leads.get(tenantId) ?? 0
  return Math.abs(lead) < tolerated ? 0 : lead
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** How far the server's clock is ahead of this computer's, as far as is known: ms. */
export function useServerLead(): number {
  const { tenant } = useViewer()
  return useSyncExternalStore(listen, () => leadOf(tenant.id))
}

/** The time by the server's clock, by the second: ms. */
export function useServerNow(everyMs = 1_000): number {
  const lead = useServerLead()
  return useNow(everyMs) + lead
}

/** Learns the server's time from the clocks of a ticket, whenever they come anew. */
export function useServerTimeOf(clocks: readonly Telling[] | undefined): void {
  const { tenant } = useViewer()
  useEffect(() => {
    for (const clock of clocks ?? []) {
      const time = serverTimeOf(clock)
      if (time !== null) noteServerTime(tenant.id, time, Date.now())
    }
  }, [clocks, tenant.id])
}
