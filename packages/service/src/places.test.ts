import { encodeCursor } from './cursors.ts'
import { describe, expect, it } from 'vitest'
import { placeInTime, placeOf } from './places.ts'

const id = '01a1fd30-f1b4-7226-9197-634db0e8649a'
const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })

describe('the place that a cursor names', () => {
  it('is the sort key and the id that it was made of', () => {
    expect(placeOf(encodeCursor(['Ada', id]), 'string')).toEqual(['Ada', id])
    expect(placeOf(encodeCursor([-20_778.416666666668, id]), 'number')).toEqual([-20_778.416666666668, id])
    const instant = new Date('2026-11-21T10:00:00.123Z')
    expect(placeInTime(encodeCursor([instant.toISOString(), id]))).toEqual([instant, id])
  })

  it('is none at the beginning', () => {
    expect([placeOf(null, 'string'), placeOf(undefined, 'number'), placeInTime(null)]).toEqual([null, null, null])
  })

  it.each([
    ['', 'string'],
    ['x', 'string'],
    [encodeCursor(['Ada']), 'string'],
    [encodeCursor(['Ada', 'Bo']), 'string'],
    [encodeCursor(['a\u0000', id]), 'string'],
    [encodeCursor([1, id]), 'string'],
    [encodeCursor(['Ada', id]), 'number'],
    [encodeCursor([1e15, id]), 'number'],
    [encodeCursor([-1e308, id]), 'number'],
  ] as const)('is refused where the database would refuse it: %s as a %s', (cursor, kind) => {
    expect(() => placeOf(cursor, kind)).toThrow(refused)
  })

  it.each(['yesterday', '', '0000-01-01T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', '+275760-09-13T00:00:00.000Z'])(
    'is refused at a time that the database does not know: %s',
    (time) => {
      expect(() => placeInTime(encodeCursor([time, id]))).toThrow(refused)
    },
  )
})
