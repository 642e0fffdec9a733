import { Timer } from 'lucide-react'
import { formatDateTime, formatDuration } from '../../shared/format.ts'
import { useNow } from '../../shared/now.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'

const minute = 60_000

/** Until the next SLA breach, counting down: calm while it is far, loud when it is near or past. */
export function SlaDue({ at }: { at: string }) {
  const isNear = Date.parse(at) - useNow(minute) < 10 * minute
  return isNear ? <Left at={at} everyMs={1_000} /> : <Left at={at} everyMs={minute} />
}

function Left({ at, everyMs }: { at: string; everyMs: number }) {
  const left = Date.parse(at) - useNow(everyMs)
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
