import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDecimal, parseDecimal } from './decimal.ts'
import { parseInstant } from './instants.ts'
import { formatList, formatRefs, parseList, parseRefs } from './lists.ts'

describe('decimals', () => {
  it('are exact', () => {
    expect(formatDecimal((parseDecimal('0.1') ?? 0n) + (parseDecimal('0.2') ?? 0n))).toBe('0.3')
    expect(formatDecimal(3n * (parseDecimal('0.001') ?? 0n))).toBe('0.003')
    expect(formatDecimal(-125000n)).toBe('-12.5')
  })

  it('read what they wrote', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), (units) => parseDecimal(formatDecimal(units)) === units),
    )
  })

  it.each(['', 'x', '1.23456', '1e3', '.5', '1.', '--1', ' 1'])('refuse %j', (text) =>
    expect(parseDecimal(text)).toBeNull(),
  )
})

describe('instants', () => {
  it.each([
    ['2011-01-18', '2011-01-18T00:00:00.000Z'],
    ['2011-01-18T10:01', '2011-01-18T10:01:00.000Z'],
    ['2011-01-18 10:01:30', '2011-01-18T10:01:30.000Z'],
    ['2011-01-18T10:01:30.5+01:00', '2011-01-18T09:01:30.500Z'],
  ])('%s is %s', (text, iso) => expect(parseInstant(text)?.toISOString()).toBe(iso))

  it.each(['', '2011-02-30', '2011-13-01', '18/01/2011', '2011-01-18T25:00'])('%j is none', (text) => {
    expect(parseInstant(text)).toBeNull()
  })
})

describe('lists in a cell', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '|', ':', '\\', '\n', 'é'), minLength: 1 })

  it('read what they wrote', () => {
    fc.assert(
      fc.property(fc.array(text), (list) => {
        expect(parseList(formatList(list))).toEqual(list)
      }),
    )
    const refs = fc.array(fc.record({ source: text, id: text }))
    fc.assert(
      fc.property(refs, (list) => {
        expect(parseRefs(formatRefs(list))).toEqual(list)
      }),
    )
  })

  it('keep colons of an id', () => expect(parseRefs('shop:a:b')).toEqual([{ source: 'shop', id: 'a:b' }]))
  it('refuse a reference without a source', () => expect(parseRefs('shop')).toBeNull())
})
