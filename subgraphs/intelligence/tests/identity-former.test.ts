import { newId } from '@quimbi/database/ids.ts'
import type { NewEvent } from '@quimbi/events/outbox.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personOf } from '../src/customers/person.ts'
import { anOrder, openWorld, ownersOf, saved, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

type Payload = { done: { customer: { id: string } | null; userErrors: { code: string }[] } }
const answer = '{ customer { id } userErrors { code } }'
const sync = `mutation ($input: SyncCustomerInput!) { done: syncCustomer(input: $input) ${answer} }`
const merge = `mutation ($input: MergeIdentitiesInput!) { done: mergeIdentities(input: $input) ${answer} }`

async function send(mutation: string, tenantId: string, input: object) {
  const { data } = await world.ask<Payload>(mutation, { input }, await world.agent(tenantId, 'ADMIN'))
  return data?.done.customer?.id ?? data?.done.userErrors.map(({ code }) => code)
}
const mergeOf = (tenantId: string, fromId: string, intoId: string) => send(merge, tenantId, { fromId, intoId })
const order = (externalId: string, id: string) => anOrder({ externalId, customer: { id } })
const orderBy = (tenantId: string, externalId: string, id: string) => world.ingest(tenantId, [order(externalId, id)])
const owners = async (tenantId: string) => (await ownersOf(world, tenantId)).orders
const customers = async (tenantId: string) =>
  (await world.rows<{ id: string }>('SELECT id FROM customer WHERE tenant_id = $1 ORDER BY id', tenantId)).map(
    ({ id }) => id,
  )
const seen = async (tenantId: string) =>
  (await world.told(tenantId, 'customer.seen')).map(({ customerId }) => customerId).toSorted()
const merged = (tenantId: string, fromId: string, intoId: string): NewEvent => ({
  ...{ tenantId, type: 'customer.merged', occurredAt: world.clock.now(), payload: { fromId, intoId } },
})

/** Customers of whom each has an order, and whose ids were given. */
async function some(tenantId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId()).toSorted()
  await world.ingest(
    tenantId,
    ids.map((id, n) => order(`first ${n}`, id)),
  )
  return ids
}

describe('an id that was merged away', () => {
  it('means the customer that it was merged into, wherever it is sent again, and Support hears of nobody', async () => {
    const tenantId = newId()
    const [from, into] = (await some(tenantId, 2)) as [string, string]
    await mergeOf(tenantId, from, into)
    await orderBy(tenantId, 'again', from)
    expect(await send(sync, tenantId, { source: 'till', externalId: 'T-1', customerId: from })).toBe(into)
    expect(await send(sync, tenantId, { source: 'till', externalId: 'T-1', customerId: into })).toBe(into)
    const about = { ticketId: newId(), customerId: from, channel: 'EMAIL' as const, isDemo: false }
    await world.hear({ tenantId, type: 'ticket.opened', occurredAt: world.clock.now(), payload: about })
    const heard = await world.rows('SELECT customer_id AS id FROM interaction WHERE tenant_id = $1', tenantId)
    expect(await owners(tenantId)).toEqual({ 'first 0': into, 'first 1': into, again: into })
    expect(heard).toEqual([{ id: into }])
    expect(await customers(tenantId)).toEqual([into])
    expect((await seen(tenantId)).filter((id) => id === from)).toHaveLength(1)
    expect(await personOf(world.database.forTenant(tenantId), tenantId, into)).toMatchObject({ formerIds: [from] })
  })

  it('means who goes on at the end of a row of merges', async () => {
    const tenantId = newId()
    const [a, b, c] = (await some(tenantId, 3)) as [string, string, string]
    await mergeOf(tenantId, a, b)
    await mergeOf(tenantId, b, c)
    await orderBy(tenantId, 'by a', a)
    await orderBy(tenantId, 'by b', b)
    expect(await customers(tenantId)).toEqual([c])
    expect(await owners(tenantId)).toMatchObject({ 'by a': c, 'by b': c })
  })

  it('means who Support says, also where it was never heard of here', async () => {
    const tenantId = newId()
    const [known, into] = (await some(tenantId, 2)) as [string, string]
    const unheard = newId()
    await world.hear(merged(tenantId, known, into), merged(tenantId, unheard, into))
    await orderBy(tenantId, 'by known', known)
    await orderBy(tenantId, 'by unheard', unheard)
    await world.hear(merged(tenantId, known, into))
    expect(await customers(tenantId)).toEqual([into])
    expect(await owners(tenantId)).toMatchObject({ 'by known': into, 'by unheard': into })
  })

  it('is a customer of its own once Support says so, and when the other was erased', async () => {
    const tenantId = newId()
    const [a, b, c] = (await some(tenantId, 3)) as [string, string, string]
    await mergeOf(tenantId, a, c)
    await mergeOf(tenantId, b, c)
    await world.hear(saved(tenantId, a, 'A'))
    await orderBy(tenantId, 'by a', a)
    expect(await owners(tenantId)).toMatchObject({ 'by a': a })
    const payload = { customerId: c }
    await world.hear({ tenantId, type: 'customer.erased', occurredAt: world.clock.now(), payload })
    await orderBy(tenantId, 'by b', b)
    expect(await owners(tenantId)).toEqual({ 'by a': a, 'by b': b })
  })

  it('can be merged the other way round after that', async () => {
    const tenantId = newId()
    const [a, b] = (await some(tenantId, 2)) as [string, string]
    await mergeOf(tenantId, a, b)
    await world.hear(saved(tenantId, a, 'A'))
    await mergeOf(tenantId, b, a)
    await orderBy(tenantId, 'by b', b)
    await orderBy(tenantId, 'by a', a)
    expect(await customers(tenantId)).toEqual([a])
  })

  it('is another tenant’s own matter', async () => {
    const [tenantId, other] = [newId(), newId()]
    const [from, into] = (await some(tenantId, 2)) as [string, string]
    await mergeOf(tenantId, from, into)
    await orderBy(other, 'elsewhere', from)
    expect(await owners(other)).toEqual({ elsewhere: from })
  })

  it('leaves nobody behind while orders come in by it at the same moment', async () => {
    const tenantId = newId()
    const ids = await some(tenantId, 24)
    const into = ids.at(-1)!
    const gone = ids.slice(0, -1)
    // Some at a caller's word, some at Support's, some sent by ids that are not known before.
    const unheard = Array.from({ length: 6 }, () => newId())
    const merges = gone.slice(0, 12).map((id) => () => mergeOf(tenantId, id, into))
    const heard = () => world.hear(...[...gone.slice(12), ...unheard].map((id) => merged(tenantId, id, into)))
    const batches = Array.from(
      { length: 12 },
      (_, n) => () =>
        world.ingest(
          tenantId,
          [...gone, ...unheard].map((id, k) => order(`${n}-${k}`, id)),
        ),
    )
    const all = [...batches.slice(0, 6), ...merges, heard, ...batches.slice(6)]
    await Promise.all(all.map((run) => run()))
    await world.ingest(
      tenantId,
      [...gone, ...unheard].map((id, k) => order(`last-${k}`, id)),
    )
    expect(await customers(tenantId)).toEqual([into])
    const kept = Object.values(await owners(tenantId))
    expect([kept.length, new Set(kept)]).toEqual([24 + 13 * 29, new Set([into])])
  })
})
