import DataLoader from 'dataloader'
import { bySize, byKey, groupBy, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { unknownCustomer } from './customers/service.ts'
import type { Db } from './database.ts'
import { messagePages } from './messages/service.ts'
import { newestTicketIds } from './tickets/service.ts'
import { visibleTickets } from './tickets/visibility.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** Batches what one request loads: one statement for all the rows of a kind. */
export function createLoaders(db: Db, viewer: Viewer) {
  const { tenantId } = viewer
  return {
    tenantById: new DataLoader(async (ids: readonly string[]) => {
      const rows = await db.tenant.findMany({ where: { id: { in: [...ids] } } })
      return ids.map((id) => rows.find((row) => row.id === id) ?? new Error('The tenant is gone.'))
    }),
    agentById: new DataLoader(async (ids: readonly string[]) =>
      byKey(ids, await db.agent.findMany({ where: { tenantId, id: { in: uuids(ids) } } }), ({ id }) => id),
    ),
    // Never null: a customer of whom only the id is known so far is "Unknown", so that what refers to it still stands.
    customerById: new DataLoader(async (ids: readonly string[]) => {
      const rows = await db.customer.findMany({ where: { tenantId, id: { in: uuids(ids) } } })
      return byKey(ids, rows, ({ id }) => id).map((row, index) => row ?? unknownCustomer(tenantId, ids[index] ?? ''))
    }),
    refsByCustomer: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, customerId: { in: uuids(ids) } }
      const rows = await db.customerRef.findMany({ where, orderBy: [{ source: 'asc' }, { externalId: 'asc' }] })
      return groupBy(ids, rows, ({ customerId }) => customerId)
    }),
    openTicketsOfCustomer: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, customerId: { in: uuids(ids) }, status: { not: 'CLOSED' }, ...visibleTickets(viewer) }
      const counts = await db.ticket.groupBy({ by: ['customerId'], where, _count: true })
      return byKey(ids, counts, ({ customerId }) => customerId).map((row) => row?._count ?? 0)
    }),
    ticketById: new DataLoader(async (ids: readonly string[]) => {
      const rows = await db.ticket.findMany({ where: { tenantId, id: { in: uuids(ids) }, ...visibleTickets(viewer) } })
      return byKey(ids, rows, ({ id }) => id)
    }),
    messageById: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, id: { in: uuids(ids) }, ticket: visibleTickets(viewer) }
      return byKey(ids, await db.message.findMany({ where }), ({ id }) => id)
    }),
    lastMessageByTicket: new DataLoader(async (ids: readonly string[]) => {
      const pages = await messagePages(db, tenantId, ids, { limit: 1, newestFirst: true })
      return pages.map(([last]) => last ?? null)
    }),
    /** First messages of many tickets at once. */
    firstMessages: bySize((ids, limit) => messagePages(db, tenantId, ids, { limit })),
    /** Newest tickets of many customers at once. */
    newestTicketIds: bySize((ids, limit) => newestTicketIds(db, viewer, ids, limit)),
  }
}

const uuids = (ids: readonly string[]): string[] => ids.filter(isUuid)
