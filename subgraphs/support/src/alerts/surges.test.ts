import { describe, expect, it } from 'vitest'
import { surges, termsOf, type Said } from './surges.ts'

const none: ReadonlySet<string> = new Set()
let next = 0
const said = (count: number, text: string): Said[] =>
  Array.from({ length: count }, () => ({ ticketId: `t${(next += 1)}`, text }))
const keywords = (recent: Said[], earlier: Said[], omit = none) =>
  surges(recent, earlier, omit).map(({ keyword }) => keyword)

describe('terms', () => {
  it('are words and neighbours, without stop words of any language, numbers and addresses', () => {
    const text =
      'Hello, my Gift Card #A-1042 never worked! Write to ada@mail.example or https://x.example/y. Die Lieferung nicht.'
    expect([...termsOf(text)].toSorted()).toEqual(
      ['card', 'gift', 'gift card', 'lieferung', 'never', 'never worked', 'worked', 'write'].toSorted(),
    )
  })

  it('join no words that do not stand beside each other', () => {
    expect([...termsOf('checkout, broken')]).toEqual(['checkout', 'broken'])
    expect([...termsOf('checkout is broken')]).toEqual(['checkout', 'broken'])
    expect([...termsOf('checkout 77 broken')]).toEqual(['checkout', 'broken'])
  })

  it('leave out what is to be omitted', () => {
    expect([...termsOf('Moreau wrote', new Set(['moreau']))]).toEqual(['wrote'])
  })
})

describe('a surge', () => {
  const everyday = () => said(700, 'The parcel is late')

  it('is a topic that many write of now and few did before, once under its longest name', () => {
    const recent = [...said(12, 'The discount code: no'), ...said(40, 'The parcel is late')]
    const found = surges(recent, [...everyday(), ...said(4, 'A discount code please')], none)
    expect(found).toMatchObject([{ keyword: 'discount code', matching: 12 }])
    expect(found[0]!.baseline).toBeLessThan(1)
  })

  it('is not what is always written of, however busy the day', () => {
    expect(keywords(said(4_000, 'The parcel is late'), everyday())).toEqual([])
  })

  it('needs five tickets, not five messages of one', () => {
    const four = [...said(4, 'Checkout broken'), ...said(40, 'The parcel is late')]
    expect(keywords(four, everyday())).toEqual([])
    const one = Array.from({ length: 9 }, () => ({ ticketId: 'same', text: 'Checkout broken' }))
    expect(keywords([...one, ...said(40, 'The parcel is late')], everyday())).toEqual([])
    expect(keywords([...said(8, 'Checkout broken'), ...said(40, 'The parcel is late')], everyday())).toEqual([
      'checkout broken',
    ])
  })

  it('needs something to compare with', () => {
    expect(keywords(said(30, 'Checkout broken'), [])).toEqual([])
    expect(keywords([], everyday())).toEqual([])
  })
})
