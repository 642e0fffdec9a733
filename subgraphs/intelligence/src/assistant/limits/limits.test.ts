import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channels } from '../situation.ts'
import { countIn, limitOf, splitText, usedOf, usualTone } from './limits.ts'

const bare = (text: string) => text.replace(/\s/g, '')
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 1_500 }),
  fc.lorem({ mode: 'sentences', maxCount: 80 }),
  fc
    .array(fc.constantFrom('👩‍👩‍👧‍👦', '🇩🇪', 'word', ' ', '. ', '\n', '明日', 'e\u0301', 'x'.repeat(200)), { maxLength: 400 })
    .map((parts) => parts.join('')),
)

describe('limits', () => {
  it('are those of the channels', () => {
    expect(channels.map((channel) => [channel, ...Object.values(limitOf(channel)), usualTone(channel)])).toEqual([
      ['EMAIL', 'WORDS', 200, 'PROFESSIONAL'],
      ['SMS', 'CHARACTERS', 160, 'CASUAL'],
      ['PHONE', 'WORDS', 75, 'CONVERSATIONAL'],
      ['CHAT', 'WORDS', 100, 'FRIENDLY'],
      ['FORM', 'WORDS', 200, 'PROFESSIONAL'],
    ])
  })

  it('count as a person does', () => {
    expect(countIn('CHARACTERS', 'Grüße 👍')).toBe(7)
    expect(countIn('WORDS', ' Dear O’Neill,\n\n order #10442 – 20.00 USD. ')).toBe(7)
    expect(countIn('WORDS', '')).toBe(0)
    // No spaces, and yet more than one word.
    expect(countIn('WORDS', '私は明日東京に行きます。')).toBeGreaterThan(4)
    expect(usedOf('SMS', 'abc')).toEqual({ unit: 'CHARACTERS', max: 160, used: 3 })
  })
})

describe('splitting', () => {
  it('loses and invents nothing but spaces, and each part fits', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...channels), (text, channel) => {
        const parts = splitText(text, channel)
        const { unit, max } = limitOf(channel)
        expect(bare(parts.join(''))).toBe(bare(text))
        for (const part of parts) {
          expect(part).toBe(part.trim())
          expect(countIn(unit, part)).toBeLessThanOrEqual(max)
          expect(part).not.toBe('')
        }
      }),
    )
  })

  it('cuts between sentences where it can', () => {
    const sentence = `${'word '.repeat(19)}end.`
    expect(splitText(`${sentence} ${sentence} ${sentence}`, 'SMS')).toEqual([sentence, sentence, sentence])
    expect(splitText('Short. Text.', 'SMS')).toEqual(['Short. Text.'])
    expect(splitText(' \n ', 'SMS')).toEqual([])
  })

  it('cuts a longer sentence between words, and a longer word anywhere but within an emoji', () => {
    expect(splitText('word '.repeat(50), 'SMS')).toEqual(['word '.repeat(32).trim(), 'word '.repeat(18).trim()])
    expect(splitText('x'.repeat(400), 'SMS').map(({ length }) => length)).toEqual([160, 160, 80])
    const family = '👩‍👩‍👧‍👦'
    expect(splitText(family.repeat(60), 'SMS').map((part) => part.replaceAll(family, ''))).toEqual(['', '', ''])
  })

  it('cuts even one character of countless accents', () => {
    const parts = splitText(`a${'\u0301'.repeat(1_000)}`, 'SMS')
    expect(parts.map((part) => countIn('CHARACTERS', part))).toEqual([160, 160, 160, 160, 160, 160, 41])
  })
})
