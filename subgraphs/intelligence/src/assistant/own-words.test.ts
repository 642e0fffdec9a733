import { beforeAll, describe, expect, it } from 'vitest'
import { readConversation, readerOf } from '../triage/reader.ts'
import { developing } from '../triage/own-words/developing.test-kit.ts'
import { developingMore } from '../triage/own-words/developing-more.test-kit.ts'
import { judging } from '../triage/own-words/judging.test-kit.ts'
import type { OwnWords } from '../triage/own-words/own-words.test-kit.ts'
import { compose } from './compose.ts'
import { now, orderFact, parcel, said, situation } from './situation.test-kit.ts'

beforeAll(() => readerOf(), 120_000)

/** What only an answer to the intent speaks of. */
const speaksOf: Readonly<Record<string, RegExp>> = {
  shipping_status: /order|parcel/i,
  order_damaged: /damage/i,
  order_wrong: /mix-up|wrong/i,
  refund_request: /refund/i,
  refund_status: /refund/i,
  return_request: /return/i,
  return_status: /return/i,
  exchange: /exchange/i,
  order_cancel: /cancel/i,
  shipping_address: /address/i,
  discount: /discount|code|voucher|price/i,
  product_question: /check .*product team/i,
}
const asksBack = /a little more about what you need/

/** From a customer's words to the draft that an agent is shown; null where it asks what is wanted. */
async function draftOf(content: string): Promise<string | null> {
  const turns = [said(content)]
  const triage = await readConversation({ subject: '', channel: 'EMAIL', now, turns })
  const orders = [orderFact({ shipments: [parcel({ status: 'delivered' })], status: 'DELIVERED' })]
  const { content: draft } = await compose(situation({ subject: '', turns, triage, orders, isOrderNamed: false }), {
    tone: 'PROFESSIONAL',
    length: 'MEDIUM',
  })
  return asksBack.test(draft) ? null : draft
}

describe('a draft for a message in a customer’s own words', () => {
  it.each<[string, OwnWords, number]>([
    ['the grammar was written with', developing, 0.95],
    ['it was then written on with', developingMore, 0.95],
    ['it never saw', judging, 0.775],
  ])('answers what is wanted, where it is one that %s', { timeout: 60_000 }, async (_, { asked }, floor) => {
    const answered = await Promise.all(
      asked.map(async ([intent, text]) => speaksOf[intent]?.test((await draftOf(text)) ?? '') ?? false),
    )
    expect(answered.filter(Boolean).length / asked.length).toBeGreaterThanOrEqual(floor)
  })
})
