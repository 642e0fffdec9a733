import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Kind } from './import-file.ts'
import { openTestWorld, type TestWorld } from './test-world.ts'

let world: TestWorld
let other: TestWorld

beforeAll(async () => {
  world = await openTestWorld()
  other = await openTestWorld()
})
afterAll(async () => {
  await world.close()
  await other.close()
})

const awkward = fc.constantFrom('a', 'Z', '"', ',', '|', ':', '\\', 'é', '\u{1F600}', '\u2028', "'", ' ', '{', '\uFFFD')
const line = fc.string({ unit: awkward, minLength: 1, maxLength: 12 }).map((text) => `x${text}x`)
const prose = fc
  .string({ unit: fc.oneof(awkward, fc.constantFrom('\n', '\t')), maxLength: 30 })
  .map((text) => `x${text}x`)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
const amount = fc.integer({ min: 0, max: 1e9 }).map((units) => (units / 1e4).toFixed(4))
const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 })

const customer = fc.record({
  name: maybe(line),
  email: maybe(fc.constantFrom('ada@shop.example', 'b+c@x.example')),
  phone: maybe(line),
  locale: maybe(fc.constant('en-GB')),
  timeZone: maybe(fc.constant('Europe/Paris')),
  tags: list(line),
  isVip: fc.boolean(),
  createdAt: instant,
  lastContactAt: maybe(instant),
})
const message = fc.record({
  fromAgent: fc.boolean(),
  authorName: line,
  authorEmail: maybe(fc.constant('m@x.example')),
  content: prose,
  createdAt: instant,
})
const state = fc.oneof(
  fc.constant({ status: 'OPEN' }),
  fc.constant({ status: 'PENDING', waitingOn: 'SNOOZE' }),
  instant.map((closedAt) => ({ status: 'CLOSED', closedAt })),
)
const ticket = fc
  .record({
    subject: line,
    state,
    priority: fc.constantFrom('LOW', 'URGENT'),
    tags: list(line),
    isDemo: fc.boolean(),
    createdAt: instant,
    messages: list(message),
  })
  .map(({ state, ...rest }) => ({ ...rest, ...state, channel: 'EMAIL' }))
const order = fc.record({
  placedAt: instant,
  status: fc.constantFrom('PAID', 'RETURNED', 'CANCELLED'),
  currencyCode: fc.constant('GBP'),
  total: amount,
  discount: maybe(amount),
  refunded: maybe(amount),
  items: list(
    fc.record({
      sku: line,
      title: line,
      category: maybe(line),
      quantity: fc.integer({ min: 1, max: 99 }),
      unitPrice: amount,
      discounted: fc.boolean(),
    }),
  ),
  shipments: list(fc.record({ carrier: maybe(line), trackingNumber: maybe(line), status: line, updatedAt: instant })),
})
const records = fc.record({
  customers: fc.array(customer, { minLength: 1, maxLength: 6 }),
  tickets: fc.array(ticket, { maxLength: 6 }),
  orders: fc.array(order, { maxLength: 6 }),
  suffix: line,
})

/** Gives the generated records names that fit together. */
function files({ customers, tickets, orders, suffix }: typeof records extends fc.Arbitrary<infer T> ? T : never) {
  const jsonl = (list: readonly object[]) => list.map((one) => `${JSON.stringify(one)}\n`).join('')
  const id = (at: number) => `${at}${suffix}`
  return {
    customers: jsonl(
      customers.map((one, at) => ({
        ...one,
        externalRefs: [
          { source: 'shop', id: id(at) },
          { source: 'a|b:c', id: id(at) },
        ],
      })),
    ),
    tickets: jsonl(
      tickets.map((one, at) => ({
        ...one,
        externalRef: { source: 'desk', id: id(at) },
        customer: { source: 'shop', externalId: id(at) },
      })),
    ),
    orders: jsonl(
      orders.map((one, at) => ({ ...one, source: 'shop', externalId: id(at), customer: { externalId: id(at % 2) } })),
    ),
  }
}

const kinds: readonly Kind[] = ['customers', 'tickets', 'orders']

describe('a round trip', () => {
  it.each(['jsonl', 'csv'] as const)(
    'through %s loses nothing, in another tenant and in another database',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(records, async (generated) => {
          const given = files(generated)
          const tenants = [await world.tenant(), await world.tenant(), await other.tenant()] as const
          for (const kind of kinds)
            expect(await world.import(kind, tenants[0], given[kind])).toMatchObject({ rejected: 0 })
          const out = {} as Record<Kind, string>
          for (const kind of kinds) out[kind] = await world.export(kind, tenants[0], format)
          for (const kind of kinds) {
            expect(await world.import(kind, tenants[1], out[kind])).toMatchObject({ rejected: 0 })
            expect(await other.import(kind, tenants[2], out[kind])).toMatchObject({ rejected: 0 })
          }
          for (const kind of kinds) {
            expect(await world.export(kind, tenants[1], format)).toBe(out[kind])
            expect(await other.export(kind, tenants[2], format)).toBe(out[kind])
            expect(await world.import(kind, tenants[0], out[kind])).toMatchObject({
              accepted: 0,
              updated: 0,
              rejected: 0,
            })
          }
        }),
        { numRuns: 12 },
      )
    },
    120_000,
  )
})
