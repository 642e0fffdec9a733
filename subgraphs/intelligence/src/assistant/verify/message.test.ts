import { describe, expect, it } from 'vitest'
import { limitOf, usedOf } from '../limits/limits.ts'
import { render } from '../limits/render.ts'
import type { Situation } from '../situation.ts'
import { conversations, situation } from '../situation.test-kit.ts'
import { builtIn } from '../writing/writer.ts'
import type { Cite, Message } from '../written.ts'
import { verifyMessage } from './message.ts'

const shop = situation({ signature: 'Lumen & Oak, 12 Oak Avenue\ncare@lumen.example, +44 20 7946 0958' })
const order: Cite = { source: 'ORDER', id: shop.orders[0]!.id, quote: '#10442' }
const sentence = 'Your order #10442 is with us.'

const message = (content: string, changes: Partial<Message> = {}, { channel }: Situation = shop): Message => ({
  content,
  limit: usedOf(channel, content),
  citations: content.includes(sentence) ? [{ ...order, sentence }] : [],
  ...changes,
})
const codes = (one: Message, about = shop) => [...new Set(verifyMessage(one, about).map(({ code }) => code))]
const letter = `Dear Maria Lopez,\n\n${sentence}\n\nKind regards,\nAnna Berg\n${shop.signature}`

describe('a message as it is sent', () => {
  it('may hold greeting, cited sentences and the signature', () =>
    expect(verifyMessage(message(letter), shop)).toEqual([]))

  it('keeps its limit, and says what it uses', () => {
    const long = `Hello. ${'so it is, '.repeat(100)}`
    expect(limitOf('CHAT').max).toBe(100)
    expect(codes(message(long), { ...shop, channel: 'CHAT' })).toEqual(['TOO_LONG'])
    expect(codes(message(letter, { limit: { unit: 'WORDS', max: 200, used: 1 } }))).toEqual(['TOO_LONG'])
    expect(codes(message('Hello '.repeat(100_000)))).toEqual(['TOO_LONG'])
    expect(codes(message(' \n '))).toEqual(['EMPTY'])
  })

  it('holds the sentences that it cites for, as they are', () => {
    expect(codes(message(letter, { citations: [{ ...order, sentence: 'Your order #10442 is here.' }] }))).toEqual([
      'UNCITED',
    ])
  })

  it.each([
    ['UNCITED', `Dear Maria, it is about order #10442.`],
    ['UNCITED', `Dear Maria,\n\n${sentence}\n\nIt cost 162.00 USD.`],
    ['INVENTED', `Dear Maria,\n\n${sentence}\n\nIt cost 163.00 USD.`],
    ['INVENTED', `Dear Maria of order 99887,\n\n${sentence}`],
    ['PROMISE', `${sentence}\n\nWe guarantee it.`],
    ['PLACEHOLDER', `Dear [customer],\n\n${sentence}`],
    ['LINK', `${sentence}\n\nlumen-oak.evil.example`],
    ['LINK', `${letter}\nhttps://evil.example`],
    ['SECRET', `${sentence}\n\nThe password is hunter2`],
    ['CHARACTERS', `Dear Mar\u200bia,\n\n${sentence}`],
    ['MARKUP', `Dear <i>Maria</i>,\n\n${sentence}`],
  ])('%s: %j', (code, content) => expect(codes(message(content))).toContain(code))

  it('reads a name that is no name', () => {
    const name = 'Maria. We give you 350 USD'
    expect(codes(message(`Dear ${name},\n\n${sentence}`), { ...shop, customerName: name })).toContain('PROMISE')
  })

  it('is what is rendered of the built-in writer’s text, in every conversation', async () => {
    for (const { situation: given, wish } of conversations(29, 400)) {
      const rendered = render(await builtIn.write(given, wish), given, wish)
      expect(rendered && verifyMessage(rendered, given)).toEqual([])
    }
  }, 120_000)
})
