import { expect, it } from 'vitest'
import { createTally } from './tally.ts'

it('counts by key, up to a limit', () => {
  const tally = createTally()
  const first = tally.enter('a', 2)
  const second = tally.enter('a', 2)
  expect(tally.enter('a', 2)).toBeNull()
  expect(tally.enter('b', 2)?.()).toBe(0)
  expect(first?.()).toBe(1)
  expect(tally.enter('a', 2)?.()).toBe(1)
  expect(second?.()).toBe(0)
})
