import { describe, expect, it } from 'vitest'
import { relevantAmong } from './orders.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
const order = (externalId: string, days: number, status = 'PAID') => ({ externalId, placedAt: daysAgo(days), status })
const said = (content: string, subject = '', fromAgent = false) => ({
  subject,
  turns: [{ fromAgent, content, createdAt: now }],
})
const pick = (orders: ReturnType<typeof order>[], conversation: ReturnType<typeof said>) => {
  const { orders: picked, isNamed } = relevantAmong(orders, { conversation, triage: null, now })
  return [isNamed, ...picked.map(({ externalId }) => externalId)]
}

describe('the orders that a conversation is about', () => {
  const orders = [
    order('A-1001', 400),
    order('A-1002', 3, 'DELIVERED'),
    order('A-1003', 30),
    order('A-1004', 2, 'CANCELLED'),
    order('A-1005', 10, 'FULFILLED'),
    order('A-1006', 500),
  ]

  it('are those it names, in its subject or by whomever, and no others', () => {
    expect(pick(orders, said('Where is a-1001?'))).toEqual([true, 'A-1001'])
    expect(pick(orders, said('Hello', 'Order A-1003 and A-1002'))).toEqual([true, 'A-1002', 'A-1003'])
    expect(pick(orders, said('Is it A-1003?', '', true))).toEqual([true, 'A-1003'])
  })

  it('are otherwise the likeliest, five at most: recent ones under way, then delivered, cancelled and old ones', () => {
    expect(pick(orders, said('Where is it?'))).toEqual([false, 'A-1005', 'A-1003', 'A-1002', 'A-1004', 'A-1001'])
  })

  it('are none of nobody', () => {
    expect(pick([], said('Where is A-1001?'))).toEqual([false])
  })
})
