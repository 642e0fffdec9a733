import DataLoader from 'dataloader'
import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { findCustomers } from './find.ts'
import { unknownCustomer } from './service.ts'

/** Customers, and their ids in other systems. */
export const createCustomerLoaders = (db: Db, { tenantId }: Viewer) => ({
  // Never null: a customer of whom only the id is known so far is "Unknown", so that what refers to it still stands.
  customerById: new DataLoader(async (ids: readonly string[]) => {
    const found = await findCustomers(db, tenantId, ids)
    return ids.map((id) => found.get(id) ?? unknownCustomer(tenantId, id))
  }),
  refsByCustomer: new DataLoader(async (ids: readonly string[]) => {
    const where = { tenantId, customerId: { in: ids.filter(isUuid) } }
    const rows = await db.customerRef.findMany({ where, orderBy: [{ source: 'asc' }, { externalId: 'asc' }] })
    return groupBy(ids, rows, ({ customerId }) => customerId)
  }),
})
