import { describe, expect, it } from 'vitest'
import { orderNumbersIn } from './order-numbers.ts'

describe('order numbers in a text', () => {
  it.each([
    ['Where is order #1042?', ['1042']],
    ['Orders 10442, 10443 and #10442.', ['10442', '10443']],
    ['#2024 came, but not in 2024', ['2024']],
    ['Call +33612345678 or 06 12 34 56 78', []],
    ['It cost 1200€, on 2024-05-12, 1999.99', []],
    ['a 123 is too short, 1234567890123 too long', []],
    ['see https://shop.example/4455 or AB1234', []],
    ['', []],
  ])('%s', (text, numbers) => expect(orderNumbersIn(text)).toEqual(numbers))
})
