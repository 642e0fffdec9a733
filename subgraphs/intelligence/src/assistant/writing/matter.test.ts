import { describe, expect, it } from 'vitest'
import { render } from '../limits/render.ts'
import type { Situation, Wish } from '../situation.ts'
import { customerFacts, daysAgo, orderFact, policy, said, situation, triageOf } from '../situation.test-kit.ts'
import { isoDay } from './dates.ts'
import { write } from './writer.ts'

const usual: Wish = { tone: 'PROFESSIONAL', length: 'MEDIUM' }
const contentOf = (one: Situation) => render(write(one, usual), one, usual)?.content ?? ''
const policies = [
  policy(),
  policy({ id: 'p3', kind: 'COMPENSATION', text: 'For our mistakes.', maxCompensation: '10.00' }),
]

describe('what it asks for', () => {
  const damaged = (content: string, overrides: Partial<Situation> = {}) =>
    contentOf(situation({ turns: [said(content)], triage: triageOf('order_damaged'), ...overrides }))

  it('is what is missing and nothing else', () => {
    expect(damaged('It broke.')).toMatch(/photo of the damage/)
    expect(damaged('The Wool throw is torn, see the photo.')).not.toMatch(/Could you send me a photo/)
    expect(damaged('It does not look like on the photo and it broke.')).toMatch(/photo of the damage/)
    expect(damaged('It broke.')).toMatch(/replacement or your money back/)
    expect(damaged('It broke. Please replace it.')).toMatch(/You would like a replacement/)
    expect(damaged('It broke. I want my money back.')).toMatch(/You would like your money back/)
    expect(damaged('It broke.')).toMatch(/Which item is it/)
    expect(damaged('My wool throw broke.')).not.toMatch(/Which item/)
  })

  it('is the order, where none is known or another number was given', () => {
    const unknown = { orders: [], isOrderNamed: false, triage: triageOf('shipping_status') }
    expect(contentOf(situation(unknown))).toMatch(/order number/)
    const other = triageOf('shipping_status', { entities: [{ kind: 'ORDER_NUMBER', text: '55555' }] })
    const content = contentOf(situation({ triage: other, isOrderNamed: false }))
    expect(content).toMatch(/could not find an order under the number/)
    expect(content).not.toContain('55555')
    expect(content).not.toContain('#10442')
  })

  it('is which order, where several fit', () => {
    const two = [orderFact(), orderFact({ id: 'o2', externalId: '#10300' })]
    const one = situation({ orders: two, isOrderNamed: false, triage: triageOf('shipping_status') })
    expect(contentOf(one)).toMatch(/If you mean another order/)
    expect(write(one, usual).confidence).toBeLessThan(write(situation(), usual).confidence)
  })
})

describe('care', () => {
  const credit = policies[1]!
  const late = (overrides: Partial<Situation>) =>
    contentOf(situation({ triage: triageOf('order_damaged'), policies: [credit], ...overrides }))
  const leaving = customerFacts({ churn: { score: 0.9, level: 'CRITICAL', horizonDays: 90, reasons: [] } })

  it('offers no more than the policies allow, to who is upset, valued or about to leave, for mistakes of ours', () => {
    expect(late({ customer: leaving })).toContain('10.00 USD')
    expect(late({ isVip: true })).toContain('10.00 USD')
    expect(late({ sentiment: 0.1 })).toContain('10.00 USD')
    expect(late({})).not.toContain('USD')
    expect(late({ customer: leaving, policies: [] })).not.toMatch(/credit/)
    expect(late({ customer: leaving, triage: triageOf('return_request') })).not.toMatch(/credit/)
  })

  it('thanks who is valued for the years that are known', () => {
    const valued = customerFacts({ isHighValue: true })
    const one = situation({ customer: valued })
    const written = write(one, usual)
    const thanks = written.paragraphs.flat().find(({ text }) => text.includes('since 2023'))
    expect(thanks?.cites).toEqual([{ source: 'PROFILE', id: valued.id, quote: isoDay(valued.firstOrderAt!) }])
    expect(written.personalization).toContain('How long they have been a customer')
    expect(contentOf(situation({ customer: { ...valued, firstOrderAt: null } }))).not.toContain('since')
  })

  it('says first that it understands who is upset', () => {
    const sentences = write(situation({ sentiment: 0.05 }), usual).paragraphs.flat()
    expect(sentences[0]?.text).toBe('I understand your disappointment.')
  })

  it('remembers a promise of ours, and that it was broken', () => {
    const promise = 'I will come back to you by Friday.'
    const turns = [said('Where is it?'), said(promise, { id: 'ours', fromAgent: true }), said('Any news?', { id: 'b' })]
    const told = (dueAt: Date | null) =>
      write(
        situation({
          turns,
          triage: triageOf('shipping_status', { promises: [{ text: promise, dueAt, confidence: 1 }] }),
        }),
        usual,
      ).paragraphs.flat()
    const line = told(null).find(({ text }) => text.includes('have not forgotten'))
    expect(line?.cites).toEqual([{ source: 'MESSAGE', id: 'ours', quote: promise }])
    expect(told(daysAgo(1)).some(({ text }) => text.includes('did not hear from us in time'))).toBe(true)
  })

  it('is sorry for who had to ask again, and not for who answers a question of ours', () => {
    const reply = (content: string) =>
      contentOf(
        situation({
          turns: [
            said('It broke.'),
            said('I am sorry! Could you send a photo?', { id: 'a', fromAgent: true }),
            said(content, { id: 'b' }),
          ],
          triage: triageOf('order_damaged'),
        }),
      )
    expect(reply('Still nothing?')).toContain('sorry that you had to write again')
    const answered = reply('Here is the photo.')
    expect(answered).not.toContain('again')
    expect(answered).toContain('Thank you for getting back to us.')
    expect(answered).not.toMatch(/apologi/)
  })

  it('does not say again what the team said', () => {
    const turns = [
      said('Where is it?'),
      said('The tracking number is JD014600003828392837.', { id: 'ours', fromAgent: true }),
      said('Thanks, but when does it come?', { id: 'b' }),
    ]
    expect(contentOf(situation({ turns }))).not.toContain('JD014600003828392837')
  })
})

describe('what it tells the agent', () => {
  const about = (overrides: Partial<Situation>) => write(situation(overrides), usual)

  it.each<[string, Partial<Situation>, RegExp]>([
    ['an intent that is not clear', { triage: triageOf(null) }, /not clear/],
    ['another language', { triage: triageOf('shipping_status', { language: 'de' }) }, /not write in English/],
    ['no order', { orders: [], isOrderNamed: false, triage: triageOf('refund_status') }, /No order/],
    [
      'a delicate matter',
      { triage: triageOf('feedback', { tags: [{ label: 'legal', confidence: 1 }] }) },
      /legal steps/,
    ],
    ['nothing unanswered', { turns: [said('Hi'), said('Hello!', { fromAgent: true })] }, /nothing is unanswered/],
  ])('is that it is unsure for %s', (_, overrides, why) => {
    const { confidence, reasoning } = about(overrides)
    expect(reasoning).toMatch(why)
    expect(confidence).toBeLessThanOrEqual(0.5)
  })

  it('is how sure it is of a plain question about a known order', () => {
    expect(about({})).toMatchObject({ confidence: 0.86, reasoning: 'Answers a message about "shipping status".' })
  })

  it('counts as personal only what stayed in the message', () => {
    const valued = { customer: customerFacts({ isHighValue: true }), triage: triageOf('order_damaged'), policies }
    expect(about(valued).personalization.join()).toMatch(/credit.*|How long/)
    expect(about({ ...valued, channel: 'SMS' }).personalization.join()).not.toMatch(/How long/)
  })
})
