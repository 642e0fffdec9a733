import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Kind } from './import-file.ts'
import type { TransferTenant } from './tenant.ts'
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
const html = fc.oneof(
  prose,
  prose.map((text) => `<p onclick="x()">${text}</p><script>${text}</script><a href="https://x.example">y</a>`),
)
const colleague = fc.constantFrom('ada@agents.example', 'bo@agents.example')
const system = fc.record({ kind: fc.constantFrom('AUTOMATION', 'INTEGRATION'), name: line })
const message = fc
  .record({
    fromAgent: fc.boolean(),
    authorName: line,
    authorEmail: maybe(fc.constantFrom('m@x.example', 'ada@agents.example')),
    authorSystem: maybe(system),
    content: prose,
    contentHtml: maybe(html),
    channel: maybe(fc.constantFrom('EMAIL', 'CHAT')),
    externalId: maybe(fc.uuid()),
    inReplyToId: maybe(fc.uuid()),
    isAutomatic: fc.boolean(),
    deliveryStatus: maybe(fc.constantFrom('SENT', 'FAILED', 'RECALLED')),
    sentAt: maybe(instant),
    createdAt: instant,
    editedAt: maybe(instant),
    deletedAt: maybe(instant),
    isEmptied: fc.boolean(),
  })
  .map(({ isEmptied, ...rest }) => (isEmptied && rest.deletedAt ? { ...rest, content: '', contentHtml: null } : rest))
const note = fc
  .record({
    author: fc.oneof(colleague, system),
    content: prose,
    mentions: fc.uniqueArray(colleague),
    createdAt: instant,
  })
  .map(({ author, ...rest }) => ({
    ...rest,
    ...(typeof author === 'string' ? { authorEmail: author } : { authorSystem: author }),
  }))
const state = fc.oneof(
  fc.constant({ status: 'OPEN' }),
  fc.constant({ status: 'PENDING', waitingOn: 'CUSTOMER' }),
  maybe(instant).map((snoozedUntil) => ({ status: 'PENDING', waitingOn: 'SNOOZE', snoozedUntil })),
  fc
    .record({ closedAt: instant, resolution: maybe(prose), mergedIntoId: maybe(fc.uuid()) })
    .map((closed) => ({ status: 'CLOSED', ...closed })),
)
const share = fc.double({ min: 0, max: 1, noNaN: true })
const ticket = fc
  .record({
    subject: line,
    state,
    priority: fc.constantFrom('LOW', 'URGENT'),
    tags: list(line),
    category: maybe(line),
    intent: maybe(line),
    sentiment: maybe(share),
    difficulty: maybe(share),
    orderNumbers: list(line),
    assigneeEmail: maybe(colleague),
    queue: maybe(fc.constantFrom('urgent', 'Returns')),
    team: maybe(fc.constant('Returns')),
    isDemo: fc.boolean(),
    followUpAt: maybe(instant),
    followUpNote: maybe(prose),
    createdAt: instant,
    messages: list(message),
    notes: list(note),
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

/** A tenant with the colleagues, the team and the queue that records name. */
async function tenantOf(one: TestWorld): Promise<TransferTenant> {
  const tenant = await one.tenant()
  const of = { tenantId: tenant.id, createdAt: new Date('2026-01-01') }
  const db = one.support.forTenant(tenant.id)
  for (const name of ['ada', 'bo']) {
    const agent = {
      ...of,
      id: randomUUID(),
      name,
      email: `${name}@agents.example`,
      role: 'AGENT',
      passwordHash: 'none',
    }
    await db.agent.create({ data: agent })
  }
  await db.team.create({ data: { ...of, id: randomUUID(), name: 'Returns' } })
  await db.queue.create({ data: { ...of, id: randomUUID(), name: 'Returns', priorityOrder: 9 } })
  return tenant
}

const kinds: readonly Kind[] = ['customers', 'tickets', 'orders']

describe('a round trip', () => {
  it.each(['jsonl', 'csv'] as const)(
    'through %s loses nothing, in another tenant and in another database',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(records, async (generated) => {
          const given = files(generated)
          const tenants = [await tenantOf(world), await tenantOf(world), await tenantOf(other)] as const
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

  it('gives back all that a ticket’s record says', async () => {
    const tenant = await tenantOf(world)
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
    const [customerId, id] = [randomUUID(), randomUUID()]
    const customers = `${JSON.stringify({ id: customerId, name: 'Ada', externalRefs: [] })}\n`
    expect(await world.import('customers', tenant, customers)).toMatchObject({ accepted: 1 })
    const given = {
      id,
      number: 77,
      subject: 'Where is it?',
      status: 'PENDING',
      waitingOn: 'SNOOZE',
      snoozedUntil: at(90),
      priority: 'HIGH',
      channel: 'EMAIL',
      tags: ['late'],
      category: 'shipping',
      intent: 'where is my order',
      sentiment: 0.25,
      difficulty: 0.1,
      resolution: 'It was sent again.',
      orderNumbers: ['1042'],
      customer: { id: customerId },
      assigneeEmail: 'ada@agents.example',
      queue: 'urgent',
      team: 'Returns',
      externalRef: { source: 'desk', id: 'T-1' },
      isDemo: false,
      followUpAt: at(100),
      followUpNote: 'Ring them.',
      mergedIntoId: null,
      createdAt: at(0),
      updatedAt: at(9),
      closedAt: null,
      messages: [
        {
          id: randomUUID(),
          fromAgent: false,
          authorName: 'Ada',
          authorEmail: 'ada@x.example',
          authorSystem: null,
          content: 'Where is it?',
          contentHtml: '<p>Where is it?</p>',
          channel: 'EMAIL',
          externalId: '<1@x.example>',
          inReplyToId: null,
          isAutomatic: false,
          deliveryStatus: null,
          sentAt: null,
          createdAt: at(1),
          editedAt: null,
          deletedAt: null,
        },
        {
          id: randomUUID(),
          fromAgent: true,
          authorName: 'Desk',
          authorEmail: null,
          authorSystem: { kind: 'AUTOMATION', name: 'thanks' },
          content: '',
          contentHtml: null,
          channel: 'EMAIL',
          externalId: '<2@x.example>',
          inReplyToId: randomUUID(),
          isAutomatic: true,
          deliveryStatus: 'SENT',
          sentAt: at(3),
          createdAt: at(2),
          editedAt: at(4),
          deletedAt: at(4),
        },
      ],
      notes: [
        {
          id: randomUUID(),
          authorEmail: 'bo@agents.example',
          authorSystem: null,
          content: 'Lost by the carrier.',
          mentions: ['bo@agents.example', 'ada@agents.example'],
          createdAt: at(5),
        },
        {
          id: randomUUID(),
          authorEmail: null,
          authorSystem: { kind: 'INTEGRATION', name: 'carrier' },
          content: 'Found.',
          mentions: [],
          createdAt: at(6),
        },
      ],
    }
    expect(await world.import('tickets', tenant, `${JSON.stringify(given)}\n`)).toMatchObject({ accepted: 1 })
    expect(JSON.parse(await world.export('tickets', tenant))).toEqual(given)
  })
})
