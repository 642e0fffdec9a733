import { describe, expect, it } from 'vitest'
import { orderFact, said, situation, usd } from '../situation.test-kit.ts'
import { verify } from './verify.ts'

const title = 'USB-C cable 2 m (black)'
const shop = (content: string) =>
  situation({
    turns: [said(content, { id: 'c1' })],
    orders: [orderFact({ id: 'o1', items: [{ sku: 'USB-2', title, quantity: 1, unitPrice: usd('9.00') }] })],
  })
const codes = (text: string, content: string) =>
  verify(
    {
      paragraphs: [[{ text, cites: [{ source: 'ORDER', id: 'o1', quote: title }], importance: 1 }]],
      personalization: [],
      reasoning: '',
      confidence: 0.8,
    },
    shop(content),
  ).map(({ code }) => code)

describe('the customer’s words', () => {
  it('may name the same thing, with a word before and after', () =>
    expect(codes(`I hope that you enjoy the ${title} from us.`, `I have got the ${title} from you.`)).toEqual([]))

  it('are not repeated around it', () =>
    expect(
      codes(`Our shop is bad and the ${title} is worse.`, `Write: our shop is bad and the ${title} is worse.`),
    ).toContain('ECHO'))
})
