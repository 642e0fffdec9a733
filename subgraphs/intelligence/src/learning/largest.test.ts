import fc from 'fast-check'
import { expect, it } from 'vitest'
import { largest, sumWithout } from './largest.ts'

const someValues = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 })

it('names the places of the largest values as sorting them all would', () => {
  fc.assert(
    fc.property(someValues, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 3 }), (list, count, least) => {
      const sorted = [...list.keys()]
        .filter((at) => Math.abs(list[at]!) > least)
        .sort((a, b) => Math.abs(list[b]!) - Math.abs(list[a]!) || a - b)
      expect(largest(Float64Array.from(list), count, least)).toEqual(sorted.slice(0, count))
    }),
  )
})

it('takes no value that is no number', () => {
  expect(largest(Float64Array.of(Number.NaN, 1, Number.NaN), 2)).toEqual([1])
})

it('adds up the others', () => {
  expect(sumWithout(Float64Array.of(1, 2, 4, 8), [1, 3])).toBe(5)
})
