import { expect, test } from 'vitest'
import { factorMaker } from './factor.ts'

test('each factor says its own words, and only when they are read', () => {
  const said: string[] = []
  const factorOf = factorMaker((feature, value, contribution) => {
    said.push(feature)
    return `${feature} is ${value}: ${contribution}`
  })
  const [first, second] = [factorOf('recency', 3, 0.5), factorOf('tenure', 8, -0.25)]
  expect(first).toEqual({ feature: 'recency', value: 3, contribution: 0.5 })
  expect(said).toEqual([])
  expect(second.explanation).toBe('tenure is 8: -0.25')
  expect(first.explanation).toBe('recency is 3: 0.5')
  expect(said).toEqual(['tenure', 'recency'])
})
