import { formatDuration } from '../../shared/format.ts'
import type { Tone } from '../../ui/badge.tsx'
import type { TicketSideClockFragment } from './generated/Headline.ts'

export type ClockFace = {
  /** What counts down or up: "1:02:09 left", "0:03 over"; null where nothing runs. */
  left: string | null
  /** In words, for those who hear it. */
  spoken: string
  tone: Tone
  state: string
}

type Clock = Pick<TicketSideClockFragment, 'status' | 'breachAt' | 'satisfiedAt' | 'elapsedSeconds'>

/** 3,729 → "1:02:09"; days stand before: "2 d 03:04:05". */
export function clockDigits(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ]
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}:${two(whole % 60)}`
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** How a clock stands at an instant of the server's time. A breach shows when its moment is over, even before the server's event arrives. */
export function faceOf({ status, breachAt, satisfiedAt, elapsedSeconds }: Clock, now: number): ClockFace {
  switch (status) {
    case 'ACHIEVED':
      return { left: null, spoken: `Met after ${formatDuration(elapsedSeconds)}.`, tone: 'good', state: 'Met in time' }
    case 'BREACHED':
      return { left: null, spoken: lateBy(breachAt, satisfiedAt), tone: 'bad', state: 'Met late' }
    case 'CANCELLED':
      return { left: null, spoken: 'It ended without counting.', tone: 'neutral', state: 'Ended' }
    case 'PAUSED': {
      const spoken = `It stands still after ${formatDuration(elapsedSeconds)}.`
      return { left: null, spoken, tone: 'neutral', state: 'Paused' }
    }
    default:
      return running(status === 'IMMINENT_BREACH', breachAt, now)
  }
}

function running(isImminent: boolean, breachAt: string | null, now: number): ClockFace {
  if (breachAt === null) return { left: null, spoken: 'No end in sight.', tone: 'neutral', state: 'Running' }
  const seconds = Math.ceil((Date.parse(breachAt) - now) / 1_000)
  if (seconds <= 0) {
    const over = Math.floor((now - Date.parse(breachAt)) / 1_000)
    const spoken = `Overdue by ${formatDuration(over)}.`
    return { left: `${clockDigits(over)} over`, spoken, tone: 'bad', state: 'Overdue' }
  }
  return {
    left: `${clockDigits(seconds)} left`,
    spoken: `${formatDuration(seconds)} left.`,
    tone: isImminent ? 'warn' : 'good',
    state: isImminent ? 'Soon overdue' : 'In time',
  }
}

function lateBy(breachAt: string | null, satisfiedAt: string | null): string {
  if (breachAt === null || satisfiedAt === null) return 'Met too late.'
  return `Met ${formatDuration((Date.parse(satisfiedAt) - Date.parse(breachAt)) / 1_000)} late.`
}
