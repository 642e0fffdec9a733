import { Timer } from 'lucide-react'
import { useEffect } from 'react'
import { useViewer } from '../../session/viewer.tsx'
import { formatDateTime, formatDuration } from '../../shared/format.ts'
import { useServerNow } from '../../shared/now.tsx'
import { noteServerTime } from '../../shared/server-lead.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { scoredAt, type Scored } from './score.ts'

const minute = 60_000

/** Until the next SLA breach, counting down: calm while it is far, loud when it is near or past. */
export function SlaDue({ at, ticket }: { at: string; ticket: Scored }) {
  useServerTimeOf(ticket)
  const isNear = Date.parse(at) - useServerNow(minute) < 10 * minute
  return isNear ? <Left at={at} everyMs={1_000} /> : <Left at={at} everyMs={minute} />
}

/** A row may have been read a while ago: it tells only that the server's clock is so far at least. */
function useServerTimeOf(ticket: Scored): void {
  const { tenant } = useViewer()
  const time = scoredAt(ticket)
  useEffect(() => {
    const now = Date.now()
    if (time !== null && time > now) noteServerTime(tenant.id, time, now)
  }, [time, tenant.id])
}

function Left({ at, everyMs }: { at: string; everyMs: number }) {
  const left = Date.parse(at) - useServerNow(everyMs)
  return (
    <time dateTime={at} title={`Next SLA breach: ${formatDateTime(at)}`} className="shrink-0">
      <Badge tone={toneOf(left)} className="tabular-nums">
        <Timer aria-hidden className="size-3" />
        <span className="sr-only">SLA </span>
        {left <= 0 ? `${formatDuration(-left / 1_000)} over` : formatDuration(left / 1_000)}
      </Badge>
    </time>
  )
}

const toneOf = (left: number): Tone => (left <= 10 * minute ? 'bad' : left <= 60 * minute ? 'warn' : 'neutral')
