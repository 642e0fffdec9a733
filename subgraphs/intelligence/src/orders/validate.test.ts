import { newId } from '@quimbi/database/ids.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CustomerOrder } from './types.ts'
import { maxLines, validateOrders } from './validate.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const rules = { tenantId: newId(), source: 'shop', currencyCode: 'USD', now }
const dayMs = 86_400_000

type Parts = Partial<CustomerOrder['order']> & { customer?: CustomerOrder['customer'] }

const order = ({ customer = { externalId: 'C-1' }, ...parts }: Parts = {}): CustomerOrder => ({
  customer,
  order: {
    externalId: 'O-1',
    placedAt: new Date('2026-11-20T12:00:00.000Z'),
    total: '25',
    currencyCode: 'USD',
    ...parts,
  },
})
const item = { sku: 'MUG', title: 'Mug', quantity: 1, unitPrice: '5' }
const parcel = { status: 'sent', updatedAt: now }

const check = (...orders: CustomerOrder[]) => validateOrders(orders, rules)
const accepted = (parts: Parts = {}) => {
  const { valid, errors } = check(order(parts))
  expect(errors).toEqual([])
  return valid[0]
}
const refused = (parts: Parts): string[] =>
  check(order(parts)).errors.map(({ code, path }) => [code, ...(path ?? []).slice(4)].join(' '))

describe('an amount', () => {
  it.each([
    ['5', '5'],
    ['5.00', '5'],
    ['005.50', '5.5'],
    ['0', '0'],
    ['0.0000', '0'],
    ['0.0001', '0.0001'],
    ['5.10000', '5.1'],
    ['1000000000000', '1000000000000'],
  ])('%s has one spelling', (given, kept) => {
    expect(accepted({ total: given })?.total).toBe(kept)
  })

  it.each(
    [
      '-1',
      '-0',
      '+1',
      '',
      ' 5',
      '5 ',
      '5\n',
      'NaN',
      'Infinity',
      '1e5',
      '0x10',
      '1,5',
      '1_000',
      '.5',
      '5.',
      '٥',
      '½',
    ].concat(['5.00001', '1000000000001', '9'.repeat(400)]),
  )('refuses %j', (total) => {
    expect(refused({ total })).toEqual(['INVALID total'])
  })

  it('is refused where it stands', () => {
    expect(refused({ discount: '-1' })).toEqual(['INVALID discount'])
    expect(refused({ refunded: 'x' })).toEqual(['INVALID refunded'])
    expect(refused({ items: [item, { ...item, unitPrice: '-5' }] })).toEqual(['INVALID items 1 unitPrice'])
  })

  it('of any size is judged at once', () => {
    expect(refused({ total: `${'0'.repeat(100_000)}x` })).toEqual(['INVALID total'])
  })

  it('means the same in every spelling', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(9_999), fc.nat(3), fc.nat(5), (whole, part, zeros, more) => {
        const plain = `${whole}.${String(part).padStart(4, '0')}`
        const padded = `${'0'.repeat(zeros)}${plain}${'0'.repeat(more)}`
        expect(accepted({ total: padded })?.fingerprint).toBe(accepted({ total: plain })?.fingerprint)
        expect(Number(accepted({ total: padded })?.total)).toBe(Number(plain))
      }),
    )
  })
})

describe('an instant', () => {
  it('lies between 1970 and a day from now', () => {
    accepted({ placedAt: new Date(0) })
    accepted({ placedAt: new Date(now.getTime() + dayMs) })
    expect(refused({ placedAt: new Date(-1) })).toEqual(['INVALID placedAt'])
    expect(refused({ placedAt: new Date(now.getTime() + dayMs + 1) })).toEqual(['INVALID placedAt'])
    expect(refused({ placedAt: new Date('nonsense') })).toEqual(['INVALID placedAt'])
  })

  it('of a parcel does too', () => {
    for (const updatedAt of [
      new Date('nonsense'),
      new Date('0000-01-01T00:00:00Z'),
      new Date(now.getTime() + 2 * dayMs),
    ])
      expect(refused({ shipments: [parcel, { ...parcel, updatedAt }] })).toEqual(['INVALID shipments 1 updatedAt'])
  })
})

describe('a text', () => {
  const control = 'a\u0000b'
  const halved = 'a\uD800b'

  it.each([
    ['control characters', control],
    ['half a character', halved],
  ])('with %s is refused wherever it stands', (_, text) => {
    expect(refused({ externalId: text })).toEqual(['INVALID externalId'])
    expect(refused({ items: [{ ...item, sku: text }] })).toEqual(['INVALID items 0 sku'])
    expect(refused({ items: [{ ...item, title: text }] })).toEqual(['INVALID items 0 title'])
    expect(refused({ items: [{ ...item, category: text }] })).toEqual(['INVALID items 0 category'])
    expect(refused({ shipments: [{ ...parcel, status: text }] })).toEqual(['INVALID shipments 0 status'])
    expect(refused({ shipments: [{ ...parcel, carrier: text }] })).toEqual(['INVALID shipments 0 carrier'])
    expect(refused({ shipments: [{ ...parcel, trackingNumber: text }] })).toEqual([
      'INVALID shipments 0 trackingNumber',
    ])
    expect(check(order({ customer: { externalId: text } })).errors).toMatchObject([
      { code: 'INVALID', path: ['input', 'orders', '0', 'customer', 'externalId'] },
    ])
  })

  it('that is needed is not empty, and none is too long', () => {
    expect(refused({ externalId: '  ' })).toEqual(['REQUIRED externalId'])
    expect(refused({ externalId: 'x'.repeat(201) })).toEqual(['TOO_LONG externalId'])
    expect(refused({ items: [{ ...item, sku: '' }] })).toEqual(['REQUIRED items 0 sku'])
    expect(refused({ items: [{ ...item, title: 'x'.repeat(501) }] })).toEqual(['TOO_LONG items 0 title'])
    expect(refused({ shipments: [{ ...parcel, carrier: 'x'.repeat(201) }] })).toEqual(['TOO_LONG shipments 0 carrier'])
  })

  it('that may be missing is null when it is blank', () => {
    const blank = accepted({
      items: [{ ...item, category: ' ' }],
      shipments: [{ ...parcel, carrier: '', trackingNumber: ' ' }],
    })
    expect(blank?.items[0]?.category).toBeNull()
    expect(blank?.shipments[0]).toMatchObject({ carrier: null, trackingNumber: null })
  })

  it('beyond ASCII is kept', () => {
    expect(accepted({ items: [{ ...item, title: ' Teekännchen 茶壶 🫖 ' }] })?.items[0]?.title).toBe(
      'Teekännchen 茶壶 🫖',
    )
  })
})

describe('a customer', () => {
  const errorsFor = (customer: CustomerOrder['customer']) =>
    check(order({ customer })).errors.map(({ code, path }) => [code, ...(path ?? []).slice(4)].join(' '))

  it('is named by id or by externalId, not by both or neither', () => {
    const id = newId()
    expect(accepted({ customer: { id: id.toUpperCase() } })?.customer).toEqual({ id, externalId: null })
    expect(accepted({ customer: { externalId: ' 7 ' } })?.customer).toEqual({ id: null, externalId: '7' })
    expect(errorsFor({ id, externalId: '7' })).toEqual(['INVALID'])
    expect(errorsFor({})).toEqual(['REQUIRED'])
    expect(errorsFor({ id: null, externalId: '' })).toEqual(['REQUIRED'])
    expect(errorsFor({ id: '7' })).toEqual(['INVALID id'])
  })
})

describe('lines', () => {
  it('are whole numbers above zero of something', () => {
    for (const quantity of [0, -1, 1.5, Number.NaN, Infinity, 1e9 + 1])
      expect(refused({ items: [{ ...item, quantity }] })).toEqual(['INVALID items 0 quantity'])
    expect(accepted({ items: [{ ...item, quantity: 1e9 }] })?.items[0]?.quantity).toBe(1e9)
  })

  it('are at most 10,000, and so are parcels', () => {
    expect(accepted({ items: Array<typeof item>(maxLines).fill(item) })?.items).toHaveLength(maxLines)
    expect(refused({ items: Array<typeof item>(maxLines + 1).fill(item) })).toEqual(['LIMIT_EXCEEDED items'])
    expect(refused({ shipments: Array<typeof parcel>(maxLines + 1).fill(parcel) })).toEqual([
      'LIMIT_EXCEEDED shipments',
    ])
  })
})

describe('a batch', () => {
  it('refuses another currency than the tenant’s', () => {
    const { valid, errors } = check(order({ externalId: 'a' }), order({ externalId: 'b', currencyCode: 'EUR' }))
    expect(valid.map(({ externalId }) => externalId)).toEqual(['a'])
    expect(errors).toMatchObject([{ code: 'INVALID', path: ['input', 'orders', '1', 'order', 'currencyCode'] }])
  })

  it('takes an order that it holds twice once, and refuses one that differs', () => {
    const { valid, errors } = check(order(), order({ total: '25.00' }), order({ total: '26' }), order())
    expect(valid).toHaveLength(1)
    expect(valid[0]?.total).toBe('25')
    expect(errors).toMatchObject([{ code: 'CONFLICT', path: ['input', 'orders', '2', 'order', 'externalId'] }])
  })

  it('gives the same order the same id, and another tenant’s or source’s another', () => {
    const idWith = (change: Partial<typeof rules>) => validateOrders([order()], { ...rules, ...change }).valid[0]?.id
    expect(idWith({})).toBe(idWith({}))
    expect(idWith({ tenantId: newId() })).not.toBe(idWith({}))
    expect(idWith({ source: 'other' })).not.toBe(idWith({}))
  })

  it('notices every change by the fingerprint', () => {
    const full: Parts = { discount: '1', refunded: '2', status: 'PAID', items: [item], shipments: [parcel] }
    const changes: Parts[] = [
      { customer: { externalId: 'C-2' } },
      { placedAt: new Date(1) },
      { total: '26' },
      { status: 'RETURNED' },
      { discount: null },
      { refunded: '3' },
      { items: [] },
      { items: [{ ...item, discounted: true }] },
      { shipments: [{ ...parcel, carrier: 'UPS' }] },
    ]
    const prints = [full, ...changes.map((change) => ({ ...full, ...change }))].map(
      (parts) => accepted(parts)?.fingerprint,
    )
    expect(new Set(prints).size).toBe(changes.length + 1)
  })
})
