import { Kind, parseValue } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createDecimal, Cursor, DateTime, Decimal, EmailAddress, JSONScalar } from './scalars.ts'

const badInput = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })

describe('DateTime', () => {
  it('is an instant in UTC to the millisecond', () => {
    const date = new Date('2026-02-28T23:59:59.120Z')
    expect(DateTime.parseValue('2026-02-28T23:59:59.12Z')).toEqual(date)
    expect(DateTime.parseLiteral(parseValue('"2026-02-28T23:59:59.120Z"'))).toEqual(date)
    expect(DateTime.serialize(date)).toBe('2026-02-28T23:59:59.120Z')
  })

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+01:00',
    '2026-01-01T00:00:00.1234Z',
    '2026-01-01',
    'now',
    '',
    1_700_000_000_000,
    null,
  ])('refuses %s', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow(badInput)
  })

  it('refuses to serialize a broken date', () => {
    expect(() => DateTime.serialize(new Date(Number.NaN))).toThrow(RangeError)
    expect(() => DateTime.serialize('2026-02-30T00:00:00Z')).toThrow(TypeError)
  })
})

describe('EmailAddress', () => {
  it('is lower-cased', () => {
    expect(EmailAddress.parseValue('Mia.Doe+x@Shop.Example.com')).toBe('mia.doe+x@shop.example.com')
  })

  it.each(['', 'mia', 'mia@', '@shop.com', 'a b@shop.com', 'mia@shop', `${'x'.repeat(250)}@shop.com`, 7])(
    'refuses %s',
    (value) => {
      expect(() => EmailAddress.parseValue(value)).toThrow(badInput)
    },
  )
})

describe('Decimal', () => {
  it('keeps every digit of a string, and reads exact numbers', () => {
    expect(Decimal.parseValue('-1234567890123456.7890')).toBe('-1234567890123456.7890')
    expect(Decimal.serialize('156.2500')).toBe('156.2500')
    expect(Decimal.serialize(12n)).toBe('12')
    expect(Decimal.serialize({ toFixed: () => '0.0000001', toString: () => '1e-7' })).toBe('0.0000001')
  })

  it.each(['1e5', '.5', '1.', '+1', ' 1', '1.23456', '123456789012345678901', '', 1.5, 1])(
    'refuses the input %s',
    (value) => {
      expect(() => Decimal.parseValue(value)).toThrow(badInput)
    },
  )

  it('refuses floats in literals and in results', () => {
    expect(() => Decimal.parseLiteral(parseValue('1.5'))).toThrow(badInput)
    expect(() => Decimal.serialize(1.5)).toThrow(TypeError)
    expect(() => Decimal.serialize('NaN')).toThrow(TypeError)
  })

  it('takes its limits from whoever makes it', () => {
    expect(createDecimal({ maxDecimals: 6 }).parseValue('0.123456')).toBe('0.123456')
    expect(() => createDecimal({ maxDigits: 3 }).parseValue('12.34')).toThrow(badInput)
  })
})

describe('Cursor and JSON', () => {
  it('check the alphabet of a cursor', () => {
    expect(Cursor.parseValue('WzFd')).toBe('WzFd')
    expect(Cursor.parseValue('a'.repeat(200))).toHaveLength(200)
    for (const value of ['', 'a b', '"', 1, 'a'.repeat(201)]) expect(() => Cursor.parseValue(value)).toThrow(badInput)
  })

  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

  it('take JSON of 20 levels and 100 KB, and no more, as a value and as a literal', () => {
    for (const text of [nested(20), '{}', '0', 'null', JSON.stringify('x'.repeat(99_998))]) {
      expect(JSONScalar.parseValue(JSON.parse(text))).toEqual(JSON.parse(text))
      expect(JSONScalar.parseLiteral(parseValue(text))).toEqual(JSON.parse(text))
    }
    // 50,000 letters of two bytes each, and the quotes.
    for (const text of [nested(21), JSON.stringify('x'.repeat(99_999)), JSON.stringify('ü'.repeat(50_000))]) {
      expect(() => JSONScalar.parseValue(JSON.parse(text))).toThrow(badInput)
      expect(() => JSONScalar.parseLiteral(parseValue(text))).toThrow(badInput)
    }
    const variable = parseValue(`${'['.repeat(10)}$v${']'.repeat(10)}`)
    expect(() => JSONScalar.parseLiteral(variable, { v: JSON.parse(nested(11)) as unknown })).toThrow(badInput)
  })

  it('refuse what JSON cannot hold, and depth that would overflow the stack', () => {
    expect(() => JSONScalar.parseLiteral(parseValue('[1e999]'))).toThrow(badInput)
    expect(() => JSONScalar.parseValue(undefined)).toThrow(badInput)
    let deep: unknown = []
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(() => JSONScalar.parseValue(deep)).toThrow(badInput)
  })

  it('read literals with variables in them, and no prototype', () => {
    const literal = parseValue('{ a: [1, 2.5, true, null, "x"], __proto__: { polluted: true } }')
    expect(JSONScalar.parseLiteral(literal)).toMatchObject({ a: [1, 2.5, true, null, 'x'] })
    expect('polluted' in {}).toBe(false)
    const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'v' } } as never
    expect(JSONScalar.parseLiteral(variable, { v: 3 })).toBe(3)
  })
})
