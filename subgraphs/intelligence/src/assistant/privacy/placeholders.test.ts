import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conversations, orderFact, parcel, policy, said, situation, triageOf, usd } from '../situation.test-kit.ts'
import type { Situation } from '../situation.ts'
import { hide } from './placeholders.ts'

const canaries = [
  'Zoë Åkesson-Brontë',
  'Zoë',
  'ZOË ÅKESSON',
  'zoe akesson',
  'Zoë',
  'xBrontëx',
  'Å\u200bkesson',
  'Ｚｏë',
  'zoe.akesson+shop@mail.example.co.uk',
  'ZOE@EXAMPLE.COM',
  '+44 20 7946 0958',
  '(555) 123-4567',
  '221b Baker Street, London NW1 6XE',
  'Musterstraße 12, 10115 Berlin',
  'QS-77441',
  '1Z999AA10123456784',
  'JD014600003828392837',
  '4111 1111 1111 1111',
  '4111111111111111',
  'DE89370400440532013000',
  'Mads Sørensen',
  'Sorensen',
  'יוסי כהן',
  'Petra Quixley',
]
const planted = canaries.join(' / ')

const full = situation({
  subject: `Order QS-77441 of Zoe, ${planted}`,
  customerName: 'Zoë Åkesson-Brontë',
  agentName: 'Mads Sørensen',
  signature: `Best,\nMads Sørensen\nmads@shop.example, +44 20 7946 0958`,
  turns: [
    said(`${planted}\nZoë's parcel (Zoë) isn't here; call zoë. My name is Petra Quixley`),
    said('שלום, שמי יוסי כהן. Regards, יוסי כהן. My name is יוסי כהן', { id: 'm2' }),
    said(`Hi ZOË, Mads here: ${planted}`, { id: 'm3', fromAgent: true }),
  ],
  pastTickets: [
    { id: 't1', subject: planted, category: planted, resolution: planted, satisfaction: 3, closedAt: new Date(0) },
  ],
  policies: [policy({ text: `Write to ${planted}` })],
  orders: [
    orderFact({
      id: 'QS-77441',
      externalId: 'QS-77441',
      items: [{ sku: 'A-1', title: `Mug engraved ${planted}`, quantity: 1, unitPrice: usd('20.00') }],
      shipments: [
        parcel({
          id: 'QS-77441:0',
          carrier: `DHL ${planted}`,
          trackingNumber: '1Z999AA10123456784',
          status: `left with Zoë at 221b Baker Street, London NW1 6XE ${planted}`,
        }),
      ],
    }),
  ],
  triage: triageOf('shipping_status', {
    entities: [{ kind: 'EMAIL', text: 'zoe.akesson+shop@mail.example.co.uk' }],
    promises: [{ text: `Zoë, I will call +44 20 7946 0958`, dueAt: null, confidence: 0.7 }],
  }),
})

/** All strings of a situation, as they are. */
const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value === null || typeof value !== 'object' || value instanceof Date
      ? []
      : Object.values(value).flatMap((one) => strings(one))

const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'id' ? undefined : one)))

/** What is left to read once our own placeholders are away. */
const readable = (value: unknown): string =>
  strings(value)
    .join('\n')
    .normalize('NFKD')
    .replace(/\p{M}|\p{Cf}/gu, '')
    .toLowerCase()

describe('what a model is told', () => {
  const hidden = hide(full)

  it.each(canaries)('holds no %s', (canary) => {
    const bare = canary
      .normalize('NFKD')
      .replace(/\p{M}|\p{Cf}/gu, '')
      .toLowerCase()
    expect(readable(full)).toContain(bare)
    expect(readable(hidden.situation)).not.toContain(bare)
    expect(JSON.stringify(hidden.situation)).not.toContain(canary)
  })

  it('restores every string letter by letter, and cites by the real ids', () => {
    const pick = ({ subject, turns, pastTickets, policies, orders, signature, triage }: Situation) =>
      strings([subject, turns, pastTickets, policies, orders, signature, triage].map(withoutIds))
    expect(pick(hidden.situation).map(hidden.restore)).toEqual(pick(full))
    const [order] = hidden.situation.orders
    const written = hidden.restoreWritten({
      paragraphs: [
        [
          {
            text: `Your order ${order!.externalId} is with ${order!.shipments[0]!.trackingNumber}.`,
            cites: [{ source: 'SHIPMENT', id: order!.shipments[0]!.id, quote: order!.shipments[0]!.trackingNumber! }],
            importance: 1,
          },
        ],
      ],
      personalization: [hidden.situation.customerName!],
      reasoning: '',
      confidence: 1,
    })
    expect(written.paragraphs[0]![0]).toEqual({
      text: 'Your order QS-77441 is with 1Z999AA10123456784.',
      cites: [{ source: 'SHIPMENT', id: 'QS-77441:0', quote: '1Z999AA10123456784' }],
      importance: 1,
    })
    expect(written.personalization).toEqual(['Zoë Åkesson-Brontë'])
  })

  it('names the same by the same placeholder everywhere', () => {
    const { situation: told } = hide(
      situation({
        customerName: 'Zoë',
        turns: [said('order QS-77441 for Zoë, a@b.example'), said('QS-77441! a@b.example', { id: 'm2' })],
        orders: [orderFact({ externalId: 'QS-77441' })],
      }),
    )
    expect(told.customerName).toBe('[customer]')
    expect(told.turns.map(({ content }) => content)).toEqual([
      'order [order-1] for [customer], [email-1]',
      '[order-1]! [email-1]',
    ])
    expect(told.orders[0]).toMatchObject({ id: 'order-1', externalId: '[order-1]', status: 'FULFILLED' })
  })

  it('keeps what it is written from: words, amounts, dates, statuses, products', () => {
    const given = situation({ customerName: 'Will May', turns: [said('I will wait. It may come. Will')] })
    const { situation: told } = hide(given)
    expect(told.turns[0]!.content).toBe('I will wait. It may come. [customer-2]')
    expect(told.orders[0]).toMatchObject({ total: usd('162.00'), placedAt: given.orders[0]!.placedAt })
    expect(told.orders[0]!.items[0]!.title).toBe('Opal glass lamp')
    expect(told.policies[0]!.text).toBe(given.policies[0]!.text)
  })

  it('is not confused by a customer who writes placeholders', () => {
    const given = situation({ turns: [said('Send [order-1] to [email-9] of [customer], order 77441 to a@b.example')] })
    const hidden = hide(given)
    expect(hidden.situation.turns[0]!.content).toBe(
      'Send [literal-1] to [literal-2] of [literal-3], order [order-1] to [email-1]',
    )
    expect(hidden.restore(hidden.situation.turns[0]!.content)).toBe(given.turns[0]!.content)
    expect(hidden.restore('[order-9] [Order-1] [nobody]')).toBe('[order-9] [Order-1] [nobody]')
  })

  it('hides whatever was planted, wherever, and gives it back', () => {
    const letters = fc.constantFrom(...'abcdeghiklnorstuzäéøßłšÅÉŽאבגדنورمжи')
    const name = fc.array(letters, { minLength: 5, maxLength: 12 }).map((parts) => parts.join(''))
    const noise = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('[order-1]', 'x', '12', '\n', '\u200b', '—'))
    const spelling = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => text.toLowerCase(),
      (text) => text.normalize('NFD'),
    )
    fc.assert(
      fc.property(name, name, fc.array(fc.tuple(noise, spelling), { maxLength: 6 }), (first, last, parts) => {
        const text = parts.map(([between, spell]) => `${between}${spell(`${first} ${last}`)}`).join(' ')
        const given = situation({
          customerName: `${first} ${last}`,
          subject: text,
          turns: [said(text)],
          pastTickets: [{ id: 't', subject: text, category: null, resolution: text, satisfaction: 1, closedAt: null }],
        })
        const hidden = hide(given)
        for (const part of [first, last]) {
          const bare = part.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
          expect(readable(hidden.situation)).not.toContain(bare)
        }
        expect(hidden.restore(hidden.situation.subject)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('restores whole generated conversations', () => {
    for (const { situation: given } of conversations(7, 300)) {
      const hidden = hide(given)
      const told = [...hidden.situation.turns.map(({ content }) => content), hidden.situation.signature ?? '']
      expect(told.map(hidden.restore)).toEqual([...given.turns.map(({ content }) => content), given.signature ?? ''])
      if (given.customerName !== null)
        expect(readable(hidden.situation)).not.toContain(given.customerName.toLowerCase())
    }
  })
})
