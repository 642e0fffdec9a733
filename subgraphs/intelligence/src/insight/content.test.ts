import { describe, expect, it } from 'vitest'
import type { CustomerHistory } from '../features/history.ts'
import { ownedBefore } from './content.ts'
import { daysAgo, history, now, order } from './facts.test-kit.ts'
import { createRecommender } from './recommend.ts'
import { createContentTrainer } from './train-content.ts'

const bought = (id: number, ...baskets: readonly (readonly string[])[]): CustomerHistory =>
  history(
    baskets.map((skus, index) => order(daysAgo(90 - 20 * index), { skus })),
    [],
    [],
    `customer-${id}`,
  )

const pairs = [
  ['tea', 'honey'],
  ['coffee', 'milk'],
  ['ink', 'paper'],
  ['paint', 'brush'],
  ['seed', 'pot'],
] as const

/** Two things that go together, bread for all; for one in three, pens between. */
const customers = Array.from({ length: 900 }, (_, id) => {
  const [first, second] = pairs[id % pairs.length] ?? pairs[0]
  return id % 3 === 0
    ? bought(id, [first, 'bread'], ['bread'], ['pen'], [second])
    : bought(id, [first, 'bread'], [second])
})

function trained(histories: readonly CustomerHistory[], maxEntries?: number) {
  const trainer = createContentTrainer({ asOf: now, ...(maxEntries === undefined ? {} : { maxEntries }) })
  for (const one of histories) trainer.add(one)
  return trainer.finish()
}

const model = trained(customers)
const recommend = createRecommender(model)
const first = (input: Partial<Parameters<typeof recommend>[0]>) =>
  recommend({ owned: [], goal: 'RETAIN', first: 1, ...input })

describe('recommended products', () => {
  it('go with what was bought, and are not what was bought', () => {
    expect(first({ owned: ['bread', 'tea'] })).toMatchObject([
      { sku: 'honey', explanation: 'Customers who bought tea buy this 4.5 times as often as others.' },
    ])
    expect(first({ owned: ['bread', 'coffee'] })[0]?.sku).toBe('milk')
    const all = recommend({ owned: ['bread', 'tea'], goal: 'RETAIN', first: 99 }).map(({ sku }) => sku)
    expect(all).toContain('pen')
    expect(all).not.toContain('bread')
    expect(all).not.toContain('tea')
  })

  it('are the most popular of late for one who bought nothing, with probabilities that fall', () => {
    const all = first({ first: 4 })
    expect(all[0]).toMatchObject({ explanation: expect.stringMatching(/^In \d+\.\d % of recent orders\.$/) as string })
    const chances = all.map(({ probability }) => probability)
    expect(chances).toEqual(chances.toSorted((a, b) => b - a))
    for (const chance of chances) expect(chance > 0 && chance < 1).toBe(true)
  })

  it('are taken from the products given alone, each once, known or not', () => {
    const products = [{ sku: 'pen' }, { sku: 'tea' }, { sku: 'unheard-of' }, { sku: 'pen' }]
    const found = first({ owned: ['tea'], products, first: 9 }).map(({ sku }) => sku)
    expect(found.toSorted()).toEqual(['pen', 'tea', 'unheard-of'])
    expect(found.at(-1)).toBe('unheard-of')
  })

  it('to UPSELL are ordered by what they bring, where all prices are known', () => {
    const products = [
      { sku: 'honey', price: 5, margin: 0.5 },
      { sku: 'milk', price: 900, margin: 0.1 },
    ]
    const ask = (goal: 'UPSELL' | 'RETAIN', given = products as { sku: string; price?: number; margin?: number }[]) =>
      first({ owned: ['tea'], goal, products: given })[0]?.sku
    expect(ask('RETAIN')).toBe('honey')
    expect(ask('UPSELL')).toBe('milk')
    expect(ask('UPSELL', [{ sku: 'honey', price: 5 }, { sku: 'milk' }])).toBe('honey')
    expect(
      ask('UPSELL', [
        { sku: 'honey', price: 5 },
        { sku: 'milk', price: NaN },
      ]),
    ).toBe('honey')
  })

  it('names products as the shop does', () => {
    const [told] = first({ owned: ['tea'], titleOf: (sku) => `fine ${sku}` })
    expect(told?.explanation).toMatch(/fine tea/)
  })

  it('learns from purchases before the instant alone, in any order of customers', () => {
    const later = customers.map((one) => ({ ...one, orders: [...one.orders, order(now, { skus: ['pen', 'gold'] })] }))
    expect(trained(later)).toEqual(model)
    const other = createRecommender(trained(customers.toReversed()))({ owned: ['tea'], goal: 'RETAIN', first: 3 })
    expect(other.map(({ sku }) => sku)).toEqual(first({ owned: ['tea'], first: 3 }).map(({ sku }) => sku))
  })

  it('still tells what goes together from a tenth of the customers', () => {
    const small = createRecommender(trained(customers, 200))
    expect(small({ owned: ['tea', 'bread'], goal: 'RETAIN', first: 1 })[0]?.sku).toBe('honey')
  })

  it('has nothing to say where nothing was bought', () => {
    const empty = trained([history([]), history([order(daysAgo(3), { isReturn: true, skus: ['pen'] })])])
    expect(createRecommender(empty)({ owned: ['pen'], goal: 'RETAIN', first: 5 })).toEqual([])
    expect(first({ first: 0 })).toEqual([])
    expect(first({ first: -3 })).toEqual([])
  })

  it('asks for what the customer has, newest first, each product once', () => {
    expect(ownedBefore(bought(1, ['a', 'b'], ['c', 'a']), now)).toEqual(['c', 'a', 'b'])
    expect(ownedBefore(bought(1, ['a']), daysAgo(90))).toEqual([])
  })
})
