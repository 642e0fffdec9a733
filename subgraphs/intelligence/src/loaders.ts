import DataLoader from 'dataloader'
import type { Clock } from '@quimbi/service/clock.ts'
import { bySize, byKey, groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { adviceLoaders } from './advice/loaders.ts'
import { draftsById } from './assistant/drafts/store.ts'
import { behaviorOf, orderSums } from './customers/behavior.ts'
import type { Db } from './database.ts'
import { keyLoaders } from './keys/reads.ts'
import { newestOrders } from './orders/service.ts'
import { profileLoaders } from './profiles/loaders.ts'
import { tenantCurrency } from './tenants/service.ts'

export type Loaders = ReturnType<typeof createLoaders>

const uuids = (ids: readonly string[]): string[] => ids.filter(isUuid)

/** Batches what one request loads: one statement for all the rows of a kind. */
export function createLoaders(db: Db, viewer: Viewer, clock: Clock) {
  const { tenantId } = viewer
  return {
    ...profileLoaders(db, viewer, clock),
    ...adviceLoaders(db, viewer, clock),
    ...keyLoaders(db, viewer),
    behaviorByCustomer: new DataLoader(async (ids: readonly string[]) => {
      const [currency, sums] = await Promise.all([tenantCurrency(db, tenantId), orderSums(db, tenantId, uuids(ids))])
      const now = clock.now()
      return byKey(ids, sums, ({ customerId }) => customerId).map((of) =>
        currency ? behaviorOf(of, currency, now) : null,
      )
    }),
    refsByCustomer: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, customerId: { in: uuids(ids) } }
      const rows = await db.customerRef.findMany({ where, orderBy: [{ source: 'asc' }, { externalId: 'asc' }] })
      return groupBy(ids, rows, ({ customerId }) => customerId)
    }),
    orderById: new DataLoader(async (ids: readonly string[]) =>
      byKey(ids, await db.order.findMany({ where: { tenantId, id: { in: uuids(ids) } } }), ({ id }) => id),
    ),
    draftById: new DataLoader(async (ids: readonly string[]) =>
      byKey(ids, await draftsById(db, tenantId, ids), ({ id }) => id),
    ),
    itemsByOrder: new DataLoader(async (ids: readonly string[]) => {
      const rows = await db.orderItem.findMany({
        where: { tenantId, orderId: { in: [...ids] } },
        orderBy: { line: 'asc' },
      })
      return groupBy(ids, rows, ({ orderId }) => orderId)
    }),
    shipmentsByOrder: new DataLoader(async (ids: readonly string[]) => {
      const rows = await db.shipment.findMany({
        where: { tenantId, orderId: { in: [...ids] } },
        orderBy: { line: 'asc' },
      })
      return groupBy(ids, rows, ({ orderId }) => orderId)
    }),
    /** Newest orders of many customers at once. */
    newestOrders: bySize((ids, limit) => newestOrders(db, tenantId, ids, limit)),
  }
}
