import { randomUUID } from 'node:crypto'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { createTestDatabase, type TestDatabase } from '@quimbi/testing/databases.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openIntelligenceDatabase, type IntelligenceDatabase } from '../src/database.ts'
import { orderRecord, ordersQuery, type ExportedOrder, type OrderRecord } from '../src/orders/export.ts'
import { ingestOrders } from '../src/orders/ingest.ts'

let store: TestDatabase
let database: IntelligenceDatabase

beforeAll(async () => {
  store = await createTestDatabase('intelligence')
  database = await openIntelligenceDatabase({ url: store.url })
})
afterAll(async () => {
  await database.close()
  await store.drop()
})

const ingest = (tenantId: string, records: readonly OrderRecord[]) =>
  database.transact(tenantId, (tx) => {
    const orders = records.map(({ source: _source, customer, placedAt, status, shipments, ...order }) => ({
      customer,
      order: {
        ...order,
        status: status as 'PAID',
        placedAt: new Date(placedAt),
        shipments: shipments.map((shipment) => ({ ...shipment, updatedAt: new Date(shipment.updatedAt) })),
      },
    }))
    return ingestOrders(
      tx,
      { kind: 'service', service: 'intelligence', tenantId },
      { source: 'shop', orders },
      new Date(),
    )
  })

async function exported(tenantId: string): Promise<OrderRecord[]> {
  const { rows } = await withTenant(tenantId, () => database.appPool.query<ExportedOrder>(ordersQuery))
  return rows.map(orderRecord)
}

const customerId = randomUUID()
const records: OrderRecord[] = [
  {
    source: 'shop',
    externalId: 'a',
    customer: { externalId: 'c1' },
    placedAt: '2026-01-01T10:00:00.123Z',
    status: 'PAID',
    currencyCode: 'EUR',
    total: '12.5',
    discount: '0.0001',
    items: [
      { sku: 'b', title: 'Second "b", first here', quantity: 2, unitPrice: '100', discounted: true },
      { sku: 'a', title: '', category: 'Tea', quantity: 1, unitPrice: '0', discounted: false },
    ],
    shipments: [{ carrier: 'DHL', status: 'IN_TRANSIT', updatedAt: '2026-01-02T00:00:00.000Z' }],
  },
  {
    source: 'shop',
    externalId: 'b',
    customer: { id: customerId },
    placedAt: '2026-01-01T10:00:00.000Z',
    status: 'RETURNED',
    currencyCode: 'EUR',
    total: '0',
    refunded: '3',
    items: [],
    shipments: [],
  },
]

describe('exporting orders', () => {
  it('gives back what was taken in, lines in their order, amounts in one spelling', async () => {
    const tenantId = randomUUID()
    expect(await ingest(tenantId, records)).toMatchObject({ accepted: 2, userErrors: [] })
    expect(await exported(tenantId)).toEqual(records)
  })

  it('comes in the same order from any tenant, and what comes out is known when it comes in again', async () => {
    const [one, two] = [randomUUID(), randomUUID()]
    await ingest(one, records)
    await ingest(two, (await exported(one)).toReversed())
    expect(await exported(two)).toEqual(await exported(one))
    expect(await ingest(one, await exported(one))).toMatchObject({ accepted: 0, updated: 0, duplicates: 2 })
  })

  it('shows nothing of another tenant', async () => {
    await ingest(randomUUID(), records)
    expect(await exported(randomUUID())).toEqual([])
  })
})
