import { expect, it } from 'vitest'
import { daysOf } from './days.ts'

it.each([
  ['2026-03-28T23:00Z', '2026-03-30T22:00Z', 'Europe/Paris', ['2026-03-29', '2026-03-30']],
  ['2026-10-24T22:00Z', '2026-10-26T23:00Z', 'Europe/Paris', ['2026-10-25', '2026-10-26']],
  ['2026-10-24T21:59Z', '2026-10-24T22:00:00.001Z', 'Europe/Paris', ['2026-10-24', '2026-10-25']],
  ['2026-01-01T00:00Z', '2026-01-01T00:00:00.001Z', 'America/New_York', ['2025-12-31']],
  ['2028-02-28T00:00Z', '2028-03-01T00:00Z', 'UTC', ['2028-02-28', '2028-02-29']],
])('%s to %s in %s', (from, to, zone, days) => {
  expect(daysOf(new Date(from), new Date(to), zone)).toEqual(days)
})
