/** How far a transfer is; bytes and total are null where they are unknown, as with standard input. */
export type Progress = {
  seconds: number
  rows: number
  rejected: number
  bytes: number | null
  totalBytes: number | null
}

/** One line: a bar where the end is known, rows, rows a second, time left, rejected. Fits `width` columns. */
export function progressLine({ seconds, rows, rejected, bytes, totalBytes }: Progress, width: number): string {
  const share = bytes !== null && totalBytes ? Math.min(1, bytes / totalBytes) : null
  const rate = seconds > 0 ? rows / seconds : 0
  const left = share !== null && share > 0 && share < 1 ? `  ${duration((seconds / share) * (1 - share))} left` : ''
  const figures = `${count(rows)} rows  ${count(Math.round(rate))}/s${left}${rejected > 0 ? `  ${count(rejected)} rejected` : ''}`
  if (share === null) return `${figures}${bytes === null ? '' : `  ${mebibytes(bytes)}`}`.slice(0, width)
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`
  const room = Math.min(30, width - figures.length - percent.length - 6)
  const bar = room >= 5 ? `[${'█'.repeat(Math.round(share * room)).padEnd(room, '·')}] ` : ''
  return `${bar}${percent}  ${figures}`.slice(0, width)
}

export const count = (value: number): string => value.toLocaleString('en')
const mebibytes = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
