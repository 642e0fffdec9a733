import { formatDuration, formatNumber, formatPercent, words } from '../../shared/format.ts'

/** A figure that may be missing: a dash. */
const orDash =
  <Value>(say: (value: Value) => string) =>
  (value: Value | null): string =>
    value === null ? '–' : say(value)

export const durationOf = orDash(formatDuration)
export const percentOf = orDash(formatPercent)
export const scoreOf = orDash((score: number) => `${formatNumber(score)} of 5`)
export const countOf = (count: number): string => formatNumber(count, 0)

/** Shorter than `formatDuration`, for an axis: one unit. */
export function shortDuration(seconds: number): string {
  if (seconds >= 86_400) return `${formatNumber(seconds / 86_400)} d`
  if (seconds >= 3_600) return `${formatNumber(seconds / 3_600)} h`
  return seconds >= 60 ? `${formatNumber(seconds / 60, 0)} min` : `${formatNumber(seconds, 0)} s`
}

/** 10.10.2026 → "Oct 10": a UTC day as axes name it; the same for `2026-10-10` and its first instant. */
export const dayOf = (date: string): string =>
  new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(date))

export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/** EMAIL → "Email"; SMS stays as it is. */
export const channelName = (channel: string): string => (channel === 'SMS' ? channel : words(channel))
