import { describe, expect, it } from 'vitest'
import { addBusinessSeconds, businessSecondsBetween, type Calendar } from './calendar.ts'

const hours = (weekdays: number[], opensAt: string, closesAt: string) =>
  weekdays.map((weekday) => ({ weekday, opensAt, closesAt }))
const calendar = (weekly: Calendar['weekly'], timeZone = 'UTC', holidays: string[] = []): Calendar => ({
  timeZone,
  weekly,
  holidays: holidays.map((date) => ({ date })),
})
const workdays = calendar(hours([1, 2, 3, 4, 5], '09:00:00', '17:00:00'))
const tuesdays = calendar(hours([2], '09:00:00', '17:00:00'))
const everyDay = [1, 2, 3, 4, 5, 6, 7]

describe('a calendar', () => {
  it.each<[string, Calendar, string, number, string]>([
    ['Friday 16:30, 1 h', workdays, '2023-10-13T16:30:00Z', 60, '2023-10-16T09:30:00.000Z'],
    ['Wednesday 07:00, 2 h, opens 09', workdays, '2023-10-11T07:00:00Z', 120, '2023-10-11T11:00:00.000Z'],
    [
      'a holiday, only Tuesdays',
      calendar(tuesdays.weekly, 'UTC', ['2023-10-10']),
      '2023-10-10T10:00:00Z',
      60,
      '2023-10-17T10:00:00.000Z',
    ],
    ['Tuesday 18:00, only Tuesdays', tuesdays, '2023-10-10T18:00:00Z', 60, '2023-10-17T10:00:00.000Z'],
    [
      'Tuesday and Wednesday, 900 min',
      calendar(hours([2, 3], '09:00:00', '17:00:00')),
      '2023-10-10T09:00:00Z',
      900,
      '2023-10-11T16:00:00.000Z',
    ],
    ['exactly at close', workdays, '2023-10-10T17:00:00Z', 30, '2023-10-11T09:30:00.000Z'],
    [
      'Tuesdays in India, where it is Wednesday by then',
      calendar(tuesdays.weekly, 'Asia/Kolkata'),
      '2023-10-10T20:00:00Z',
      60,
      '2023-10-17T04:30:00.000Z',
    ],
    ['up to the last second of a day', workdays, '2023-10-13T16:30:00Z', 30, '2023-10-13T17:00:00.000Z'],
  ])('%s', (_name, given, from, minutes, expected) => {
    expect(addBusinessSeconds(given, new Date(from), minutes * 60)?.toISOString()).toBe(expected)
  })

  const newYork = (opensAt: string, closesAt: string) =>
    calendar(hours(everyDay, opensAt, closesAt), 'America/New_York')

  it.each<[string, Calendar, string, number]>([
    ['leaves out the hour that spring leaves out', newYork('01:00:00', '04:00:00'), '2026-03-08', 2],
    ['counts twice the hour that autumn repeats', newYork('01:00:00', '03:00:00'), '2026-11-01', 3],
    ['has 23 hours in spring', newYork('00:00:00', '24:00:00'), '2026-03-08', 23],
    ['has 25 hours in autumn', newYork('00:00:00', '24:00:00'), '2026-11-01', 25],
    ['opens twice where the clock says so twice', newYork('00:30:00', '01:30:00'), '2026-11-01', 1.5],
    ['never opens within the gap', newYork('02:00:00', '03:00:00'), '2026-03-08', 0],
  ])('%s', (_name, given, day, expected) => {
    const midnight = new Date(`${day}T${day < '2026-06' ? '05' : '04'}:00:00Z`)
    const next = new Date(midnight.getTime() + (day < '2026-06' ? 23 : 25) * 3_600_000)
    expect(businessSecondsBetween(given, midnight, next) / 3_600).toBe(expected)
  })

  it('counts seconds exactly, in several intervals a day', () => {
    const given = calendar([
      ...hours([1], '14:00:00', '18:00:01'),
      ...hours([1], '09:00:00', '12:30:15'),
      ...hours([1], '23:59:59', '24:00:00'),
      ...hours([2], '00:00:00', '00:00:01'),
    ])
    const monday = new Date('2023-10-09T00:00:00Z')
    expect(businessSecondsBetween(given, monday, new Date('2023-10-11T00:00:00Z'))).toBe(12_615 + 14_401 + 2)
    expect(addBusinessSeconds(given, monday, 12_615 + 14_401 + 2)?.toISOString()).toBe('2023-10-10T00:00:01.000Z')
    expect(addBusinessSeconds(given, monday, 12_616)?.toISOString()).toBe('2023-10-09T14:00:01.000Z')
  })

  it('never gets further than ten years', () => {
    const never = calendar(hours([7], '02:00:00', '02:00:01'), 'UTC', [])
    expect(addBusinessSeconds(never, new Date('2023-10-10T00:00:00Z'), 10_000)).toBeNull()
  })
})
