import DataLoader from 'dataloader'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { activePolicies, pastTicketsOf, turnsOf } from './gather.ts'

export function createContextLoaders(db: Db, { tenantId }: Viewer) {
  return {
    turnsByTicket: new DataLoader((ids: readonly string[]) => turnsOf(db, tenantId, ids)),
    pastTicketsByCustomer: new DataLoader((ids: readonly string[]) => pastTicketsOf(db, tenantId, ids)),
    activePolicies: new DataLoader(async (tenants: readonly string[]) => {
      const policies = await activePolicies(db, tenantId)
      return tenants.map(() => policies)
    }),
  }
}
