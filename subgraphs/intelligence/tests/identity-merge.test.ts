import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import type { NewEvent } from '@quimbi/events/outbox.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingestEvents } from '../src/events/ingest.ts'
import { ingestInteractions } from '../src/interactions/ingest.ts'
import { anOrder, openWorld, ownersOf, refusals, saved, service, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

type Payload = { done: { customer: { id: string } | null; userErrors: [] } }
const answer = '{ customer { id } userErrors { code path } }'
const sync = `mutation ($input: SyncCustomerInput!) { done: syncCustomer(input: $input) ${answer} }`
const merge = `mutation ($input: MergeIdentitiesInput!) { done: mergeIdentities(input: $input) ${answer} }`

/** The customer's id, or what was refused. */
async function send(
  mutation: string,
  tenantId: string,
  input: object,
  role: AgentRole = 'ADMIN',
  facts?: Partial<Facts>,
) {
  const { data, codes } = await world.ask<Payload>(mutation, { input }, facts ?? (await world.agent(tenantId, role)))
  if (!data) return codes
  return data.done.customer?.id ?? refusals(data.done.userErrors)
}

/** A customer of each kind of fact, under one reference of the shop's. */
async function known(tenantId: string, reference: string): Promise<string> {
  const customer = { externalId: reference }
  const [at, now] = [world.clock.now(), world.clock.now()]
  await world.ingest(tenantId, [anOrder({ externalId: `order of ${reference}`, customer })])
  await world.database.transact(tenantId, async (tx) => {
    const interaction = { externalId: `open of ${reference}`, channel: 'EMAIL', kind: 'EMAIL_OPEN', at } as const
    await ingestInteractions(tx, service(tenantId), { source: 'shop', interactions: [{ customer, interaction }] }, now)
    const event = { externalId: `visit of ${reference}`, name: 'visit', at }
    await ingestEvents(tx, service(tenantId), { source: 'shop', events: [{ customer, event }] }, now)
  })
  return customerIdOf(tenantId, 'shop', reference)
}

/** Whose everything is: customer ids by table. */
async function holders(tenantId: string) {
  const tables = [
    'customer',
    'customer_ref',
    'customer_order',
    'interaction',
    'customer_event',
    'stale_customer',
    'insight_point',
  ]
  const found = await Promise.all(
    tables.map(async (table) => {
      const column = table === 'customer' ? 'id' : 'customer_id'
      const sql = `SELECT ${column} AS id FROM ${table} WHERE tenant_id = $1 ORDER BY 1`
      return [table, (await world.rows<{ id: string }>(sql, tenantId)).map(({ id }) => id)] as const
    }),
  )
  return Object.fromEntries(found)
}
const allOf = (id: string) => ({
  ...{
    customer: [id],
    customer_ref: [id, id],
    customer_order: [id, id],
    interaction: [id, id],
    customer_event: [id, id],
  },
  ...{ stale_customer: [id], insight_point: [id] },
})
const addPoint = (tenantId: string, id: string) =>
  world.rows(`INSERT INTO insight_point VALUES ($1, $2, 'ENGAGEMENT', '2026-11-21', 1)`, tenantId, id)
const forgetMarks = (tenantId: string) => world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)

/** Two customers of whom both something was thought and nothing is to be computed. */
async function two(tenantId: string) {
  const [from, into] = [await known(tenantId, 'X'), await known(tenantId, 'Y')]
  for (const id of [from, into]) await addPoint(tenantId, id)
  await forgetMarks(tenantId)
  return { from, into }
}

describe('two identities of one person', () => {
  it('become one at a caller’s word, with all that was done', async () => {
    const tenantId = newId()
    const { from, into } = await two(tenantId)
    expect(await send(merge, tenantId, { fromId: from.toUpperCase(), intoId: into })).toBe(into)
    expect(await holders(tenantId)).toEqual(allOf(into))
    expect(await send(merge, tenantId, { fromId: from, intoId: into })).toEqual(['NOT_FOUND input fromId'])
    // A source that knows the first goes on with the second.
    await world.ingest(tenantId, [anOrder({ externalId: 'next', customer: { externalId: 'X' } })])
    expect((await ownersOf(world, tenantId)).orders['next']).toBe(into)
  })

  it('become one at Support’s word, also where the second was never heard of, once', async () => {
    for (const isKnown of [true, false]) {
      const tenantId = newId()
      const { from, into: other } = await two(tenantId)
      const intoId = isKnown ? other : newId()
      const merged: NewEvent = {
        ...{ tenantId, type: 'customer.merged', occurredAt: world.clock.now() },
        payload: { fromId: from, intoId },
      }
      await world.hear(merged)
      const after = await holders(tenantId)
      if (isKnown) expect(after).toEqual(allOf(intoId))
      else expect(after['customer_order']).toEqual([intoId, other].toSorted())
      expect(after['stale_customer']).toEqual([intoId])
      await world.hear(merged, saved(tenantId, intoId, 'X'))
      expect(await holders(tenantId)).toEqual(after)
    }
  })

  it('become one when Support names the reference of the other', async () => {
    const tenantId = newId()
    const { from, into } = await two(tenantId)
    await world.hear(saved(tenantId, into, 'X'))
    expect(await holders(tenantId)).toEqual(allOf(into))
    expect(from).not.toBe(into)
  })

  it('keep the earlier day, and what either source knew', async () => {
    const tenantId = newId()
    const { from, into } = await two(tenantId)
    const days = ['2020-01-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z']
    const [first, second] = [
      { a: 1, b: 1 },
      { b: 2, c: 2 },
    ]
    await send(sync, tenantId, {
      source: 'shop',
      externalId: 'X',
      firstSeenAt: days[0],
      countryCode: 'FR',
      attributes: first,
    })
    await send(sync, tenantId, {
      source: 'shop',
      externalId: 'Y',
      firstSeenAt: days[1],
      countryCode: 'DE',
      attributes: second,
    })
    await send(merge, tenantId, { fromId: from, intoId: into })
    expect(await said(tenantId)).toEqual([{ id: into, at: days[0], country: 'DE', attributes: { a: 1, b: 2, c: 2 } }])
  })

  it('are two, known, and of one tenant', async () => {
    const [tenantId, other] = [newId(), newId()]
    const { from, into } = await two(tenantId)
    const before = await holders(tenantId)
    expect(await send(merge, tenantId, { fromId: from, intoId: from })).toEqual(['INVALID input intoId'])
    expect(await send(merge, tenantId, { fromId: from, intoId: newId() })).toEqual(['NOT_FOUND input intoId'])
    expect(await send(merge, tenantId, { fromId: 'X', intoId: into })).toEqual(['NOT_FOUND input fromId'])
    expect(await send(merge, other, { fromId: from, intoId: into })).toEqual(['NOT_FOUND input fromId'])
    expect(await send(merge, tenantId, { fromId: from, intoId: into }, 'MANAGER')).toEqual(['FORBIDDEN'])
    expect(await send(merge, tenantId, { fromId: from, intoId: into }, 'ADMIN', {})).toEqual(['UNAUTHENTICATED'])
    await world.hear({
      tenantId: other,
      type: 'customer.merged',
      occurredAt: world.clock.now(),
      payload: { fromId: from, intoId: into },
    })
    expect(await holders(tenantId)).toEqual(before)
  })
})

const said = async (tenantId: string) => {
  const rows = await world.rows<{ id: string; at: Date | null; country: string | null; attributes: object | null }>(
    `SELECT id, first_seen_at AS at, country_code AS country, attributes FROM customer WHERE tenant_id = $1 ORDER BY id`,
    tenantId,
  )
  return rows.map((row) => ({ ...row, at: row.at && row.at.toISOString() }))
}

describe('what a source knows of a customer', () => {
  const ref = { source: 'shop', externalId: 'X' }

  it('is taken over, as far as it is given, and Support hears of a new one once', async () => {
    const tenantId = newId()
    const id = customerIdOf(tenantId, 'shop', 'X')
    const at = '2024-02-29T12:00:00.000Z'
    expect(
      await send(sync, tenantId, { ...ref, firstSeenAt: at, countryCode: 'fr', attributes: { tier: 'gold', n: 1 } }),
    ).toBe(id)
    expect(await said(tenantId)).toEqual([{ id, at, country: 'FR', attributes: { tier: 'gold', n: 1 } }])
    await forgetMarks(tenantId)
    expect(await send(sync, tenantId, { ...ref, countryCode: 'FR' })).toBe(id)
    expect((await holders(tenantId))['stale_customer']).toEqual([])
    expect(await send(sync, tenantId, { ...ref, countryCode: null, attributes: { tier: null } })).toBe(id)
    expect(await said(tenantId)).toEqual([{ id, at, country: null, attributes: { tier: null } }])
    expect((await holders(tenantId))['stale_customer']).toEqual([id])
    await send(sync, tenantId, { ...ref, attributes: null })
    expect(await said(tenantId)).toEqual([{ id, at, country: null, attributes: null }])
    const seen = await world.rows<{ payload: object }>('SELECT payload FROM outbox WHERE tenant_id = $1', tenantId)
    expect(seen).toEqual([{ payload: { customerId: id, refs: [ref] } }])
  })

  it('may be of a customer whom we named', async () => {
    const [tenantId, id] = [newId(), newId()]
    await world.hear(saved(tenantId, id, 'other'))
    expect(await send(sync, tenantId, { ...ref, customerId: id.toUpperCase() })).toBe(id)
    expect(await send(sync, tenantId, { ...ref, customerId: id })).toBe(id)
    expect(await send(sync, tenantId, { ...ref })).toBe(id)
    expect(await send(sync, tenantId, { ...ref, customerId: newId() })).toEqual(['CONFLICT input customerId'])
    const seen = await world.rows<{ payload: object }>('SELECT payload FROM outbox WHERE tenant_id = $1', tenantId)
    expect(seen).toEqual([{ payload: { customerId: id, refs: [ref] } }])
  })

  it('is refused where it cannot be', async () => {
    const tenantId = newId()
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key ${n}`, n]))
    const cases: [object, string][] = [
      [{ source: '' }, 'INVALID input source'],
      [{ externalId: '' }, 'REQUIRED input externalId'],
      [{ customerId: 'X' }, 'INVALID input customerId'],
      [{ firstSeenAt: '2030-01-01T00:00:00.000Z' }, 'INVALID input firstSeenAt'],
      ...['', 'F', 'FRA', 'UK', 'ZZ', 'EU', '12'].map((countryCode): [object, string] => [
        { countryCode },
        'INVALID input countryCode',
      ]),
      [{ attributes: ['gold'] }, 'INVALID input attributes'],
      [{ attributes: { tier: { is: 'gold' } } }, 'INVALID input attributes tier'],
      [{ attributes: { '': 1 } }, 'REQUIRED input attributes'],
      [{ attributes: { long: 'x'.repeat(10_001) } }, 'TOO_LONG input attributes'],
      [{ attributes: many }, 'LIMIT_EXCEEDED input attributes'],
    ]
    for (const [input, refused] of cases) expect(await send(sync, tenantId, { ...ref, ...input })).toEqual([refused])
    expect(await send(sync, tenantId, ref, 'TEAM_LEAD')).toEqual(['FORBIDDEN'])
    expect(await said(tenantId)).toEqual([])
  })
})
