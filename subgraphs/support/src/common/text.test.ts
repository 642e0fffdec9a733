import { UserErrors } from '@quimbi/service/errors.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStorable } from '@quimbi/service/places.ts'
import { labels, text } from './text.ts'
import { isTimeZone } from './time-zone.ts'

const path = ['input', 'subject']

/** The code that a check refuses with; null if it does not. */
function codeOf(check: () => unknown): string | null {
  try {
    check()
    return null
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    expect(error.errors).toEqual([{ code: expect.any(String), message: expect.any(String), path }])
    return error.errors[0]!.code
  }
}

describe('a text', () => {
  it('is trimmed and otherwise left as it is', () => {
    expect(text('  Ünïcödé\tand\nlines\r\n 👋 ', { path, max: 100 })).toBe('Ünïcödé\tand\nlines\r\n 👋')
  })

  it('is refused when nothing is left of it', () => {
    expect(codeOf(() => text(' \n\t\u00a0', { path, max: 10 }))).toBe('REQUIRED')
  })

  it('may be as long as is allowed, measured trimmed', () => {
    expect(text(` ${'x'.repeat(10)} `, { path, max: 10 })).toHaveLength(10)
    expect(codeOf(() => text('x'.repeat(11), { path, max: 10 }))).toBe('TOO_LONG')
  })

  it('is refused for any control character but tab and line breaks', () => {
    const codes = [...Array.from({ length: 32 }, (_, code) => code), 127]
    const refused = codes.filter((code) => codeOf(() => text(`a${String.fromCodePoint(code)}b`, { path, max: 10 })))
    expect(refused).toEqual(codes.filter((code) => ![9, 10, 13].includes(code)))
  })

  it('that passes can be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (value) => {
        if (codeOf(() => text(value, { path, max: 20 }))) return
        expect(isStorable(text(value, { path, max: 20 }))).toBe(true)
      }),
    )
  })
})

describe('labels', () => {
  it('are trimmed and kept once each, in their order', () => {
    expect(labels([' b', 'a', 'b ', 'B'], path)).toEqual(['b', 'a', 'B'])
    expect([labels(null, path), labels(undefined, path), labels([], path)]).toEqual([[], [], []])
  })

  it('are at most fifty of a hundred characters', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `label ${index}`)
    expect(labels([...many(50), ...many(50)], path)).toHaveLength(50)
    expect(codeOf(() => labels(many(51), path))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(() => labels(['x'.repeat(101)], path))).toBe('TOO_LONG')
    expect(codeOf(() => labels([' '], path))).toBe('REQUIRED')
  })
})

describe('a time zone', () => {
  it.each([
    ['Europe/Paris', true],
    ['UTC', true],
    ['America/Argentina/Buenos_Aires', true],
    ['Europe/Atlantis', false],
    ['', false],
    ['a\u0000', false],
  ])('%s is known: %s', (name, known) => {
    expect(isTimeZone(name)).toBe(known)
  })
})
