import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cuesIn } from './cues.ts'
import { type DifficultyFacts, difficultyOf } from './difficulty.ts'
import { languageOf } from './language.ts'
import { ownWords } from './sentences.ts'
import { type UrgencyFacts, urgencyLevel, urgencyOf } from './urgency.ts'

const intent = fc.constantFrom('thanks', 'order_damaged', 'refund_request', 'shipping_status', 'a tenant’s own', null)
const count = fc.nat({ max: 40 })
const share = fc.double({ min: 0, max: 1, noNaN: true })
const difficulty: fc.Arbitrary<DifficultyFacts> = fc.record({
  intent,
  words: fc.nat({ max: 500 }),
  customerTurns: count,
  questions: count,
  sentiment: share,
  cues: share,
})
const urgency: fc.Arbitrary<UrgencyFacts> = fc.record({
  intent,
  sentiment: share,
  customerTurns: count,
  isLive: fc.boolean(),
  capitals: share,
  exclamations: count,
  cues: share,
})

describe('difficulty', () => {
  it('is between 0 and 1, and more of anything never makes it easier', () => {
    fc.assert(
      fc.property(
        difficulty,
        fc.constantFrom('words', 'customerTurns', 'questions', 'cues'),
        fc.nat({ max: 50 }),
        (facts, name, more) => {
          const base = difficultyOf(facts)
          expect(base).toBeGreaterThanOrEqual(0)
          expect(base).toBeLessThanOrEqual(1)
          expect(difficultyOf({ ...facts, [name]: facts[name] + more })).toBeGreaterThanOrEqual(base)
          expect(difficultyOf({ ...facts, sentiment: facts.sentiment / 2 })).toBeGreaterThanOrEqual(base)
        },
      ),
    )
  })

  it('tells a thank-you from a furious customer’s third message about a charge', () => {
    const easy = { intent: 'thanks', words: 3, customerTurns: 1, questions: 0, sentiment: 0.9, cues: 0 }
    const hard = { intent: 'payment', words: 150, customerTurns: 3, questions: 2, sentiment: 0.1, cues: 0.3 }
    expect(difficultyOf(easy)).toBeLessThan(0.3)
    expect(difficultyOf(hard)).toBeGreaterThan(0.7)
  })
})

describe('urgency', () => {
  it('is between 0 and 1, and more of anything never makes it less', () => {
    fc.assert(
      fc.property(
        urgency,
        fc.constantFrom('customerTurns', 'exclamations', 'capitals', 'cues'),
        share,
        (facts, name, more) => {
          const base = urgencyOf(facts)
          expect(base).toBeGreaterThanOrEqual(0)
          expect(base).toBeLessThanOrEqual(1)
          expect(urgencyOf({ ...facts, [name]: facts[name] + more })).toBeGreaterThanOrEqual(base)
          expect(urgencyOf({ ...facts, isLive: true })).toBeGreaterThanOrEqual(base)
          expect(urgencyOf({ ...facts, sentiment: facts.sentiment / 2 })).toBeGreaterThanOrEqual(base)
        },
      ),
    )
  })

  it('has four levels, surest in their middle', () => {
    expect([0, 0.3, 0.6, 0.9].map((value) => urgencyLevel(value).label)).toEqual(['LOW', 'NORMAL', 'HIGH', 'URGENT'])
    expect(urgencyLevel(0.35).confidence).toBeGreaterThan(urgencyLevel(0.21).confidence)
    fc.assert(
      fc.property(share, (value) => {
        const { confidence } = urgencyLevel(value)
        expect(confidence).toBeGreaterThan(0.5)
        expect(confidence).toBeLessThanOrEqual(0.95)
      }),
    )
  })
})

describe('cues', () => {
  const tags = (text: string) => cuesIn(text).tags.map(({ label }) => label)
  it.each([
    ['This is URGENT, my wedding is on Saturday', ['urgent', 'deadline']],
    ['The charger caught fire', ['safety']],
    ['I will call my lawyer and start a chargeback', ['legal', 'chargeback']],
    ['This is the third time I write', ['repeat-contact']],
    ['let me talk to a manager', ['wants-human']],
    ['I will never order from you again', ['cancellation-risk']],
    ['It is not urgent', []],
    ['Where is my order?', []],
  ])('%s → %j', (text, expected) => expect(tags(text)).toEqual(expected))

  it('takes long texts of any kind', () => {
    for (const text of ['not '.repeat(5_000), 'need a '.repeat(3_000), 'x'.repeat(20_000)])
      expect(() => cuesIn(text)).not.toThrow()
  })
})

describe('the language', () => {
  it.each([
    ['Where is my order? It should have been here last week.', 'en'],
    ['Wo bleibt meine Bestellung? Ich warte seit zwei Wochen.', 'de'],
    ['Je voudrais retourner ma commande, s’il vous plaît.', 'fr'],
    ['¿Dónde está mi pedido? Llevo dos semanas esperando.', 'es'],
    ['注文した商品がまだ届いていません。', 'ja'],
  ])('of "%s" is %s', (text, language) => expect(languageOf(text)).toBe(language))

  it.each(['', 'ok', '#10422', 'joe@example.com https://example.com/a/b', '1Z999AA10123456784'])(
    'of "%s" nobody knows',
    (text) => expect(languageOf(text)).toBeNull(),
  )
})

describe('a message’s own words', () => {
  it('are without what it quotes and its signature', () => {
    expect(ownWords('It broke.\n\nOn Mon, Mar 2, 2026 Support wrote:\n> We ship today.')).toBe('It broke.')
    expect(ownWords('> Is it fine?\nNo, it is torn.\n--\nAnna')).toBe('No, it is torn.')
  })
})
