import type { Tone } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'

const fills: Record<Tone, string> = {
  neutral: 'bg-ink-faint',
  accent: 'bg-accent',
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  note: 'bg-note',
}

/** A value on a scale from `from` to `to` with the interval that it lies in. What it says stands beside it in words. */
export function IntervalBar({
  value,
  low,
  high,
  from = 0,
  to,
  tone = 'accent',
}: {
  value: number
  low: number
  high: number
  from?: number
  to: number
  tone?: Tone
}) {
  const at = (figure: number) => `${Math.min(100, Math.max(0, ((figure - from) / (to - from || 1)) * 100))}%`
  const width = `calc(${at(high)} - ${at(low)})`
  return (
    <div aria-hidden className="relative h-3">
      <div className="absolute inset-x-0 top-1 h-1 rounded-full bg-raised" />
      <div
        className={classes('absolute top-1 h-1 rounded-full opacity-40', fills[tone])}
        style={{ left: at(low), width }}
      />
      <div
        className={classes('absolute top-0 h-3 w-1 -translate-x-1/2 rounded-sm ring-2 ring-surface', fills[tone])}
        style={{ left: at(value) }}
      />
    </div>
  )
}
