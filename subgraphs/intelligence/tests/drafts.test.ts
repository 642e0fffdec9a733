import { newId } from '@quimbi/database/ids.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { olderQuery } from '../src/assistant/situations/older-orders.ts'
import { customerOf, draftOf, draftsOf, ticketOf, told, turn } from './drafts-kit.ts'
import { anOrder, openWorld, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const kept = (tenantId: string) =>
  world.rows<{ id: string; context: object | null; based_on: string; customer_id: string; intent: string }>(
    'SELECT * FROM draft WHERE tenant_id = $1 ORDER BY generated_at, id',
    tenantId,
  )
const where = 'Where is my order 10442? It should have been here by now.'
const shipped = (status: string) => [
  { carrier: 'DHL', trackingNumber: 'JD014600003', status, updatedAt: new Date(startOfTime) },
]

async function aShop(
  orders = [anOrder({ externalId: '10442', status: 'FULFILLED', shipments: shipped('in transit') })],
) {
  const tenantId = newId()
  await world.ingest(tenantId, orders)
  return tenantId
}

describe('a ticket’s draft', () => {
  it('answers out of the customer’s orders, each fact with its record, within the channel’s limit', async () => {
    const tenantId = await aShop()
    const ticket = ticketOf(tenantId, told(where))
    const draft = await draftOf(world, tenantId, ticket)
    expect(draft).toMatchObject({ tone: 'PROFESSIONAL', channel: 'EMAIL', generator: 'built-in', basedOn: 'r1' })
    expect(draft.content).toContain('10442')
    expect(draft.limit).toMatchObject({ unit: 'WORDS', max: 200 })
    expect(draft.limit.used).toBeLessThanOrEqual(200)
    expect(draft.citations.length).toBeGreaterThan(0)
    for (const { sentence } of draft.citations) expect(draft.content).toContain(sentence)
    expect(draft.basis).toMatchObject({ conversation: 'r1', orders: expect.any(String) as string })
    expect(await kept(tenantId)).toMatchObject([
      { id: draft.id, customer_id: customerOf(tenantId), intent: 'shipping_status', based_on: 'r1' },
    ])
  })

  it('is the same one until something that it was written from is another', async () => {
    const tenantId = await aShop()
    const context = told(where)
    const ticket = ticketOf(tenantId, context)
    const first = await draftOf(world, tenantId, ticket)
    expect(await draftOf(world, tenantId, ticket)).toEqual(first)
    expect(await kept(tenantId)).toHaveLength(1)

    await world.ingest(tenantId, [
      anOrder({ externalId: '10442', status: 'DELIVERED', shipments: shipped('delivered') }),
    ])
    const delivered = await draftOf(world, tenantId, ticket)
    expect(delivered.id).not.toBe(first.id)
    expect(delivered.content).toMatch(/delivered/i)
    expect(delivered.basis['orders']).not.toBe(first.basis['orders'])

    const policies = [
      { id: newId(), kind: 'SHIPPING', text: 'Parcels take 2 days.', maxCompensation: null, maxDiscountPercent: null },
    ]
    const others = [
      { ...context, policies },
      { ...context, agentName: 'Noor Haddad' },
      { ...context, revision: 'r2', turns: [...context.turns, turn('Hello?')] },
    ]
    const ids = [first.id, delivered.id]
    for (const other of others) {
      const { id } = await draftOf(world, tenantId, { ...ticket, conversationContext: other })
      expect(ids).not.toContain(id)
      ids.push(id)
    }
    const short = await draftOf(world, tenantId, ticket, { tone: 'EMPATHETIC', length: 'SHORT' })
    expect(short).toMatchObject({ tone: 'EMPATHETIC' })
    expect(ids).not.toContain(short.id)
  })

  it('keeps the conversation with the newest revision alone', async () => {
    const tenantId = await aShop()
    const ticket = ticketOf(tenantId, told(where))
    const next = { ...ticket, conversationContext: told(where, { revision: 'r2' }) }
    const { id: old } = await draftOf(world, tenantId, ticket)
    const { id: now } = await draftOf(world, tenantId, next)
    // Somebody still had the older page open.
    const { id: late } = await draftOf(world, tenantId, ticket, { length: 'SHORT' })
    const contexts = new Map((await kept(tenantId)).map(({ id, context }) => [id, context !== null]))
    expect([old, now, late].map((id) => contexts.get(id))).toEqual([false, true, false])
  })

  it('is one, whoever asks at the same time', async () => {
    const tenantId = await aShop()
    const ticket = ticketOf(tenantId, told(where))
    const drafts = await Promise.all(Array.from({ length: 10 }, () => draftOf(world, tenantId, ticket)))
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(1)
    expect(await kept(tenantId)).toHaveLength(1)
  })

  it('is looked up for a page of tickets in as many statements as for one', async () => {
    const tenantId = await aShop()
    const page = Array.from({ length: 20 }, (_, index) => ticketOf(tenantId, told(`${where} ${index}`)))
    await draftsOf(world, tenantId, page)
    const alone = await world.statementsOf(() => draftsOf(world, tenantId, page.slice(0, 1)))
    expect(await world.statementsOf(() => draftsOf(world, tenantId, page))).toBe(alone)
    expect(await kept(tenantId)).toHaveLength(20)
  })

  it('is none where nothing was said to answer, or Support tells nothing', async () => {
    const tenantId = await aShop()
    const silent = told('', { turns: [turn('Hello, may we help?', { fromAgent: true })] })
    const { tickets, codes } = await draftsOf(world, tenantId, [ticketOf(tenantId, silent), ticketOf(tenantId, null)])
    expect(codes).toEqual([])
    expect(tickets).toMatchObject([
      { draft: null, relevantOrders: [{ externalId: '10442' }] },
      { draft: null, relevantOrders: null },
    ])
    expect(await kept(tenantId)).toEqual([])
  })

  it('is for somebody whom Intelligence has never heard of too', async () => {
    const tenantId = newId()
    const draft = await draftOf(world, tenantId, ticketOf(tenantId, told('Do you sell oak lamps?')))
    expect(draft.generator).toBe('built-in')
    expect(draft.content).not.toBe('')
  })

  it('is another tenant’s to nobody, and its orders are not', async () => {
    const tenantId = await aShop()
    const ticket = ticketOf(tenantId, told(where))
    const ours = await draftOf(world, tenantId, ticket)
    const theirs = await draftOf(world, newId(), ticket)
    expect(ours.citations.map(({ source }) => source)).toContain('ORDER')
    expect(theirs.id).not.toBe(ours.id)
    expect(theirs.citations.filter(({ source }) => source === 'ORDER' || source === 'SHIPMENT')).toEqual([])
  })

  it('is not written from what Support would not tell', async () => {
    const tenantId = await aShop()
    const { codes, drafts } = await draftsOf(world, tenantId, [ticketOf(tenantId, { ...told(where), channel: 'FAX' })])
    expect([codes, drafts]).toEqual([['BAD_USER_INPUT'], [null]])
  })
})

describe('the orders that a ticket is about', () => {
  it('are the named one, else the likeliest', async () => {
    const orders = [
      anOrder({ externalId: 'A-1001', status: 'DELIVERED' }),
      anOrder({ externalId: 'A-1002', status: 'PAID' }),
    ]
    const tenantId = await aShop(orders)
    const named = ticketOf(tenantId, told('Where is a1001?'))
    const vague = ticketOf(tenantId, told('Where is it?'))
    const { tickets } = await draftsOf(world, tenantId, [named, vague])
    const ids = tickets.map(({ relevantOrders }) => relevantOrders?.map(({ externalId }) => externalId))
    expect(ids).toEqual([['A-1001'], ['A-1002', 'A-1001']])
  })

  it('are found by their number however old they are, by the customer’s own index', async () => {
    const many = Array.from({ length: 100 }, () => anOrder({ status: 'DELIVERED' }))
    const placedAt = new Date('2019-05-04T12:00:00Z')
    const tenantId = await aShop([
      ...many,
      anOrder({ externalId: 'OLD-77001', placedAt }),
      anOrder({ externalId: 'OLD-77002', placedAt }),
      anOrder({ externalId: 'X-55', placedAt, customer: { externalId: 'C-2' } }),
    ])
    const asked = [
      'My order old 77001 fell apart',
      'about order #77002',
      'about order X-55',
      'about my first order ever',
    ]
    const tickets = asked.map((words) => ticketOf(tenantId, told(words)))
    const found = (await draftsOf(world, tenantId, tickets)).tickets.map(({ relevantOrders }) =>
      relevantOrders?.map(({ externalId }) => externalId),
    )
    expect(found.slice(0, 2)).toEqual([['OLD-77001'], ['OLD-77002']])
    for (const others of found.slice(2)) {
      expect(others).toHaveLength(5)
      expect(others?.filter((id) => /OLD|X-55/.test(id))).toEqual([])
    }
    const { rows: plan } = await withTenant(tenantId, () =>
      world.database.appPool.query<object>(`EXPLAIN (FORMAT JSON) ${olderQuery}`, [
        ...[tenantId, customerOf(tenantId), new Date(startOfTime), ['77001']],
      ]),
    )
    expect(JSON.stringify(plan)).not.toContain('Seq Scan')
  })
})
