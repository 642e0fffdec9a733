import { customerIdOf } from '@quimbi/database/ids.ts'
import type { EventOf } from '@quimbi/events/topics.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { recordSeenCustomers } from '../src/customers/seen.ts'
import { openSupport, refusal, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const create = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id name externalRefs { source id } } userErrors { code path } }
}`
type Created = {
  createCustomer: { customer: { id: string; externalRefs: object[] } | null; userErrors: { code: string }[] }
}

const ref = (id: string) => ({ source: 'shop', id })
const shopIdOf = (tenant: Tenant, id: string) => customerIdOf(tenant.id, 'shop', id)

async function aShop() {
  const tenant = await support.aTenant()
  const ask = await support.asAgent(await support.anAgent(tenant))
  const add = async (...ids: string[]) => {
    const { data } = await ask<Created>(create, { input: { name: `Of ${ids.join()}`, externalRefs: ids.map(ref) } })
    return data!.createCustomer
  }
  return { tenant, add }
}

/** Intelligence met a customer by these references, the first of which gives the id. */
const seen = (tenant: Tenant, ...ids: [string, ...string[]]): EventOf<'customer.seen'> => ({
  eventId: crypto.randomUUID(),
  tenantId: tenant.id,
  type: 'customer.seen',
  occurredAt: support.clock.now(),
  payload: { customerId: shopIdOf(tenant, ids[0]), refs: ids.map((externalId) => ({ source: 'shop', externalId })) },
})
const record = (...events: EventOf<'customer.seen'>[]) =>
  support.database.system.$transaction((tx) => recordSeenCustomers(tx, events))

/** What is stored: name and references of each customer by id. */
async function stored(tenant: Tenant) {
  const rows = await support.database.forTenant(tenant.id).customer.findMany({ include: { refs: true } })
  return Object.fromEntries(
    rows.map(({ id, name, refs }) => [id, { name, refs: refs.map(({ externalId }) => externalId).toSorted() }]),
  )
}

/** The events about customers so far: whom, and by which references. */
async function saved(tenant: Tenant) {
  const events = (await support.events(tenant.id)) as unknown as EventOf<'customer.saved' | 'tenant.saved'>[]
  return events.flatMap(({ type, payload }) =>
    type === 'customer.saved' ? [[payload.customerId, payload.refs.map((known) => known.externalId).toSorted()]] : [],
  )
}

/** Runs all of them so that each has looked who there is before any has written. */
async function atOnce<T>(runs: (() => Promise<T>)[]): Promise<T[]> {
  const started = await support.database.system.$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE customer IN SHARE MODE`
      const answers = runs.map((run) => run())
      await vi.waitFor(async () => {
        const waiting = await tx.$queryRaw<object[]>`
        SELECT 1 FROM pg_locks WHERE relation = 'customer'::regclass AND NOT granted`
        expect(waiting).toHaveLength(runs.length)
      }, 10_000)
      return { answers }
    },
    { timeout: 20_000 },
  )
  return Promise.all(started.answers)
}

const named = (name: string, ...refs: string[]) => ({ name, refs })
const referenceTaken = { customer: null, userErrors: refusal('ALREADY_EXISTS', 'input', 'externalRefs') }
const contradiction = { customer: null, userErrors: refusal('CONFLICT', 'input', 'externalRefs') }

describe('who a new customer is', () => {
  it('is the id that Intelligence would derive from the first reference', async () => {
    const { tenant, add } = await aShop()
    const { customer } = await add('1', '2')
    expect(customer!.id).toBe(shopIdOf(tenant, '1'))
    expect(await saved(tenant)).toEqual([[customer!.id, ['1', '2']]])
  })

  it('is the placeholder of a reference, which keeps its id and learns the rest', async () => {
    const { tenant, add } = await aShop()
    await record(seen(tenant, '1', '2'))
    const ticket = await support.aTicket(tenant, { customerId: shopIdOf(tenant, '1') })
    const { customer } = await add('2', '3')
    expect(customer!.id).toBe(shopIdOf(tenant, '1'))
    expect(await stored(tenant)).toEqual({ [customer!.id]: named('Of 2,3', '1', '2', '3') })
    expect(await saved(tenant)).toEqual([[customer!.id, ['2', '3']]])
    const after = await support.database.forTenant(tenant.id).ticket.findFirst({ where: { id: ticket.id } })
    expect(after?.customerId).toBe(customer!.id)
  })

  it('is one of several placeholders, which takes the tickets and the last contact of the others', async () => {
    const { tenant, add } = await aShop()
    await record(seen(tenant, '1'), seen(tenant, '2', 'old 2'), seen(tenant, '3'))
    const ids = ['1', '2', '3'].map((id) => shopIdOf(tenant, id))
    const tickets: string[] = []
    for (const customerId of ids) {
      support.clock.advance(1_000)
      tickets.push((await support.aTicket(tenant, { customerId })).id)
    }
    const { customer } = await add('1', '2', '3')
    expect(customer!.id).toBe(ids[0])
    expect(await stored(tenant)).toEqual({ [ids[0]!]: named('Of 1,2,3', '1', '2', '3', 'old 2') })
    const db = support.database.forTenant(tenant.id)
    const moved = await db.ticket.findMany({ where: { customerId: ids[0]! }, orderBy: { number: 'asc' } })
    expect(moved.map(({ id }) => id)).toEqual(tickets)
    expect((await db.customer.findFirst())?.lastContactAt).toEqual(support.clock.now())
  })

  it('is refused when a reference is a named customer’s, whose name and references stay', async () => {
    const { tenant, add } = await aShop()
    const { customer } = await add('1')
    expect(await add('1', '2')).toEqual(referenceTaken)
    expect(await stored(tenant)).toEqual({ [customer!.id]: named('Of 1', '1') })
    expect(await saved(tenant)).toEqual([[customer!.id, ['1']]])
  })

  it('is a contradiction when the references are two named customers’', async () => {
    const { tenant, add } = await aShop()
    await add('1')
    await add('2')
    const before = await stored(tenant)
    expect(await add('1', '2', '3')).toEqual(contradiction)
    expect(await stored(tenant)).toEqual(before)
    expect(await saved(tenant)).toHaveLength(2)
  })

  it('has nothing to do with the same reference in another tenant', async () => {
    const [one, other] = [await aShop(), await aShop()]
    const ids = [(await one.add('1')).customer!.id, (await other.add('1')).customer!.id]
    expect(ids).toEqual([shopIdOf(one.tenant, '1'), shopIdOf(other.tenant, '1')])
    expect(new Set(ids).size).toBe(2)
  })

  it.each([
    ['the same reference', [['1'], ['1'], ['1'], ['1'], ['1']]],
    [
      'the same references in other orders',
      [
        ['1', '2', '3'],
        ['3', '1', '2'],
        ['2', '3', '1'],
        ['3', '2', '1'],
      ],
    ],
    [
      'overlapping references',
      [
        ['1', '2'],
        ['2', '3'],
        ['3', '1'],
      ],
    ],
  ])('is one of those who ask at once with %s: one wins, no record of the others stays', async (_, calls) => {
    const { tenant, add } = await aShop()
    const answers = await atOnce(calls.map((ids) => () => add(...ids)))
    const winners = answers.flatMap(({ customer }) => customer ?? [])
    expect(winners).toHaveLength(1)
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))
    expect(codes.filter((code) => code !== 'ALREADY_EXISTS' && code !== 'CONFLICT')).toEqual([])
    expect(Object.keys(await stored(tenant))).toEqual([winners[0]!.id])
    expect(await saved(tenant)).toHaveLength(1)
  })

  it('is the same one that is being seen at that moment', async () => {
    const { tenant, add } = await aShop()
    const [{ customer }] = await Promise.all([add('1', '2'), record(seen(tenant, '2')), record(seen(tenant, '1', '3'))])
    if (customer) expect(Object.values(await stored(tenant)).filter(({ name }) => name !== null)).toHaveLength(1)
    const owners = Object.values(await stored(tenant)).flatMap(({ refs }) => refs)
    expect(new Set(owners).size).toBe(owners.length)
  })
})

describe('a customer that Intelligence saw first', () => {
  it('is recorded without a name, once, however often the event comes', async () => {
    const { tenant } = await aShop()
    const event = seen(tenant, '1', '2')
    await record(event, event)
    await record(event)
    expect(await stored(tenant)).toEqual({ [shopIdOf(tenant, '1')]: { name: null, refs: ['1', '2'] } })
    expect(await saved(tenant)).toEqual([])
  })

  it('keeps the name and the record that it has here, under whatever id it was seen', async () => {
    const { tenant, add } = await aShop()
    const { customer } = await add('1', '2')
    await record(seen(tenant, '1'), seen(tenant, '2'))
    expect(await stored(tenant)).toEqual({ [customer!.id]: named('Of 1,2', '1', '2') })
  })

  it('is recorded in its own tenant', async () => {
    const [one, other] = [await aShop(), await aShop()]
    await record(seen(one.tenant, '1'), seen(other.tenant, '1'), seen(one.tenant, '2'))
    expect(Object.keys(await stored(one.tenant))).toHaveLength(2)
    expect(Object.keys(await stored(other.tenant))).toEqual([shopIdOf(other.tenant, '1')])
  })

  it('is shown as Unknown, and by its reference', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    await record(seen(tenant, '1'))
    const { data } = await ask('{ customerByExternalRef(source: "shop", id: "1") { id name email } }')
    expect(data).toEqual({ customerByExternalRef: { id: shopIdOf(tenant, '1'), name: 'Unknown', email: null } })
  })
})
