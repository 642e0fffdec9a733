import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Situation } from '../situation.ts'
import { conversations, now, orderFact, parcel, policy, said, situation, usd } from '../situation.test-kit.ts'
import { builtIn } from '../writing/writer.ts'
import type { Cite, Written } from '../written.ts'
import { verify } from './verify.ts'

const text = (...sentences: readonly (string | readonly [string, ...Cite[]])[]): Written => ({
  paragraphs: [
    sentences.map((one) => {
      const [said, ...cites] = typeof one === 'string' ? [one] : one
      return { text: said, cites, importance: 1 }
    }),
  ],
  personalization: [],
  reasoning: 'Because they asked.',
  confidence: 0.8,
})

const shop = situation({
  now,
  turns: [said('Where is my order #10442? I wait for two weeks. It was 162 dollars.', { id: 'said-1' })],
  orders: [
    orderFact({
      id: 'order-a',
      externalId: '#10442',
      placedAt: new Date('2026-11-16T10:00:00Z'),
      refunded: usd('20.00'),
      shipments: [parcel({ id: 'order-a:0', updatedAt: new Date('2026-11-20T10:00:00Z') })],
    }),
  ],
  policies: [
    policy({
      id: 'p-return',
      text: 'Unused items can be returned within 30 days of delivery. The return label is free.',
    }),
    policy({
      id: 'p-refund',
      kind: 'REFUND',
      text: 'Refunds take 5 to 10 business days. See https://shop.example/refunds.',
    }),
    policy({ id: 'p-credit', kind: 'COMPENSATION', text: 'Agents may give store credit.', maxCompensation: '15.00' }),
    policy({ id: 'p-code', kind: 'DISCOUNT', text: 'Codes may be given on request.', maxDiscountPercent: 10 }),
  ],
  pastTickets: [
    {
      id: 'past-a',
      subject: 'Broken mug',
      category: null,
      resolution: 'Refunded 12.00 USD',
      satisfaction: 4,
      closedAt: now,
    },
  ],
})

const order: Cite = { source: 'ORDER', id: 'order-a', quote: '#10442' }
const shipment: Cite = { source: 'SHIPMENT', id: 'order-a:0', quote: 'in_transit' }
const message: Cite = { source: 'MESSAGE', id: 'said-1', quote: 'Where is my order' }
const refund: Cite = { source: 'POLICY', id: 'p-refund', quote: '5 to 10 business days' }
const returns: Cite = { source: 'POLICY', id: 'p-return', quote: 'within 30 days of delivery' }
const credit: Cite = { source: 'POLICY', id: 'p-credit', quote: 'store credit' }
const code: Cite = { source: 'POLICY', id: 'p-code', quote: 'Codes may be given' }
const profile: Cite = { source: 'PROFILE', id: shop.customer!.id, quote: '2023-04-12' }
const past: Cite = { source: 'PAST_TICKET', id: 'past-a', quote: 'Refunded 12.00 USD' }

const codes = (written: Written, about: Situation = shop) => [
  ...new Set(verify(written, about).map(({ code }) => code)),
]

describe('what may be shown', () => {
  const fine: readonly (readonly [string, ...Cite[]])[] = [
    ['Thank you for your message.'],
    ['Thank you, and have a nice day 🙂 👩‍👩‍👧!'],
    ['How can I help you today?'],
    ['Could you send me a photo of it, and tell me which item it is?'],
    ['I am sorry that it has not arrived yet.'],
    ['Your order #10442 is on its way with DHL.', order, shipment],
    ['Your order 10442 was placed on 16 November.', order],
    ['It was last seen on Nov 20, 2026.', shipment],
    ['The last update is of 2026-11-20, two days ago.', shipment],
    ['The tracking number is JD014600003828392837.', shipment],
    ['It holds the Opal glass lamp and the Wool throw.', order],
    ['The total is $162.00.', order],
    ['The total is 162 USD, and 20 dollars were refunded.', order],
    ['Refunds take 5-10 business days.', refund],
    ['Unused items can be returned within 30 days of delivery.', returns],
    ['The return label is free.', returns],
    ['More is told on https://shop.example/refunds.', refund],
    ['I can offer you a store credit of up to 15 USD, if you like.', credit],
    ['I can offer you a discount of ten percent on your next order.', code],
    ['Thank you for being with us since 2023.', profile],
    ['You have placed 5 orders with us.', profile],
    ['You wrote that you wait for two weeks.', message],
    ['Last time we refunded 12.00 USD for the mug.', past, refund],
    ['Would you prefer a replacement or a refund?'],
    ['I cannot refund it before it is back.'],
    ['If it is delivered in the meantime, just tell me.'],
  ]
  for (const [sentence, ...cites] of fine)
    it(sentence, () => expect(verify(text([sentence, ...cites]), shop)).toEqual([]))

  it('is what the built-in writer writes, in every conversation', async () => {
    for (const { situation: given, wish } of conversations(23, 400))
      expect(verify(await builtIn.write(given, wish), given)).toEqual([])
  }, 120_000)
})

describe('what must not be shown', () => {
  const wrong: readonly (readonly [string, string, ...Cite[]])[] = [
    ['UNCITED', 'Your order #10442 is with us.'],
    ['UNCITED', 'The total is 162.00 USD.', shipment],
    ['UNCITED', 'Refunds take 5 to 10 business days.'],
    ['UNCITED', 'Hello, your order is on its way with DHL.'],
    ['UNKNOWN_RECORD', 'Your order #10442 is here.', { source: 'ORDER', id: 'order-b', quote: '#10442' }],
    ['UNKNOWN_RECORD', 'Your order #10442 is here.', { source: 'SHIPMENT', id: 'order-a', quote: '#10442' }],
    ['UNKNOWN_RECORD', 'Thank you.', { source: 'POLICY', id: 'p-refund', quote: 'Refunds are instant' }],
    ['UNKNOWN_RECORD', 'Thank you.', { source: 'ORDER', id: 'order-a', quote: 'total 163.00' }],
    ['UNKNOWN_RECORD', 'Thank you.', { source: 'ORDER', id: 'order-a', quote: ' ' }],
    ['INVENTED', 'Your order #10443 is with us.', order],
    ['INVENTED', 'The total is 163.00 USD.', order],
    ['INVENTED', 'The total is 162.00 EUR.', order],
    ['INVENTED', 'It was placed on 17 November.', order],
    ['INVENTED', 'It was placed on a Thursday.', order],
    ['INVENTED', 'It is with FedEx now.', shipment],
    ['INVENTED', 'The tracking number is JD014600003828392838.', shipment],
    ['INVENTED', 'Your order was delivered.', order, shipment],
    ['INVENTED', 'It is out for delivery.', shipment],
    ['INVENTED', 'You have placed seven orders with us.', profile],
    ['INVENTED', 'The Copper Kettle Deluxe goes well with it.', order],
    ['INVENTED', 'Call us on +1 900 555 0199.', refund],
    ['INVENTED', 'It lies at 12 Oak Avenue, Springfield, IL 62704.', shipment],
    ['PROMISE', 'It will arrive tomorrow.', shipment],
    ['PROMISE', 'It will arrive by 25 November.', shipment],
    ['PROMISE', 'You will have it within three days.', shipment],
    ['PROMISE', 'Refunds take 2 business days.', refund],
    ['PROMISE', 'You can return it within 60 days.', returns],
    ['PROMISE', 'I can offer you a store credit of 16 USD.', credit],
    ['PROMISE', 'I can offer you a store credit of 15 EUR.', credit],
    ['PROMISE', 'I can offer you a discount of 20 %.', code],
    ['PROMISE', 'We send you a replacement.', refund, order],
    ['PROMISE', 'Shipping is for free: you get free shipping.', returns],
    ['PROMISE', 'We guarantee it.', refund],
    ['PROMISE', 'This one is on us.', order],
    ['PROMISE', 'You do not have to pay for it.', order],
    ['PROMISE', 'We cover all the costs.', order],
    ['PROMISE', 'I will waive the fee.', order],
    ['PROMISE', 'We send you another lamp.', order],
    ['PROMISE', 'Please keep it, there is no need to return it.', order],
    ['PROMISE', 'You get it for half off.', { ...returns }],
    ['PROMISE', 'It will be there in time for Christmas.', shipment],
    ['INVENTED', 'We shipped it yesterday.', shipment],
    ['DEED', 'My manager has approved it.', order],
    ['DEED', 'Your money is already on its way.', { ...returns }],
    ['PROMISE', 'We will refund you today.', refund],
    ['PROMISE', 'You will have your refund in a few days.', refund],
    ['DEED', 'We have cancelled your order.', order],
    ['DEED', "I've changed your address.", order],
    ['DEED', 'We have refunded you in full.', order, refund],
    ['DEED', 'Your refund of 162.00 USD was issued.', order, refund],
    ['DEED', 'We have sent you a new label.', order, shipment],
    ['DEED', 'Your return has been approved.', returns],
    ['INTERNAL', 'You are a high-value customer.', profile],
    ['INTERNAL', 'Our policy is p-return.', returns],
    ['INTERNAL', 'I am an AI and cannot say.'],
    ['SECRET', 'Your password is hunter2.'],
    ['SECRET', 'Please reply with your card number.'],
    ['SECRET', 'It was paid with 5500 0000 0000 0004.'],
    ['SECRET', 'Pay to GB82 WEST 1234 5698 7654 32.'],
    ['LINK', 'See https://shop.example/refunds.evil.example for it.', refund],
    ['LINK', 'See shop.example.evil.com for it.', refund],
    ['LINK', 'Write to help@evil.example then.'],
    ['LINK', 'The tracking number is JD0146 see evil.example/track.', shipment],
    ['ECHO', 'I wait for two weeks.', message],
    ['EMPTY', ' — '],
    ['TOO_LONG', 'so '.repeat(400)],
    ['PLACEHOLDER', 'Dear [customer], thank you.'],
    ['PLACEHOLDER', 'Dear {{name}}, thank you.'],
    ['MARKUP', 'Thank you <b>very</b> much.'],
    ['MARKUP', 'Thank you [here](there).'],
    ['CHARACTERS', 'Thank\u200b you for your message.'],
    ['CHARACTERS', 'Thank you\u202e for your message.'],
    ['CHARACTERS', 'Thank you fоr your message.'],
    ['LANGUAGE', 'Wir haben Ihre Bestellung gefunden und melden uns.'],
    ['LANGUAGE', 'Спасибо за сообщение.'],
  ]
  for (const [code, sentence, ...cites] of wrong)
    it(`${code}: ${sentence}`, () => expect(codes(text([sentence, ...cites]))).toContain(code))

  it('a remedy where no policy gives any', () => {
    const bare = { ...shop, policies: [] }
    expect(codes(text(['I can offer you a refund.', order]), bare)).toContain('PROMISE')
    expect(codes(text('Please accept a voucher.'), bare)).toContain('PROMISE')
    expect(codes(text('Here is a discount for you.'), bare)).toContain('PROMISE')
  })

  it('nothing at all, or what the agent is told with a link in it', () => {
    expect(codes({ ...text(), paragraphs: [] })).toEqual(['EMPTY'])
    expect(codes({ ...text('Thank you.'), reasoning: 'See https://evil.example/x.' })).toEqual(['LINK'])
    expect(codes({ ...text('Thank you.'), personalization: ['<b>their name</b>'] })).toEqual(['MARKUP'])
    expect(codes({ ...text('Thank you.'), confidence: 2 })).toEqual(['INVENTED'])
  })

  it('an honest reply with one digit of a number changed', async () => {
    const cases: (readonly [Written, Situation])[] = []
    for (const { situation: given, wish } of conversations(31, 150))
      cases.push([await builtIn.write(given, wish), given])
    const numbers = /(?<=[A-Z#-]*)\d{4,}/g
    const figured = cases.filter(([written]) => written.paragraphs.flat().some(({ text }) => text.search(numbers) >= 0))
    fc.assert(
      fc.property(
        fc.constantFrom(...figured),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        ([written, given], which, by) => {
          const digits = written.paragraphs
            .flat()
            .flatMap(({ text }, at) =>
              [...text.matchAll(numbers)].flatMap(({ 0: { length }, index }) =>
                Array.from({ length }, (_, k) => ({ at, index: index + k })),
              ),
            )
          const { at, index } = digits[which % digits.length]!
          const change = (text: string) =>
            text.slice(0, index) + ((Number(text[index]) + by) % 10) + text.slice(index + 1)
          const sentences = written.paragraphs
            .flat()
            .map((one, place) => (place === at ? { ...one, text: change(one.text) } : one))
          expect(verify({ ...written, paragraphs: [sentences] }, given)).not.toEqual([])
        },
      ),
      { numRuns: 200 },
    )
  })
})
