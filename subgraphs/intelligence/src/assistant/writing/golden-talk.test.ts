import { describe, expect, it } from 'vitest'
import { daysAgo, orderFact, policy, said, triageOf } from '../situation.test-kit.ts'
import { arrived, reply } from './golden.test-kit.ts'

/** Read as an agent reads them, before sending. */
describe('drafts', () => {
  it('discount', () => {
    const discount = [policy({ id: 'p4', kind: 'DISCOUNT', text: 'On request.', maxDiscountPercent: 15 })]
    expect(reply({ triage: triageOf('discount'), policies: discount, channel: 'CHAT' }, { tone: 'FRIENDLY' }))
      .toMatchInlineSnapshot(`
      "Hi Maria! Thanks so much for your message!

      I'm glad to tell you that I can offer you 15 % off your next order.

      Would you like me to set up a code for you?"
    `)
    expect(reply({ triage: triageOf('discount') })).toMatchInlineSnapshot(`
      "Dear Maria Lopez,

      Thank you for your message.

      I have no code to give you at the moment, I am sorry.

      If you tell me what you have in mind, I will gladly help you find what suits you best.

      Kind regards,
      Anna Berg
      Lumen & Oak"
    `)
  })

  it('product question', () => {
    const turns = [said('Is the Opal glass lamp dimmable?')]
    expect(reply({ triage: triageOf('product_question'), turns })).toMatchInlineSnapshot(`
      "Dear Maria Lopez,

      Thank you for your message.

      I want to give you a right answer on the Opal glass lamp, so I will check it with our product team and tell you here. Is there anything else that you would like to know about it?

      Kind regards,
      Anna Berg
      Lumen & Oak"
    `)
  })

  it('no order found, after a broken promise', () => {
    const promise = 'I will come back to you by Friday.'
    const turns = [said('Where is it?'), said(promise, { id: 'ours', fromAgent: true }), said('Well?', { id: 'b' })]
    const triage = triageOf('shipping_delay', { promises: [{ text: promise, dueAt: daysAgo(1), confidence: 0.9 }] })
    expect(reply({ orders: [], isOrderNamed: false, turns, triage }, { tone: 'EMPATHETIC' })).toMatchInlineSnapshot(`
      "Dear Maria,

      I am so sorry about the wait for your delivery, and I understand what a nuisance it is. I am sorry that you did not hear from us in time, as we had promised.

      Could you tell me your order number, or the email address that you ordered with, so that I can look it up?

      With warm regards,
      Anna Berg
      Lumen & Oak"
    `)
  })

  it('to win somebody back', () => {
    const one = { goal: 'WIN_BACK' as const, turns: [], triage: null, orders: [arrived], isOrderNamed: false }
    expect(reply(one, { tone: 'FRIENDLY' })).toMatchInlineSnapshot(`
      "Hi Maria!

      Thank you for your order #10442 of 16 November (Opal glass lamp and Wool throw); we would love to see you again.

      If there's anything that we could have done better, I'd be grateful to hear it.

      Best wishes,
      Anna Berg
      Lumen & Oak"
    `)
    const old = orderFact({ placedAt: daysAgo(200), status: 'DELIVERED' })
    const discount = [policy({ id: 'p4', kind: 'DISCOUNT', text: 'On request.', maxDiscountPercent: 15 })]
    expect(reply({ ...one, orders: [old], policies: discount })).toMatchInlineSnapshot(`
      "Dear Maria Lopez,

      It has been a while since your order #10442 of 6 May (Opal glass lamp and Wool throw), and we would love to see you again.

      I can offer you 15 % off your next order, if you would like that. If there is anything that we could have done better, I would be grateful to hear it.

      Kind regards,
      Anna Berg
      Lumen & Oak"
    `)
    expect(reply({ ...one, orders: [old], policies: discount, channel: 'SMS' })).toMatchInlineSnapshot(
      `"Hello Maria. It has been a while since your order #10442. I can offer you 15 % off your next order, if you would like that."`,
    )
  })

  it('to ask how it went, to suggest, and to stay in touch', () => {
    const one = { turns: [], triage: null, orders: [arrived], isOrderNamed: false, channel: 'CHAT' as const }
    expect(reply({ ...one, goal: 'FOLLOW_UP' }, { tone: 'FRIENDLY' })).toMatchInlineSnapshot(`
      "Hi Maria! I wanted to ask how things went with your order #10442 of 16 November (Opal glass lamp and Wool throw).

      If anything is still open, just reply and I'll take care of it."
    `)
    expect(reply({ ...one, goal: 'UPSELL' }, { tone: 'FRIENDLY' })).toMatchInlineSnapshot(`
      "Hi Maria! I hope that you enjoy the Opal glass lamp and Wool throw from your order #10442 of 16 November.

      Would you like me to pick out a few things that go well with it?"
    `)
    expect(reply({ ...one, goal: 'NURTURE_LEAD', orders: [] }, { tone: 'FRIENDLY' })).toMatchInlineSnapshot(`
      "Hi Maria! I'd like to help you find what suits you, without any obligation.

      What are you looking for at the moment, and what matters most to you in it?"
    `)
  })
})
