import { describe, expect, it } from 'vitest'
import { orderFact, said, triageOf, usd } from '../situation.test-kit.ts'
import { arrived, leaving, reply, waiting } from './golden.test-kit.ts'

/** Read as an agent reads them, before sending. */
describe('drafts', () => {
  it('where is my order', () => {
    expect(reply({})).toMatchInlineSnapshot(`
      "Dear Maria Lopez,

      Thank you for contacting us about your delivery.

      Your order #10442 (Opal glass lamp and Wool throw) is on its way with DHL, listed as in transit on 20 November. The tracking number is JD014600003828392837.

      If it stops moving, just reply here and I will take it up with the carrier.

      Kind regards,
      Anna Berg
      Lumen & Oak"
    `)
    expect(reply({ channel: 'SMS' }, { tone: 'CASUAL' })).toMatchInlineSnapshot(
      `"Hey Maria! Your order #10442 was in transit with DHL on 20 Nov. Tracking: JD014600003828392837. – Lumen & Oak"`,
    )
    expect(reply({ channel: 'PHONE' }, { tone: 'CONVERSATIONAL' })).toMatchInlineSnapshot(`
      "Hello Maria, this is Anna Berg from Lumen & Oak. Let me help you with your delivery.

      Your order #10442 with the Opal glass lamp and Wool throw is on its way with DHL, listed as in transit on 20 November.

      If it stops moving, just call us and I'll take it up with the carrier."
    `)
  })

  it('damaged, and about to leave', () => {
    const one = {
      triage: triageOf('order_damaged'),
      orders: [arrived],
      turns: [said('The Wool throw came with a hole in it.')],
      customer: leaving,
      sentiment: 0.2,
    }
    expect(reply(one, { tone: 'EMPATHETIC' })).toMatchInlineSnapshot(`
      "Dear Maria,

      I am truly sorry about the damage; this is not how it should have gone. I can well understand that you are upset.

      I have your order #10442 of 16 November with the Wool throw in front of me.

      I will treat this with priority. To put it right, would you prefer a replacement or your money back? Could you send me a photo of the damage and one of the packaging?

      To make up for it, I can offer you a credit of 10.00 USD; please tell me if you would like it. Thank you for being with us since 2023.

      With warm regards,
      Anna Berg
      Lumen & Oak"
    `)
    expect(reply({ ...one, channel: 'SMS' }, { tone: 'CASUAL' })).toMatchInlineSnapshot(
      `"Hey Maria! So sorry about the damage. For your order #10442, would you prefer a replacement or your money back? Please send a photo of the damage."`,
    )
  })

  it('wrong item, with a photo', () => {
    const turns = [said('You sent me a kettle! Photo attached. Just send me the right one, a replacement.')]
    const one = { triage: triageOf('order_wrong'), orders: [arrived], turns, channel: 'CHAT' as const }
    expect(reply(one, { tone: 'FRIENDLY' })).toMatchInlineSnapshot(`
      "Hi Maria! Oh no, I'm sorry about the mix-up with your order!

      I have your order #10442 of 16 November in front of me: Opal glass lamp and Wool throw.

      You would like a replacement: I'll put that forward for you and tell you here what comes of it. Thank you for the photo, I'll pass it on with your case."
    `)
  })

  it('refund', () => {
    expect(reply({ triage: triageOf('refund_request'), orders: [arrived] })).toMatchInlineSnapshot(`
      "Dear Maria Lopez,

      Thank you for contacting us about your refund request.

      Our records show your order #10442 (Opal glass lamp and Wool throw) as delivered by DHL on 21 November.

      I will put your refund request forward and tell you here what comes of it. Our policy: Refunds go back to the original payment method within 10 days of the return. Could you tell me which item it is about and what is wrong with it?

      Kind regards,
      Anna Berg
      Lumen & Oak"
    `)
    const refunded = orderFact({ status: 'RETURNED', refunded: usd('89.00') })
    expect(reply({ triage: triageOf('refund_status'), orders: [refunded] }, { tone: 'FRIENDLY' }))
      .toMatchInlineSnapshot(`
      "Hi Maria!

      Thanks so much for your message about your refund!

      Our records show a refund of 89.00 USD for your order #10442 (Opal glass lamp and Wool throw).

      Our policy: Refunds go back to the original payment method within 10 days of the return.

      Best wishes,
      Anna Berg
      Lumen & Oak"
    `)
  })

  it('return and exchange', () => {
    expect(reply({ triage: triageOf('return_request'), orders: [arrived] }, { tone: 'FRIENDLY', length: 'LONG' }))
      .toMatchInlineSnapshot(`
      "Hi Maria!

      Thanks so much for your message about your return!

      This is about your order #10442 of 16 November (Opal glass lamp and Wool throw). Our return policy: Unused items can be returned within 30 days of delivery. The return label is free.

      Could you tell me which item is to go back, and why? I'll send you the steps for the return here as soon as I know.

      I'm always happy to help!

      Best wishes,
      Anna Berg
      Lumen & Oak"
    `)
    const turns = [said('Can I have the Wool throw in blue instead?')]
    expect(reply({ triage: triageOf('exchange'), orders: [arrived], turns }, { tone: 'CONCISE' }))
      .toMatchInlineSnapshot(`
      "Hello Maria,

      Thank you for writing. For your order #10442: which size or colour would you like? I will check whether we have it. Our return policy: Unused items can be returned within 30 days of delivery.

      Regards,
      Anna Berg
      Lumen & Oak"
    `)
  })

  it('cancel, before and after it left', () => {
    expect(reply({ triage: triageOf('order_cancel'), orders: [waiting] })).toMatchInlineSnapshot(`
      "Dear Maria Lopez,

      Thank you for contacting us about your cancellation.

      Your order #10442 of 16 November (Opal glass lamp and Wool throw) is paid and, by our records, has not left us yet.

      I will ask our warehouse to stop it, and confirm to you here as soon as I hear that it worked.

      Kind regards,
      Anna Berg
      Lumen & Oak"
    `)
    expect(reply({ triage: triageOf('order_cancel'), channel: 'SMS' }, { tone: 'CASUAL' })).toMatchInlineSnapshot(
      `"Hey Maria! Your order #10442 was in transit with DHL on 20 Nov. It can no longer be stopped. Shall I help you return it?"`,
    )
  })

  it('change of address', () => {
    const address = triageOf('shipping_address', { entities: [{ kind: 'ADDRESS', text: '18 Elm Street' }] })
    expect(reply({ triage: address, orders: [waiting] })).toMatchInlineSnapshot(`
      "Dear Maria Lopez,

      Thank you for contacting us about the delivery address.

      Your order #10442 of 16 November (Opal glass lamp and Wool throw) is paid and, by our records, has not left us yet.

      I have the new address from your message, and will ask our warehouse to use it for this order.

      Kind regards,
      Anna Berg
      Lumen & Oak"
    `)
  })
})
