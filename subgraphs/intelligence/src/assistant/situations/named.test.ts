import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namedAmong, numbersIn } from './named.ts'

const named = (text: string, ...externalIds: string[]) =>
  namedAmong(
    externalIds.map((externalId) => ({ externalId })),
    numbersIn(text),
  ).map(({ externalId }) => externalId)

describe('orders that a text names', () => {
  it.each([
    ['Where is order #10442?', '10442', true],
    ['where is 10 442', '10442', true],
    ['My order is shop-10442.', '#SHOP 10442', true],
    ['Where is so-77?', 'SO-77', true],
    ['order 7 is broken', '7', true],
    ['Order no. 7 is broken', '7', true],
    ['I bought 7 mugs', '7', false],
    ['I paid 104421 for it', '10442', false],
    ['an order of mugs', 'ORDER', false],
    ['Where is 10442?', 'SHOP-10442', true],
    ['', '10442', false],
  ])('%j: %s is %s', (text, externalId, isNamed) => {
    expect(named(text, externalId)).toEqual(isNamed ? [externalId] : [])
  })

  it('are those of the whole number before those of its digits, which must be one’s alone', () => {
    expect(named('about 10442', 'A-10442', '10442')).toEqual(['10442'])
    expect(named('about 10442', 'A-10442', 'B-10442')).toEqual([])
  })

  it('are found however a number is written', () => {
    const number = fc.stringMatching(/^[A-Z]{0,3}\d{4,8}$/)
    const written = fc.constantFrom(
      (id: string) => `#${id}`,
      (id: string) => id.toLowerCase(),
      (id: string) => `${id.slice(0, 3)} ${id.slice(3)}`,
      (id: string) => `${id.slice(0, 3)}-${id.slice(3)}`,
    )
    fc.assert(
      fc.property(number, written, fc.lorem({ maxCount: 8 }), (id, write, words) => {
        expect(named(`${words} ${write(id)}, ${words}`, id, 'ZZ99')).toEqual([id])
      }),
    )
  })
})
