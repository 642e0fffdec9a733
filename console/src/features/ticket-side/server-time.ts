import { useEffect } from 'react'
import { useViewer } from '../../session/viewer.tsx'
import { noteServerTime } from '../../shared/server-lead.ts'
import type { TicketSideClockFragment } from './generated/Headline.ts'

// A running SLA clock tells the server's time: its open interval began at an instant, and has counted for so many seconds.

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
