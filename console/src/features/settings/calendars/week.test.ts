import { describe, expect, it } from 'vitest'
import { weeklyOf, weekOf, weekWords, wrongOfDay } from './week.ts'

const opening = (weekday: number, opensAt: string, closesAt: string) => ({ weekday, opensAt, closesAt })
const office = [1, 2, 3, 4, 5].map((day) => opening(day, '09:00:00', '17:00:00'))

describe('a week', () => {
  it('says days with the same hours together', () => {
    expect(weekWords([...office, opening(6, '10:00:00', '12:00:00'), opening(6, '13:00:00', '15:00:00')])).toEqual([
      'Monday to Friday, 09:00–17:00',
      'Saturday, 10:00–12:00 and 13:00–15:00',
    ])
  })

  it('comes back from editing as it was, to the end of the day too', () => {
    const weekly = [...office, opening(7, '00:00:00', '24:00:00')]
    expect(weeklyOf(weekOf(weekly))).toEqual(weekly)
    expect(weeklyOf([[{ opens: '20:00', closes: '00:00' }]])).toEqual([opening(1, '20:00:00', '24:00:00')])
  })

  it('refuses what closes before it opens, and what overlaps', () => {
    expect(wrongOfDay([{ opens: '17:00', closes: '09:00' }])).toMatch(/closes later/)
    expect(
      wrongOfDay([
        { opens: '12:00', closes: '18:00' },
        { opens: '09:00', closes: '13:00' },
      ]),
    ).toMatch(/overlap/)
    expect(wrongOfDay([{ opens: '20:00', closes: '00:00' }])).toBeNull()
  })
})
