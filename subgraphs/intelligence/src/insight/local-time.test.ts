import { describe, expect, it } from 'vitest'
import { createLocalTime } from './local-time.ts'

const local = (timeZone: string, at: string) => createLocalTime(timeZone)(Date.parse(at))

describe('local time', () => {
  it.each([
    ['UTC', '1970-01-01T00:00Z', { weekday: 3, hour: 0 }],
    ['UTC', '1969-12-31T23:59Z', { weekday: 2, hour: 23 }],
    ['Europe/Berlin', '2026-03-29T00:59Z', { weekday: 6, hour: 1 }],
    ['Europe/Berlin', '2026-03-29T01:00Z', { weekday: 6, hour: 3 }],
    ['America/New_York', '2026-07-06T03:30Z', { weekday: 6, hour: 23 }],
    ['Asia/Kathmandu', '2026-07-05T18:20Z', { weekday: 0, hour: 0 }],
    ['Australia/Lord_Howe', '2026-10-03T15:29Z', { weekday: 6, hour: 1 }],
    ['Australia/Lord_Howe', '2026-10-03T15:30Z', { weekday: 6, hour: 2 }],
    ['Pacific/Auckland', '2026-12-31T11:00Z', { weekday: 4, hour: 0 }],
  ])('in %s at %s', (timeZone, at, expected) => {
    expect(local(timeZone, at)).toEqual(expected)
  })

  it('refuses a time zone that does not exist', () => {
    expect(() => createLocalTime('Mars/Olympus')).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', reason: 'TIME_ZONE' } }),
    )
  })
})
