import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entitiesIn, mostEntities } from './entities.ts'
import { carrierOf } from './tracking.ts'

const now = new Date('2026-03-04T12:00:00Z')
const found = (text: string, products: string[] = []) =>
  entitiesIn(text, { now, products }).map(({ kind, text }) => `${kind} ${text}`)

describe('what a text names', () => {
  it.each([
    ['Where is order #12345? I paid $49.99 on March 3rd', ['ORDER_NUMBER 12345', 'AMOUNT $49.99', 'DATE March 3rd']],
    [
      'My order number is QS-10422, tracking 1Z999AA10123456784.',
      ['ORDER_NUMBER QS-10422', 'TRACKING_NUMBER 1Z999AA10123456784'],
    ],
    ['order 00123842 track RR473124829GB', ['ORDER_NUMBER 00123842', 'TRACKING_NUMBER RR473124829GB']],
    [
      'write to joe.bloggs+x@mail.example.co.uk or call +44 20 7946 0958',
      ['EMAIL joe.bloggs+x@mail.example.co.uk', 'PHONE +44 20 7946 0958'],
    ],
    ['ship to 12 Oak Avenue, Springfield, IL 62704 please', ['ADDRESS 12 Oak Avenue, Springfield, IL 62704']],
    ['to 221b Baker Street, London NW1 6XE', ['ADDRESS 221b Baker Street, London NW1 6XE']],
    ['nach Musterstraße 12, 10115 Berlin', ['ADDRESS Musterstraße 12, 10115 Berlin']],
    ['refund 20 euros for orders 1234 and 5678', ['AMOUNT 20 euros', 'ORDER_NUMBER 1234', 'ORDER_NUMBER 5678']],
    ['I paid 1,234.56 USD and £10.50', ['AMOUNT 1,234.56 USD', 'AMOUNT £10.50']],
    ['it came yesterday, I need it by Friday', ['DATE yesterday', 'DATE Friday']],
    ['sku AB-1234', ['PRODUCT AB-1234']],
    ['call me at 5551234567', ['PHONE 5551234567']],
    ['FedEx 123456789012', ['TRACKING_NUMBER 123456789012']],
    ['111-1234567-7654321', ['ORDER_NUMBER 111-1234567-7654321']],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected))

  it.each([
    'In 2024 it cost less',
    'the 3 pm delivery',
    'may I ask for size 42',
    'invoice #85632',
    'between 10-12',
    '100% wool',
    '',
  ])('names nothing: %s', (text) => expect(found(text)).toEqual([]))

  it('finds the products that it is given, as whole words', () => {
    expect(found('my red wool scarf shrank', ['Red Wool Scarf'])).toEqual(['PRODUCT red wool scarf'])
    expect(found('I bought two lamps', ['Lamp', 'Two'])).toEqual(['PRODUCT two', 'PRODUCT lamp'])
    expect(found('the stamp is torn', ['tam', 'amp'])).toEqual([])
  })

  it('counts each once, and no more than fifty', () => {
    expect(found('order 1234, order 1234!')).toEqual(['ORDER_NUMBER 1234'])
    const many = Array.from({ length: 200 }, (_, index) => `#${10_000 + index}`).join(' ')
    expect(found(many)).toHaveLength(mostEntities)
  })

  it('takes text without mercy: what is found lies in it, and no kind of repetition is a trap', () => {
    const bits = [
      'a',
      '1',
      '1 ',
      '1-',
      'a.',
      'a@',
      '$1,',
      '(1',
      '12 a ',
      'street ',
      '.',
      '-',
      ' ',
      '1Z',
      '1.1.',
      'on monday ',
      '+1 ',
      'str. ',
    ]
    for (const bit of bits) entitiesIn(bit.repeat(20_000 / bit.length), { now })
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 8 })), { maxLength: 400 }),
        (parts) => {
          const text = parts.join('')
          for (const entity of entitiesIn(text, { now })) expect(text).toContain(entity.text)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('tracking numbers', () => {
  it.each([
    ['1Z999AA10123456784', 'UPS'],
    ['1Z5R89390357567127', 'UPS'],
    ['9400111202555842332669', 'USPS'],
    ['RR473124829GB', 'S10'],
    ['986578788855', 'FedEx'],
    ['3318810025', 'DHL Express'],
    ['TBA000123456789', 'Amazon'],
  ])('%s is of %s', (number, name) => expect(carrierOf(number)?.name).toBe(name))

  it('refuses every other check digit', () => {
    for (const [number, at] of [
      ['1Z5R89390357567127', 17],
      ['RR473124829GB', 10],
      ['986578788855', 11],
      ['3318810025', 9],
    ] as const)
      for (let digit = 0; digit < 10; digit++) {
        const changed = number.slice(0, at) + digit + number.slice(at + 1)
        if (changed !== number) expect(carrierOf(changed), changed).toBeNull()
      }
  })
})
