import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editRatio } from './distance.ts'

describe('how much of a text was changed', () => {
  it.each([
    ['It is on its way.', 'It is on its way.', 0],
    ['one two three four', 'one two four', 0.25],
    ['one two', 'three four', 1],
    ['', '', 0],
    ['', 'one', 1],
    ['one  two\n', ' one two', 0],
  ])('%j → %j is %d', (before, after, ratio) => {
    expect(editRatio(before, after)).toBe(ratio)
  })

  it('is between 0 and 1, 0 for the same, and the same both ways', () => {
    const sentence = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(sentence, sentence, (a, b) => {
        const ratio = editRatio(a, b)
        expect(ratio).toBe(editRatio(b, a))
        expect(ratio).toBeGreaterThanOrEqual(0)
        expect(ratio).toBeLessThanOrEqual(1)
        expect(ratio === 0).toBe(a === b)
      }),
    )
  })

  it('of the longest texts is bounded', () => {
    expect(editRatio('a '.repeat(25_000), 'b '.repeat(25_000))).toBe(1)
  })
})
