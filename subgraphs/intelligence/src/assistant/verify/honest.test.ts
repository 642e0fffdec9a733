import { describe, expect, it } from 'vitest'
import type { Situation } from '../situation.ts'
import { orderFact, parcel, policy, said, situation, usd } from '../situation.test-kit.ts'
import type { Cite, Written } from '../written.ts'
import { verify } from './verify.ts'

const policies = [
  policy({ id: 'returns', text: 'Unused items can be returned within 30 days of delivery. The return label is free.' }),
  policy({
    id: 'refunds',
    kind: 'REFUND',
    text: 'Refunds go back to the original payment method within 5 to 10 business days after we receive the item.',
  }),
  policy({ id: 'damage', kind: 'OTHER', text: 'Damaged items are replaced or refunded once we have seen a photo.' }),
  policy({
    id: 'credit',
    kind: 'COMPENSATION',
    text: 'Agents may give store credit for our mistakes.',
    maxCompensation: '20.00',
  }),
]
const base = situation({
  turns: [said('My lamp arrived broken. Order 10442.', { id: 'm1' })],
  policies,
  orders: [orderFact({ id: 'o1', shipments: [parcel({ id: 'o1:0', status: 'Out for delivery' })] })],
})
const cite: Record<string, Cite> = {
  m: { source: 'MESSAGE', id: 'm1', quote: 'My lamp arrived broken' },
  o: { source: 'ORDER', id: 'o1', quote: '#10442' },
  s: { source: 'SHIPMENT', id: 'o1:0', quote: 'Out for delivery' },
  ret: { source: 'POLICY', id: 'returns', quote: 'within 30 days of delivery' },
  ref: { source: 'POLICY', id: 'refunds', quote: '5 to 10 business days' },
  dam: { source: 'POLICY', id: 'damage', quote: 'Damaged items are replaced or refunded' },
  cre: { source: 'POLICY', id: 'credit', quote: 'store credit' },
}

const draft = (...sentences: readonly (readonly [string, string])[]): Written => ({
  paragraphs: [
    sentences.map(([text, by]) => ({ text, cites: by.split(' ').flatMap((name) => cite[name] ?? []), importance: 1 })),
  ],
  personalization: ['their first name'],
  reasoning:
    'The customer reports damage; the policy allows a replacement or a refund once there is a photo. Churn risk is low.',
  confidence: 0.8,
})

/** As language models write when they keep to the rules. */
const drafts: readonly (readonly [string, Written, about?: Situation])[] = [
  [
    'damage',
    draft(
      ['Thank you for reaching out, Maria, and I am so sorry to hear that your Opal glass lamp arrived broken.', 'm o'],
      ['That is certainly not the experience we want you to have.', ''],
      ['I have located your order #10442.', 'o'],
      ['Could you please send us a photo of the damage, so we can look into the next steps?', ''],
      ['Once we have seen it, damaged items are replaced or refunded.', 'dam'],
      ['Would you prefer a replacement or a refund?', ''],
      ['As a small gesture, I can also offer you a store credit of $10.00.', 'cre'],
      ['Please let me know if there is anything else I can do for you.', ''],
    ),
  ],
  [
    'where is it',
    draft(
      ['Good news: your order #10442 is out for delivery with DHL.', 'o s'],
      ['You can follow it with the tracking number JD014600003828392837.', 's'],
      ['The last scan was on Friday, November 20.', 's'],
      ['I understand how frustrating it is to wait, and I appreciate your patience.', ''],
      ["If it doesn't reach you, just reply to this message and I'll look into it with the carrier.", ''],
    ),
  ],
  [
    'a return',
    draft(
      ['You can return unused items within 30 days of delivery, and the return label is free.', 'ret'],
      [
        'Refunds go back to your original payment method within 5 to 10 business days after we receive the item.',
        'ref',
      ],
      [
        'To get started, please tell me which of the two items you would like to send back: the Opal glass lamp or the Wool throw.',
        'o',
      ],
    ),
  ],
  [
    'a refund that was made',
    draft(
      ['I checked order #10442 and can confirm that $89.00 was refunded.', 'o'],
      ['It can take 5 to 10 business days to show up with your original payment method.', 'ref'],
    ),
    { ...base, orders: [orderFact({ id: 'o1', refunded: usd('89.00'), shipments: [] })] },
  ],
  [
    'a cancellation that came too late',
    draft(
      ['I had a look at your order #10442, and it has already been shipped.', 'o'],
      ['That means I am not able to cancel it any more, and I am sorry about that.', ''],
      ['When it arrives, you are welcome to return it within 30 days of delivery.', 'ret'],
    ),
  ],
]

describe('an honest draft', () => {
  for (const [what, written, about = base] of drafts)
    it(`about ${what} passes`, () => expect(verify(written, about)).toEqual([]))
})
