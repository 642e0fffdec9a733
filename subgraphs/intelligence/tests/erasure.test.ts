import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import type { NewEvent } from '@quimbi/events/outbox.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingestEvents } from '../src/events/ingest.ts'
import { ingestInteractions } from '../src/interactions/ingest.ts'
import { anOrder, openWorld, refusals, saved, service, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const erase = /* GraphQL */ `
  mutation ($input: EraseCustomerInsightInput!) {
    eraseCustomerInsight(input: $input) {
      accepted
      updated
      duplicates
      userErrors {
        code
        path
      }
    }
  }
`
type Payload = { eraseCustomerInsight: { accepted: number; updated: number; duplicates: number; userErrors: [] } }

/** How many facts went, or what was refused. */
async function send(tenantId: string, input: object, role: AgentRole = 'ADMIN') {
  const { data } = await world.ask<Payload>(erase, { input }, await world.agent(tenantId, role))
  if (!data) throw new Error('no data')
  const { updated, userErrors } = data.eraseCustomerInsight
  return userErrors.length > 0 ? refusals(userErrors) : updated
}

/** A fact of each kind, of one customer. */
async function facts(tenantId: string, source: string, customer: { id: string } | { externalId: string }) {
  const [at, now] = [world.clock.now(), world.clock.now()]
  await world.ingest(tenantId, [anOrder({ customer })], { source })
  await world.database.transact(tenantId, async (tx) => {
    const interaction = { externalId: newId(), channel: 'EMAIL', kind: 'EMAIL_OPEN', at } as const
    await ingestInteractions(tx, service(tenantId), { source, interactions: [{ customer, interaction }] }, now)
    await ingestEvents(
      tx,
      service(tenantId),
      { source, events: [{ customer, event: { externalId: newId(), name: 'visit', at } }] },
      now,
    )
  })
}

/** A customer whom two sources know, and of whom something is thought. */
async function known(tenantId: string): Promise<string> {
  const id = customerIdOf(tenantId, 'shop', 'X')
  await facts(tenantId, 'shop', { externalId: 'X' })
  await facts(tenantId, 'till', { id })
  await world.rows(
    `INSERT INTO customer_insight (tenant_id, customer_id, status, as_of, models_version, feature_version, orders, events, profile)
     VALUES ($1, $2, 'READY', now(), 1, '1', 1, 1, '{}')`,
    ...[tenantId, id],
  )
  await world.rows(`INSERT INTO insight_point VALUES ($1, $2, 'ENGAGEMENT', '2026-11-21', 1)`, tenantId, id)
  await world.module.sequence()
  return id
}

const tables = [
  'customer',
  'customer_ref',
  'customer_order',
  'interaction',
  'customer_event',
  'stale_customer',
  'customer_insight',
  'insight_point',
]

/** How many rows there are of a customer, by table; those without any are left out. */
async function rowsOf(tenantId: string, id: string): Promise<Record<string, number>> {
  const counts = await Promise.all(
    tables.map(async (table) => {
      const column = table === 'customer' ? 'id' : 'customer_id'
      const sql = `SELECT 1 FROM ${table} WHERE tenant_id = $1 AND ${column} = $2`
      return [table, (await world.rows(sql, tenantId, id)).length] as const
    }),
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** What the log and what waits for it say of customers, oldest first; null where it was erased. */
async function told(tenantId: string) {
  await world.module.sequence()
  const rows = await world.rows<{ type: string; payload: unknown; salted: boolean }>(
    'SELECT type, payload, salt IS NOT NULL AS salted FROM event_log WHERE tenant_id = $1 ORDER BY sequence',
    tenantId,
  )
  return rows.map(({ type, payload, salted }) => [type, payload, salted])
}

const erased = (tenantId: string, customerId: string): NewEvent => ({
  ...{ tenantId, type: 'customer.erased', occurredAt: world.clock.now(), payload: { customerId } },
})

const other = { customer: 1, customer_ref: 1, customer_order: 1, interaction: 1, customer_event: 1, stale_customer: 1 }

describe('a person who asked Support to be forgotten', () => {
  it('leaves nothing here, neither in tables nor in the log; others stay', async () => {
    const [tenantId, another] = [newId(), newId()]
    const id = await known(tenantId)
    await facts(tenantId, 'shop', { externalId: 'Y' })
    const elsewhere = await known(another)
    await world.hear(erased(tenantId, id))
    expect(await rowsOf(tenantId, id)).toEqual({})
    expect(await rowsOf(tenantId, customerIdOf(tenantId, 'shop', 'Y'))).toEqual(other)
    const refs = [{ source: 'shop', externalId: 'Y' }]
    expect(await told(tenantId)).toEqual([
      ['customer.seen', null, false],
      ['customer.seen', { customerId: customerIdOf(tenantId, 'shop', 'Y'), refs }, true],
    ])
    expect(await rowsOf(another, elsewhere)).toMatchObject({ customer: 1, customer_order: 2, customer_insight: 1 })
    expect(await told(another)).toMatchObject([['customer.seen', { customerId: elsewhere }, true]])
    const items = await world.rows('SELECT 1 FROM order_item WHERE tenant_id = $1', tenantId)
    expect(items).toHaveLength(1)
    await world.hear(erased(tenantId, id))
    expect(await rowsOf(tenantId, id)).toEqual({})
  })

  it('does not come back by what is still said of their tickets', async () => {
    const [tenantId, id, ticketId] = [newId(), newId(), newId()]
    const about = { ticketId, customerId: id, channel: 'EMAIL' as const, isDemo: false }
    const occurredAt = world.clock.now()
    await world.hear(saved(tenantId, id, 'X'), { tenantId, type: 'ticket.opened', occurredAt, payload: about })
    expect(await rowsOf(tenantId, id)).toMatchObject({ customer: 1, interaction: 1 })
    await world.hear(
      erased(tenantId, id),
      { tenantId, type: 'ticket.closed', occurredAt, payload: about },
      { tenantId, type: 'satisfaction.recorded', occurredAt, payload: { ...about, score: 5 } },
      { tenantId, type: 'message.received', occurredAt, payload: { ...about, messageId: newId() } },
    )
    expect(await rowsOf(tenantId, id)).toEqual({})
  })

  it('is a stranger to a source that names them again', async () => {
    const [tenantId, id] = [newId(), newId()]
    await world.hear(saved(tenantId, id, 'X'), erased(tenantId, id))
    await facts(tenantId, 'shop', { externalId: 'X' })
    expect(await rowsOf(tenantId, id)).toEqual({})
    expect(await rowsOf(tenantId, customerIdOf(tenantId, 'shop', 'X'))).toEqual(other)
  })
})

describe('what is known of a customer', () => {
  const gone = (id: string) => ({ customerId: id, churnRisk: null, ltv: null, archetype: null })

  it('can be forgotten as a whole; who was told of insight hears that there is none', async () => {
    const tenantId = newId()
    const id = await known(tenantId)
    expect(await send(tenantId, { customer: { id } })).toBe(6)
    expect(await rowsOf(tenantId, id)).toEqual({})
    expect(await told(tenantId)).toMatchObject([
      ['customer.seen', null, false],
      ['insight.changed', gone(id), true],
    ])
    expect(await send(tenantId, { customer: { id } })).toEqual(['NOT_FOUND input customer id'])
  })

  it('can be forgotten as far as one source said it; the insight is computed anew', async () => {
    const tenantId = newId()
    const id = await known(tenantId)
    await world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)
    expect(await send(tenantId, { customer: { externalId: 'X' }, source: 'shop' })).toBe(3)
    const left = { customer: 1, customer_order: 1, interaction: 1, customer_event: 1, stale_customer: 1 }
    expect(await rowsOf(tenantId, id)).toEqual(left)
    expect(await told(tenantId)).toMatchObject([
      ['customer.seen', null, false],
      ['insight.changed', gone(id), true],
    ])
    expect(await send(tenantId, { customer: { id }, source: 'till' })).toBe(3)
    expect(await rowsOf(tenantId, id)).toEqual({})
  })

  it('is forgotten at an admin’s word alone, of a customer who can be found in the tenant', async () => {
    const [tenantId, another] = [newId(), newId()]
    const id = await known(tenantId)
    const before = await rowsOf(tenantId, id)
    const ref = { externalId: 'X' }
    expect(await send(tenantId, { customer: { id } }, 'MANAGER')).toEqual(['FORBIDDEN'])
    expect(await send(another, { customer: { id } })).toEqual(['NOT_FOUND input customer id'])
    expect(await send(another, { customer: ref, source: 'shop' })).toEqual(['NOT_FOUND input customer externalId'])
    expect(await send(tenantId, { customer: ref, source: 'till' })).toEqual(['NOT_FOUND input customer externalId'])
    expect(await send(tenantId, { customer: ref })).toEqual(['REQUIRED input source'])
    expect(await send(tenantId, { customer: ref, source: '' })).toEqual(['INVALID input source'])
    expect(await send(tenantId, { customer: {} })).toEqual(['REQUIRED input customer'])
    expect(await rowsOf(tenantId, id)).toEqual(before)
  })
})
