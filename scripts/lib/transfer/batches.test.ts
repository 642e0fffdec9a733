import { expect, it } from 'vitest'
import { createBatcher } from './batches.ts'

const item = (value: string) => ({ value, rows: [{ line: 1, raw: value }] })
const valuesOf = (batches: { value: string }[][]) => batches.map((batch) => batch.map(({ value }) => value))

it('closes a batch at its limit of things, or of what they weigh', () => {
  const batcher = createBatcher<string>({ items: 3, rows: 3, weight: 10 }, { weightOf: ({ length }) => length })
  for (const value of ['a', 'b', 'c', '0123456789', 'd', 'eeeeeeeee', 'f']) batcher.add(item(value))
  expect(valuesOf(batcher.take(false))).toEqual([['a', 'b', 'c'], ['0123456789'], ['d', 'eeeeeeeee']])
  expect(valuesOf(batcher.take(true))).toEqual([['f']])
  expect(batcher.take(true)).toEqual([])
})

it('keeps things of different keys apart', () => {
  const batcher = createBatcher<string>({ items: 4, rows: 4 }, { keyOf: (value) => value.charAt(0) })
  for (const value of ['a1', 'b1', 'a2', 'b2']) batcher.add(item(value))
  expect(valuesOf(batcher.take(false))).toEqual([
    ['a1', 'a2'],
    ['b1', 'b2'],
  ])
})
