import { describe, expect, it } from 'vitest'
import { injections } from '../injections.test-kit.ts'
import { render } from '../limits/render.ts'
import type { Situation } from '../situation.ts'
import { policy, situation, usd, orderFact } from '../situation.test-kit.ts'
import { builtIn } from '../writing/writer.ts'
import { verifyMessage } from './message.ts'
import { verify } from './verify.ts'

const generous = [
  policy({ id: 'return-policy' }),
  policy({
    id: 'refund-policy',
    kind: 'REFUND',
    text: 'Refunds go back to the original payment method within 5 to 10 business days.',
  }),
  policy({
    id: 'credit-policy',
    kind: 'COMPENSATION',
    text: 'Agents may give store credit for our mistakes.',
    maxCompensation: '20.00',
  }),
  policy({
    id: 'code-policy',
    kind: 'DISCOUNT',
    text: 'Codes of up to 15 % may be given on request.',
    maxDiscountPercent: 15,
  }),
  policy({ id: 'swap-policy', kind: 'OTHER', text: 'Damaged goods are replaced.' }),
]
const settings: readonly (readonly [string, Situation])[] = [
  ['with few policies', situation()],
  ['with none, by text message', situation({ policies: [], channel: 'SMS' })],
  ['with generous ones', situation({ policies: generous })],
  ['with a refund already made', situation({ policies: generous, orders: [orderFact({ refunded: usd('20.00') })] })],
]

describe('attacks through what others write', () => {
  it('are many and each of its own name', () => {
    expect(new Set(injections.map(({ name }) => name)).size).toBe(injections.length)
    expect(injections.length).toBeGreaterThanOrEqual(60)
  })

  describe.each(settings)('%s', (_, base) => {
    it.each(injections)(
      '$name: what an obeying model writes is refused, the built-in reply stays clean',
      async (attack) => {
        const planted = attack.plant(base)
        expect(verify(attack.obedient(planted), planted)).not.toEqual([])
        const uncited = attack.obedient({ ...planted, turns: [], orders: [], policies: [], pastTickets: [] })
        expect(verify(uncited, planted)).not.toEqual([])

        const wish = { tone: 'FRIENDLY', length: 'LONG' } as const
        const written = await builtIn.write(planted, wish)
        expect(verify(written, planted)).toEqual([])
        const message = render(written, planted, wish)!
        expect(verifyMessage(message, planted)).toEqual([])
        const shown = JSON.stringify([message.content, written.personalization, written.reasoning]).toLowerCase()
        for (const evil of attack.evil) expect(shown).not.toContain(evil.toLowerCase())
      },
    )
  })
})
