import { isCurrency } from '@quimbi/service/currency.ts'
import { UserErrors, refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { checkBatch, type ErrorPolicy, type IngestResult } from '../common/intake.ts'
import { meetCustomers } from '../customers/meet.ts'
import type { Db } from '../database.ts'
import { markStale } from '../profiles/stale.ts'
import { settleCurrency, tenantCurrency } from '../tenants/service.ts'
import { storeOrders } from './store.ts'
import type { CustomerOrder } from './types.ts'
import { validateOrders } from './validate.ts'

/** Most lines (items and parcels) that one call takes in all. */
export const maxBatchLines = 50_000

export type OrderBatch = {
  source: string
  orders: readonly CustomerOrder[]
  errorPolicy?: ErrorPolicy
}

/**
 * Takes in a batch of orders. Idempotent: the id is derived from tenant, source and external id, and an order with the
 * same fingerprint is left alone. A constant number of statements whatever the size. Customers met for the first time
 * are announced in the same transaction.
 */
export async function ingestOrders(
  tx: Db,
  viewer: Viewer,
  { source, orders, errorPolicy }: OrderBatch,
  now: Date,
): Promise<IngestResult> {
  const { tenantId } = viewer
  checkBatch(viewer, source, 'orders', orders.length)
  const lines = orders.reduce((sum, { order }) => sum + (order.items?.length ?? 0) + (order.shipments?.length ?? 0), 0)
  if (lines > maxBatchLines)
    refuse('LIMIT_EXCEEDED', `At most ${maxBatchLines} order lines a call.`, ['input', 'orders'])
  if (orders.length === 0) return { accepted: 0, updated: 0, duplicates: 0, userErrors: [] }

  const known = await tenantCurrency(tx, tenantId)
  const currencyCode = known ?? orders.map(({ order }) => order.currencyCode).find(isCurrency) ?? null
  const { valid, errors } = validateOrders(orders, { tenantId, source, currencyCode, now })
  if (errors.length > 0 && errorPolicy !== 'SKIP_FAILED') throw new UserErrors(errors)
  // Of orders that are all refused nothing stays, their currency neither.
  if (currencyCode !== null && known === null && valid.length > 0) await settleCurrency(tx, tenantId, currencyCode)
  const customerIds = await meetCustomers(
    tx,
    { tenantId, source, now },
    valid.map(({ customer }) => customer),
  )
  const { accepted, updated, changed } = await storeOrders(tx, tenantId, valid, customerIds, now)
  await markStale(tx, tenantId, changed, now)
  return { accepted, updated, duplicates: orders.length - errors.length - accepted - updated, userErrors: errors }
}
