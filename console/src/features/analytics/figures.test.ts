import { expect, test } from 'vitest'
import { shortDuration } from './figures.ts'

test('ticks of one axis keep to one unit', () => {
  expect([0, 1_500, 3_000, 4_500].map(shortDuration)).toEqual(['0 s', '25 min', '50 min', '75 min'])
  expect([7_200, 10_800, 172_800].map(shortDuration)).toEqual(['2 h', '3 h', '2 d'])
})
