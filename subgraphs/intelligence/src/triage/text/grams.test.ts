import { describe, expect, it } from 'vitest'
import { createCutter, mostCharacters } from './grams.ts'
import { gramOptions } from './text-model.ts'

const { cut, words } = createCutter(gramOptions)
const grams = (text: string) => {
  const { hashes, n } = cut(text)
  return [...hashes.slice(0, n)].sort((a, b) => a - b)
}

describe('cutting texts', () => {
  it('finds the same n-grams however a word is typed', () => {
    expect(grams("Don't CANCEL order #123!")).toEqual(grams('dont cancel order 987'))
  })

  it('tells the order of words apart, but not in pairs', () => {
    const [one, other] = [new Set(grams('refund my order')), new Set(grams('order my refund'))]
    const shared = [...one].filter((hash) => other.has(hash)).length
    expect(shared).toBeLessThan(one.size)
    expect(shared).toBeGreaterThan(gramOptions.words * 3)
  })

  it('knows where each word is', () => {
    cut('Hi — my Größe?')
    const text = 'Hi — my Größe?'
    expect(Array.from({ length: words.n }, (_, at) => text.slice(words.from[at], words.to[at]))).toEqual([
      'Hi',
      'my',
      'Größe',
    ])
  })

  it('reads nothing of what is beyond the limit, and takes any text', () => {
    const long = 'refund '.repeat(mostCharacters)
    expect(grams(long)).toEqual(grams(long.slice(0, mostCharacters)))
    for (const text of [
      '',
      ' ',
      'a'.repeat(20_000),
      'a '.repeat(20_000),
      '😀'.repeat(9_000),
      'İ'.repeat(300),
      '\u0000\ud800',
    ])
      expect(() => cut(text)).not.toThrow()
  })
})
