import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { said, situation } from '../situation.test-kit.ts'
import type { Cite, Written } from '../written.ts'
import { most, verify } from './verify.ts'

const text = (...sentences: readonly string[]): Written => ({
  paragraphs: [sentences.map((said) => ({ text: said, cites, importance: 1 as const }))],
  personalization: [],
  reasoning: '',
  confidence: 0.8,
})
const shop = situation({ turns: [said('Where is my order #10442?', { id: 'said-1' })] })
const cites: readonly Cite[] = [
  { source: 'ORDER', id: shop.orders[0]!.id, quote: '#10442' },
  { source: 'MESSAGE', id: 'said-1', quote: 'Where' },
]
const codes = (written: Written) => verify(written, shop).map(({ code }) => code)

describe('text without mercy', () => {
  const bits = [
    'a',
    '1',
    '1 ',
    '1,',
    '1.',
    '-',
    ' ',
    '@',
    'a@',
    'a.',
    'http://',
    '<',
    '[',
    '·',
    'one ',
    'is ',
    'you ',
    'we have ',
    'in 1 to ',
    '4 ',
    '\u202e',
    'é',
    '"A',
    'refund ',
  ]

  it('is refused unread where it is too long, in its sentences or in sum', () => {
    for (const bit of bits) expect(codes(text(bit.repeat(100_000 / bit.length)))).toContain('TOO_LONG')
    const many = text(...Array.from({ length: 90 }, () => 'so '.repeat(300)))
    expect(codes(many)).toContain('TOO_LONG')
  })

  it('ends for whatever is short enough, with the records as hostile', () => {
    for (const bit of bits) {
      const hostile = bit.repeat(Math.floor(most.sentence / bit.length))
      const about = { ...shop, turns: [said(bit.repeat(50_000 / bit.length), { id: 'said-1' })] }
      for (const { sentence } of verify(text(hostile), about)) expect([hostile, '']).toContain(sentence)
      expect(verify(text(hostile), about)).toEqual(verify(text(hostile), { ...about }))
    }
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 9 })), { maxLength: 200 }),
        (parts) => {
          const hostile = parts.join('').slice(0, most.sentence)
          expect(verify(text(hostile), shop)).toEqual(verify(text(hostile), { ...shop }))
        },
      ),
      { numRuns: 100 },
    )
  })
})
