const units: [RegExp, number][] = [
  [/^(d|days?)$/, 86_400],
  [/^(h|hrs?|hours?)$/, 3_600],
  [/^(m|min|mins|minutes?)$/, 60],
  [/^(s|secs?|seconds?)$/, 1],
]

/** "4 h", "1 d 6 h", "30min", "1.5 hours" → seconds; null for what is no duration. A number alone is minutes. */
export function secondsIn(text: string): number | null {
  const trimmed = text.trim().toLowerCase().replace(',', '.')
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 60)
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== trimmed) return null
  let seconds = 0
  for (const [, count, unit] of parts) {
    const size = units.find(([name]) => name.test(unit ?? ''))?.[1]
    if (size === undefined) return null
    seconds += Number(count) * size
  }
  return Math.round(seconds)
}

/** Seconds as one writes them, nothing left out: "1 d 6 h", so that `secondsIn` gives them back. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return said.length === 0 ? '0 s' : said.join(' ')
}
