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

/** Shorter than `formatDuration`, for an axis: one unit, the larger one from two of it on, so that ticks such as 25, 50 and 75 min stay alike. */
export function shortDuration(seconds: number): string {
  if (seconds >= 172_800) return `${formatNumber(seconds / 86_400)} d`
  if (seconds >= 7_200) return `${formatNumber(seconds / 3_600)} h`
  return seconds >= 120 ? `${formatNumber(seconds / 60, 0)} min` : `${formatNumber(seconds, 0)} s`
}

export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/** EMAIL → "Email"; SMS stays as it is. */
export const channelName = (channel: string): string => (channel === 'SMS' ? channel : words(channel))
