import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from './cursors.ts'

const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })

describe('cursors', () => {
  it('give back the parts they were made of', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const shape = parts.map((value) => (typeof value === 'string' ? 'string' : 'number'))
        const plain = parts.map((value) => (value === 0 ? 0 : value))
        expect(decodeCursor(encodeCursor(plain), shape)).toEqual(plain)
      }),
    )
  })

  it('are refused when truncated anywhere', () => {
    const cursor = encodeCursor([12.5, '0198c7f0-0000-7000-8000-000000000001'])
    for (let length = 0; length < cursor.length; length += 1) {
      expect(() => decodeCursor(cursor.slice(0, length), ['number', 'string'])).toThrow(refused)
    }
  })

  it('are refused, and never crash, when they are anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          try {
            expect(encodeCursor(decodeCursor(text, ['number', 'string']))).toBe(text)
          } catch (error) {
            expect(error).toEqual(refused)
          }
        },
      ),
    )
  })

  it.each([[[1]], [['a', 1]], [[1, 'a', 2]]])('of another list are refused: %j', (parts) => {
    expect(() => decodeCursor(encodeCursor(parts), ['number', 'string'])).toThrow(refused)
  })

  it('in another spelling or of great length are refused', () => {
    expect(() => decodeCursor(Buffer.from('[ 1 ]').toString('base64url'), ['number'])).toThrow(refused)
    expect(() => decodeCursor(encodeCursor([1]) + '=', ['number'])).toThrow(refused)
    expect(() => decodeCursor(encodeCursor(['x'.repeat(2_000)]), ['string'])).toThrow(refused)
    expect(() => decodeCursor(encodeCursor([Number.NaN]), ['number'])).toThrow(refused)
  })
})
