import { expect, test } from 'vitest'
import { minimise } from './nelder-mead.ts'

test('it walks down Rosenbrock’s bent valley', () => {
  const { x, value } = minimise(([a = 0, b = 0]) => (1 - a) ** 2 + 100 * (b - a * a) ** 2, [-1.2, 1], {
    tolerance: 1e-14,
  })
  expect(x[0]).toBeCloseTo(1, 4)
  expect(x[1]).toBeCloseTo(1, 4)
  expect(value).toBeLessThan(1e-8)
})

test('it stays out of where there is no number, and ends', () => {
  const { x } = minimise(([a = 0]) => (a < 2 ? Number.NaN : (a - 1) ** 2), [5])
  expect(x[0]).toBeCloseTo(2, 2)
  expect(minimise(() => Number.NaN, [1, 1], { maxEvaluations: 50 }).evaluations).toBeLessThan(60)
})
