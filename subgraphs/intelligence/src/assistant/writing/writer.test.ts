import { describe, expect, it } from 'vitest'
import { taxonomy } from '../../triage/grammar/taxonomy.ts'
import { limitOf } from '../limits/limits.ts'
import { render } from '../limits/render.ts'
import { type Channel, channels, lengths, type OrderFact, type Situation, tones, type Wish } from '../situation.ts'
import { conversations, daysAgo, orderFact, parcel, policy, said, situation, triageOf } from '../situation.test-kit.ts'
import { verifyMessage } from '../verify/message.ts'
import { verify } from '../verify/verify.ts'
import { builtIn, holding, write } from './writer.ts'

const intents = Object.values(taxonomy).flat()
const wishes = tones.flatMap((tone) => lengths.map((length): Wish => ({ tone, length })))
const usual: Wish = { tone: 'PROFESSIONAL', length: 'MEDIUM' }
const contentOf = (one: Situation, wish = usual) => render(write(one, wish), one, wish)?.content ?? ''
const policies = [
  policy(),
  policy({ id: 'p2', kind: 'REFUND', text: 'Refunds are made within 10 days of the return.' }),
  policy({ id: 'p3', kind: 'COMPENSATION', text: 'For our mistakes.', maxCompensation: '10.00' }),
  policy({ id: 'p4', kind: 'DISCOUNT', text: 'On request.', maxDiscountPercent: 15 }),
  policy({ id: 'p5', kind: 'SHIPPING', text: 'Standard shipping takes 3 to 5 business days.' }),
]
const stages: Partial<OrderFact>[] = [
  { status: 'PAID', shipments: [] },
  { status: 'FULFILLED', shipments: [] },
  {},
  { shipments: [parcel({ status: 'exception', updatedAt: daysAgo(9) }), parcel({ id: 'x:1', status: 'delivered' })] },
  { status: 'DELIVERED', shipments: [parcel({ status: 'delivered' })] },
  { status: 'CANCELLED', shipments: [] },
  { status: 'RETURNED', refunded: { amount: '89.00', currencyCode: 'USD' } },
]

/** Each figure of a text that no record holds, spelt as there or as a day of one of its dates. */
function inventedFigures(content: string, one: Situation): string[] {
  const records = JSON.stringify([one.orders, one.policies, one.customer, one.turns, one.signature])
  const days = [...records.matchAll(/(\d{4})-(\d\d)-(\d\d)T/g)].flatMap(([, year, , day]) => [
    year!,
    String(Number(day)),
  ])
  const known = new Set([...(records.match(/\d+(?:\.\d+)?/g) ?? []), ...days])
  return (content.match(/\d+(?:\.\d+)?/g) ?? []).filter((figure) => !known.has(figure))
}

describe('the built-in writer', () => {
  it('writes within the limit, of the records alone, in what the verifier lets pass, for every intent, stage, channel, tone and length', () => {
    const found: unknown[] = []
    let turn = 0
    for (const [nth, stage] of stages.entries())
      for (const intent of intents)
        for (const channel of channels)
          for (const wish of [wishes[(turn++ * 7) % wishes.length]!]) {
            const one = situation({ channel, policies, orders: [orderFact(stage)], triage: triageOf(intent) })
            const written = write(one, wish)
            const message = render(written, one, wish)!
            const problems = [...verify(written, one), ...verifyMessage(message, one)]
            const figures = inventedFigures(message.content, one)
            const isOver = message.limit.used > limitOf(channel).max
            if (problems.length > 0 || figures.length > 0 || isOver || /[[\]{}]|undefined|null/.test(message.content))
              found.push({ nth, intent, channel, wish, content: message.content, problems, figures })
          }
    expect(found.slice(0, 5)).toEqual([])
  })

  it('does so for drawn conversations of all kinds', () => {
    for (const { situation: one, wish } of conversations(7, 500)) {
      const written = write(one, wish)
      const message = render(written, one, wish)!
      expect([message.content, verify(written, one), verifyMessage(message, one)]).toEqual([message.content, [], []])
      expect([message.content, inventedFigures(message.content, one)]).toEqual([message.content, []])
      expect(written.confidence).toBeGreaterThan(0)
      expect(written.confidence).toBeLessThan(1)
      expect(`${message.content}`).not.toMatch(/churn|lifetime value|archetype|segment|\brisk\b/i)
    }
  })

  it('does so for messages that nobody asked for', () => {
    for (const goal of ['NURTURE_LEAD', 'UPSELL', 'WIN_BACK', 'FOLLOW_UP'] as const)
      for (const orders of [[], [orderFact()]])
        for (const channel of channels)
          for (const wish of wishes) {
            const one = situation({ goal, channel, orders, policies, turns: [], triage: null, isOrderNamed: false })
            const written = write(one, wish)
            const message = render(written, one, wish)!
            expect([message.content, verify(written, one), inventedFigures(message.content, one)]).toEqual([
              message.content,
              [],
              [],
            ])
          }
  })

  it.each(channels)('names the order and the parcel by %s', (channel) => {
    const one = situation({ channel })
    const content = contentOf(one)
    expect(content).toContain('#10442')
    expect(content).toContain('DHL')
    expect(content).toMatch(/in transit/)
    expect(content).toMatch(/20 Nov/)
    if (channel !== 'PHONE') expect(content).toContain('JD014600003828392837')
  })

  it('writes differently in each tone, and more the longer it may be', () => {
    for (const intent of intents)
      for (const channel of ['EMAIL', 'CHAT', 'FORM', 'PHONE'] satisfies Channel[]) {
        const one = situation({ channel, policies, triage: triageOf(intent) })
        expect(new Set(tones.map((tone) => contentOf(one, { tone, length: 'MEDIUM' }))).size).toBe(tones.length)
        for (const tone of tones) {
          // What is spoken or typed live is cut to its limit, where a longer sentence may cost the one after it.
          if (channel === 'CHAT' || channel === 'PHONE') continue
          const [short = 0, medium = 0, long = 0] = lengths.map((length) => contentOf(one, { tone, length }).length)
          expect([intent, channel, tone, short <= medium, medium <= long]).toEqual([intent, channel, tone, true, true])
          if (tone !== 'CONCISE') expect([intent, channel, tone, short < long]).toEqual([intent, channel, tone, true])
        }
      }
  })

  it('is the same for the same situation, and not the same for every conversation', async () => {
    const one = situation()
    expect(await builtIn.write(one, usual)).toEqual(await builtIn.write(situation(), usual))
    const openings = Array.from({ length: 20 }, (_, id) =>
      contentOf(situation({ turns: [said('Where is it?', { id: `turn ${id}` })] }), { ...usual, length: 'LONG' }),
    )
    expect(new Set(openings).size).toBeGreaterThan(1)
    await expect(builtIn.write(one, usual, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
  })
})

it('takes a tenant’s own label for none of its own, and a category for its commonest intent', () => {
  const own = { label: 'warranty_claim', confidence: 0.9, evidence: [], alternatives: [] }
  expect(write(situation({ triage: triageOf(null, { intent: own }) }), usual).confidence).toBeLessThan(0.3)
  const category = { label: 'shipping', confidence: 0.9, evidence: [], alternatives: [] }
  expect(contentOf(situation({ triage: triageOf(null, { category }) }))).toContain('JD014600003828392837')
  expect(write(situation({ triage: null }), usual).confidence).toBeLessThan(0.3)
})

it('has a last reply that fits everywhere', () => {
  for (const channel of channels)
    for (const wish of wishes) {
      const one = situation({ channel, customerName: 'x'.repeat(50), brand: 'y'.repeat(200) })
      expect(render(holding(one, wish), one, wish)).not.toBeNull()
      expect(verify(holding(one, wish), one)).toEqual([])
    }
})

it('fits what is very long in every record', () => {
  const long = 'A'.repeat(500)
  const orders = [
    orderFact({
      externalId: `#${'9'.repeat(34)}`,
      items: [
        {
          sku: long,
          title: `${'Lampshade '.repeat(60)}`,
          quantity: 1,
          unitPrice: { amount: '1', currencyCode: 'USD' },
        },
      ],
      shipments: [
        parcel({
          carrier: 'Carrier With A Long Name',
          trackingNumber: '1'.repeat(35),
          status: 'awaiting collection there',
        }),
      ],
    }),
  ]
  for (const intent of intents)
    for (const channel of channels)
      for (const wish of wishes) {
        const one = situation({ channel, orders, brand: long, signature: long, triage: triageOf(intent), policies })
        expect(render(write(one, wish), one, wish)).not.toBeNull()
      }
})
