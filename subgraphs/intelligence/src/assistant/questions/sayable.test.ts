import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sayable } from './sayable.ts'

const own = new Set(['bargain', 'gourmets'])
const said = (question: string) => sayable(question, own).text

describe('what may be said of a question', () => {
  it.each([
    ['Folks who drift away, in March as ever?', 'folks who drift away, in march as ever?'],
    [
      'bargain gourmets with over $500 and 3 orders in 90 days',
      'bargain gourmets with over $ 500 and 3 orders in 90 days',
    ],
    ['more than 60 % likely to churn since 2026', 'more than 60 % likely to churn since 2026'],
    ['how is maria lopez doing', 'how is <word-1> <word-2> doing'],
    ['maria and maria’s neighbours', '<word-1> and <word-1> <word-2>'],
    ['MARIA ma\u200bria ＭＡＲＩＡ', '<word-1> <word-1> <word-1>'],
    ['orders like 李明 or Ольга', 'orders like <word-1> or <word-2>'],
    ['order 10442 of last year', 'order <number-1> of last year'],
    ['call +49 170 1234567', '<word-1> <number-2> <number-3> <number-4>'],
    ['born 1980-03-05', '<word-1> <number-2> - <number-3> - <number-4>'],
    ['maria.lopez@example.com spent over 50', '<word-1>. <word-2> <word-3>. <word-4> spent over 50'],
  ])('%s', (question, text) => expect(said(question)).toBe(text))

  it('counts what is left', () => {
    expect(sayable('how is maria lopez doing', own)).toMatchObject({ known: 3, unknown: 2 })
  })

  it('has no word that is not on the list, whatever is asked', () => {
    const letters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(letters, fc.constantFrom(' ', '\u200b', '-', '’', '\n'), (name, between) => {
        const text = said(`which of${between}zq${name}${between}churn`)
        for (const word of text.replaceAll(/<(?:word|number)-\d+>/g, '').match(/[\p{L}\p{M}]+/gu) ?? [])
          expect(said(word)).toBe(word)
        expect(text).not.toContain('zq')
      }),
    )
  })
})
