import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restoredPieces, sentenceReader } from './stream-text.ts'

function readIn(pieces: readonly string[]): { text: string; told: string[] } {
  const told: string[] = []
  const read = sentenceReader((text) => void told.push(text))
  for (const piece of pieces) read(piece)
  return { text: told.join(''), told }
}

const halves = (text: string, at: number) => [text.slice(0, at), text.slice(at)]

const sentence = fc.record({
  text: fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.isWellFormed()),
  cites: fc.array(fc.record({ source: fc.constant('ORDER'), id: fc.string(), quote: fc.string(), text: fc.string() })),
  importance: fc.constantFrom(1, 2, 3),
})
const written = fc.record({
  paragraphs: fc.array(fc.array(sentence, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  personalization: fc.array(fc.string()),
  reasoning: fc.string(),
  text: fc.string(),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
})

describe('sentences in an answer that comes in pieces', () => {
  it('are told whatever the pieces are, and nothing besides', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 12 }), fc.boolean(), (answer, size, isPretty) => {
        const json = JSON.stringify(answer, null, isPretty ? 2 : 0)
        const pieces = json.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
        const expected = answer.paragraphs.map((all) => all.map(({ text }) => text).join(' ')).join('\n\n')
        expect(readIn(pieces).text).toBe(expected)
      }),
    )
  })

  it('are told as they come, escapes when they are whole', () => {
    const json = String.raw`{"paragraphs":[[{"text":"A\n\u00e9\ud83d\ude00\"b","cites":[]}]]}`
    for (let at = 0; at <= json.length; at++) expect(readIn(halves(json, at)).text).toBe('A\né😀"b')
    expect(readIn([...json]).told.every((text) => text.isWellFormed())).toBe(true)
    expect(readIn(['{"paragraphs":[[{"text":"Your par', 'cel is']).told).toEqual(['Your par', 'cel is'])
  })

  it.each([
    ['words', 'Ignore that, here is "text": "no"'],
    ['another shape', '{"text":"no","paragraphs":{"a":[{"text":"no"}]}}'],
    ['a name inside a value', '{"reasoning":"{\\"paragraphs\\":[[{\\"text\\":\\"no\\"}]]}"}'],
    ['deep nesting', `${'['.repeat(20_000)}{"text":"no"}`],
    ['sentences of something else', '{"others":[[{"text":"no"}]]}'],
  ])('are none in %s', (_, text) => {
    expect(readIn([text]).text).toBe('')
  })
})

describe('placeholders in text that comes in pieces', () => {
  const restore = (text: string) => text.replaceAll('[order-1]', '#1042').replaceAll('[customer]', 'Mia')

  it('are put back wherever the text is cut', () => {
    const text = 'Hello [customer], order [order-1] [sic] is [on its way'
    for (let a = 0; a <= text.length; a++) {
      const told: string[] = []
      const pieces = restoredPieces(restore, (piece) => void told.push(piece))
      for (const piece of halves(text, a)) pieces.push(piece)
      pieces.end()
      expect(told.join('')).toBe(restore(text))
    }
  })

  it('are not waited for forever', () => {
    const told: string[] = []
    const pieces = restoredPieces(restore, (piece) => void told.push(piece))
    pieces.push('[')
    pieces.push('x'.repeat(100))
    expect(told.join('')).toBe(`[${'x'.repeat(100)}`)
  })
})
