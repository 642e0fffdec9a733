import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personOf } from '../src/customers/person.ts'
import { anOrder, openWorld, startOfTime, type World } from './kit.ts'

let world: World
const tenantId = newId()
let customerId: string
beforeAll(async () => {
  world = await openWorld()
  await world.ingest(tenantId, [anOrder({ externalId: 'O-1' }), anOrder({ customer: { externalId: 'C-2' } })])
  const [row] = await world.rows<{ id: string }>(`SELECT customer_id AS id FROM customer_ref WHERE external_id = 'C-1'`)
  customerId = row!.id
  const facts = await world.agent(tenantId)
  const customer = { externalId: 'C-1' }
  const interaction = { externalId: 'i1', channel: 'EMAIL', at: startOfTime, kind: 'SURVEY', sentiment: 0.7 }
  await world.ask(
    `mutation ($input: IngestInteractionsInput!) { ingestInteractions(input: $input) { accepted } }`,
    { input: { source: 'mailer', interactions: [{ customer: { id: customerId }, interaction }] } },
    facts,
  )
  const event = { externalId: 'e1', at: startOfTime, name: 'page_view', properties: { page: '/mugs' } }
  await world.ask(
    `mutation ($input: IngestEventsInput!) { ingestEvents(input: $input) { accepted } }`,
    { input: { source: 'shop', events: [{ customer, event }] } },
    facts,
  )
  await world.module.settle()
})
afterAll(() => world.close())

const known = () => personOf(world.database.forTenant(tenantId), tenantId, customerId)

describe('all that is known of a person', () => {
  it('is told, and nothing of anybody else', async () => {
    const person = await known()
    expect(person).toMatchObject({
      customer: { id: customerId },
      references: expect.arrayContaining([expect.objectContaining({ source: 'shop', external_id: 'C-1' })]) as object[],
      orders: [{ external_id: 'O-1', items: [{ sku: 'MUG-07' }], shipments: [{ tracking_number: 'PP1' }] }],
      interactions: [{ external_id: 'i1', sentiment: 0.7 }],
      events: [{ name: 'page_view', properties: { page: '/mugs' } }],
      insight: { status: 'READY', churn_risk: expect.any(Number) as number },
      history: expect.arrayContaining([expect.objectContaining({ metric: 'CHURN_RISK' })]) as object[],
    })
    expect(JSON.stringify(person)).not.toMatch(/C-2|tenant_id/)
  })

  it('is told out of every table that has something of a customer', async () => {
    const tables = await world.rows<{ name: string }>(
      `SELECT c.table_name AS name FROM information_schema.columns c
       WHERE c.table_schema = 'public' AND c.column_name = 'customer_id' ORDER BY 1`,
    )
    const [told, marks] = [
      [
        ...['action_outcome', 'customer_event', 'customer_insight', 'customer_merge', 'customer_order', 'customer_ref'],
        ...['draft', 'insight_point', 'insight_webhook_delivery', 'interaction'],
      ],
      // That something is to be computed anew, and since when a figure moves, is nothing of the person.
      ['stale_customer', 'insight_webhook_sum'],
    ]
    expect(tables.map(({ name }) => name)).toEqual([...told, ...marks].toSorted())
  })

  it('is nothing of who is not known, and another tenant’s to nobody', async () => {
    expect(await personOf(world.database.forTenant(tenantId), tenantId, newId())).toBeNull()
    const other = newId()
    expect(await personOf(world.database.forTenant(other), other, customerId)).toBeNull()
    expect(await personOf(world.database.forTenant(other), tenantId, customerId)).toBeNull()
  })
})
