import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { features } from './catalogue.ts'
import { createAccumulator, extractFeatures } from './extract.ts'
import { anyHistory, anyInstant, at, customer, emptyRow, order, valuesOf } from './history.test-kit.ts'

describe('an accumulator', () => {
  it('gives at each of several origins what a fresh one gives there', () => {
    const accumulator = createAccumulator()
    fc.assert(
      fc.property(anyHistory, fc.array(anyInstant, { minLength: 1, maxLength: 6 }), (history, instants) => {
        accumulator.start(history)
        for (const asOf of instants.toSorted((a, b) => a - b)) {
          const [row, fresh] = [emptyRow(), emptyRow()]
          const hasBought = accumulator.emit(asOf, row, 0)
          expect(extractFeatures(history, asOf, fresh, 0)).toBe(hasBought)
          expect(row).toEqual(fresh)
        }
      }),
    )
  })

  it('writes its row and nothing else', () => {
    const rows = new Float64Array(3 * features.length).fill(7)
    extractFeatures(customer([order('2025-01-01', 10)]), at('2025-02-01'), rows, features.length)
    const around = [...rows.subarray(0, features.length), ...rows.subarray(2 * features.length)]
    expect(around.every((value) => value === 7)).toBe(true)
    expect(valuesOf(rows, features.length).spend).toBe(10)
  })

  it('refuses to go back', () => {
    const accumulator = createAccumulator()
    accumulator.start(customer([order('2025-01-01', 10)]))
    accumulator.emit(at('2025-02-01'), emptyRow(), 0)
    expect(() => accumulator.emit(at('2025-01-31'), emptyRow(), 0)).toThrow(RangeError)
  })
})
