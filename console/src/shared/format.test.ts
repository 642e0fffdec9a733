import { expect, test } from 'vitest'
import { dayOnAxis, formatDay, formatDuration, formatRelative, words } from './format.ts'

test('a duration is told in its two largest units', () => {
  expect(formatDuration(0)).toBe('0 s')
  expect(formatDuration(59.6)).toBe('1 min')
  expect(formatDuration(3_725)).toBe('1 h 2 min')
  expect(formatDuration(2 * 86_400 + 3 * 3_600 + 59)).toBe('2 d 3 h')
  expect(formatDuration(-5)).toBe('0 s')
})

test('a moment is told from now', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  expect(formatRelative('2026-03-01T09:00:00Z', now)).toBe('3 hr. ago')
  expect(formatRelative('2026-03-03T12:00:00Z', now)).toBe('in 2 days')
  expect(formatRelative('2026-03-01T11:59:30Z', now)).toBe('now')
})

test('a constant is told in words', () => {
  expect(words('FIRST_RESPONSE')).toBe('First response')
})

test('a day is told with its year; on an axis only where it is of more than one', () => {
  expect(formatDay('2026-02-01')).toBe(formatDay('2026-02-01T00:00:00Z'))
  expect(formatDay('2026-02-01')).toBe('Feb 1, 2026')
  expect(dayOnAxis(['2026-01-31', '2026-02-01'])('2026-02-01')).toBe('Feb 1')
  expect(dayOnAxis(['2025-12-31', '2026-02-01'])('2026-02-01')).toBe('Feb 1, 2026')
})
