import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstSentence } from './resolution.ts'

it.each([
  ['It is on its way. It comes on Monday.', 'It is on its way.'],
  ['Hi Mia,\n\nwe sent a new one!\nBest, Ben', 'we sent a new one!'],
  ['Costs 3.50 each. Fine?', 'Costs 3.50 each.'],
  ['no end', 'no end'],
  ['Hi Mia,', 'Hi Mia,'],
  [' \n ', null],
  ['返金しました。 またどうぞ。', '返金しました。'],
])('of %j the first sentence is %j', (content, sentence) => {
  expect(firstSentence(content)).toBe(sentence)
})

it('is at most 200 characters long, and never half of one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (content) => {
      const sentence = firstSentence(content) ?? 'x'
      expect(sentence.length).toBeLessThanOrEqual(200)
      expect(sentence).not.toBe('')
      if (content.isWellFormed()) expect(sentence.isWellFormed()).toBe(true)
    }),
  )
  expect(firstSentence('👋'.repeat(200))).toHaveLength(199)
})
