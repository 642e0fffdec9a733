import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inTurn, readConversation, readerOf } from './reader.ts'
import type { TriageInput } from './triage.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const later = new Date('2026-11-22T12:00:00.000Z')
const said = (content: string, more: Partial<TriageInput> = {}): TriageInput => ({
  ...{ turns: [{ fromAgent: false, content }], channel: 'EMAIL', now },
  ...more,
})

describe('a conversation', () => {
  it('is read once, whenever it is asked for', async () => {
    const first = await readConversation(said('Where is my order?'))
    expect(first.intent?.label).toBe('shipping_status')
    expect(await readConversation(said('Where is my order?', { now: later }))).toBe(first)
    expect(await readerOf()).toBe(await readerOf())
  })

  it.each<[string, Partial<TriageInput>]>([
    ['another subject', { subject: 'Order' }],
    ['another channel', { channel: 'CHAT' }],
    ['other products', { products: ['Mug'] }],
    ['an answer', { turns: [said('Where is my order?').turns[0]!, { fromAgent: true, content: 'Here.' }] }],
  ])('is another with %s', async (_, more) => {
    const first = await readConversation(said('Where is my order?'))
    expect(await readConversation(said('Where is my order?', more))).not.toBe(first)
  })

  it('is another later, where what an agent promised has no time of its own', async () => {
    const turns = [{ fromAgent: true, content: 'I will call you tomorrow.' }]
    const [today, tomorrow] = [
      await readConversation(said('', { turns })),
      await readConversation(said('', { turns, now: later })),
    ]
    expect(tomorrow.promises[0]?.dueAt?.getTime()).toBe(today.promises[0]!.dueAt!.getTime() + 86_400_000)
    const dated = [{ ...turns[0]!, createdAt: now }]
    expect(await readConversation(said('', { turns: dated, now: later }))).toBe(
      await readConversation(said('', { turns: dated })),
    )
  })
})

describe('between two readings', () => {
  it('others have their turn, also after one that failed', async () => {
    const order: string[] = []
    const readings = ['a', 'b', 'c'].map((name) =>
      inTurn(() => {
        order.push(name)
        if (name === 'b') throw new Error('b failed')
      }),
    )
    const other = (async () => {
      for (let n = 0; n < 3; n++) {
        await setImmediate()
        order.push('other')
      }
    })()
    expect((await Promise.allSettled(readings)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    await other
    for (const pair of ['ab', 'bc', 'ca']) expect(order.join('')).not.toContain(pair)
  })
})
