import { createRandom } from '@quimbi/service/random.ts'
import { describe, expect, it } from 'vitest'
import { typicalOrderValue } from './order-value.ts'

const mean = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length

/** As orders are: their logarithms are normal. */
function ordersOf(count: number, spread: number): number[] {
  const random = createRandom(3)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Array.from({ length: count }, () => 40 * Math.exp(spread * normal()))
}

describe('what an order is worth', () => {
  it('is not known without one, and is the amount of a single one', () => {
    expect(typicalOrderValue([])).toBeNull()
    expect(typicalOrderValue([0, -5])).toBeNull()
    expect(typicalOrderValue([73])).toBe(73)
  })

  it.each([0.3, 0.6, 0.9])('is the mean, or hardly less, where logarithms spread by %d', (spread) => {
    const orders = ordersOf(1_000, spread)
    expect(typicalOrderValue(orders)! / mean(orders)).toBeGreaterThan(0.98)
    expect(typicalOrderValue(orders)! / mean(orders)).toBeLessThan(1 + 1e-9)
  })

  it.each([10, 100, 1_000])('is much the same with one absurd order among %d', (count) => {
    const orders = ordersOf(count, 0.5)
    const honest = typicalOrderValue(orders)!
    expect(typicalOrderValue([...orders.slice(1), 1e9])! / honest).toBeLessThan(1 + 15 / count)
    expect(typicalOrderValue([...orders, 1e-4])! / honest).toBeGreaterThan(1 - 2 / count)
  })

  it('does not follow one absurd order of two or three', () => {
    expect(typicalOrderValue([50, 1e9])).toBeLessThan(500)
    expect(typicalOrderValue([45, 50, 1e9])).toBeLessThan(500)
  })

  it('follows a shop where one order in eight is a trader’s, however dear', () => {
    const orders = [...Array<number>(70).fill(10), ...Array<number>(10).fill(5_000)]
    expect(typicalOrderValue(orders)).toBeCloseTo(mean(orders), 6)
  })
})
