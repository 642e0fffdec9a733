import DataLoader from 'dataloader'
import { bySize, byKey, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { createAgentLoaders } from './agents/loaders.ts'
import { createAlertLoaders } from './alerts/loaders.ts'
import { createAssignmentLoaders } from './assignment/loaders.ts'
import { createContextLoaders } from './context/loaders.ts'
import { createCustomerLoaders } from './customers/loaders.ts'
import type { Db } from './database.ts'
import { createDecisionLoaders } from './decisions/loaders.ts'
import { createLogLoaders } from './log/loaders.ts'
import { createMessageLoaders } from './messages/loaders.ts'
import { createNoteLoaders } from './notes/loaders.ts'
import { createQueueLoaders } from './queues/loaders.ts'
import { createSatisfactionLoaders } from './satisfaction/loaders.ts'
import { createScoringLoaders } from './scoring/loaders.ts'
import { createSlaLoaders } from './sla/loaders.ts'
import { createTeamLoaders } from './teams/loaders.ts'
import { createTicketLoaders } from './tickets/loaders.ts'
import { newestTicketIds, ticketsById } from './tickets/service.ts'
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
    openTicketsOfCustomer: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, customerId: { in: uuids(ids) }, status: { not: 'CLOSED' }, ...visibleTickets(viewer) }
      const counts = await db.ticket.groupBy({ by: ['customerId'], where, _count: true })
      return byKey(ids, counts, ({ customerId }) => customerId).map((row) => row?._count ?? 0)
    }),
    ticketById: new DataLoader(async (ids: readonly string[]) =>
      byKey(ids, await ticketsById(db, viewer, uuids(ids)), ({ id }) => id),
    ),
    /** Newest tickets of many customers at once. */
    newestTicketIds: bySize((ids, limit) => newestTicketIds(db, viewer, ids, limit)),
    ...createTicketLoaders(db, viewer),
    ...createMessageLoaders(db, viewer),
    ...createNoteLoaders(db, viewer),
    ...createQueueLoaders(db, viewer),
    ...createAgentLoaders(db, viewer),
    ...createLogLoaders(db, viewer),
    ...createTeamLoaders(db, viewer),
    ...createAssignmentLoaders(db, viewer),
    ...createCustomerLoaders(db, viewer),
    ...createContextLoaders(db, viewer),
    ...createSatisfactionLoaders(db, viewer),
    ...createScoringLoaders(db, viewer),
    ...createAlertLoaders(db, viewer),
    ...createSlaLoaders(db, viewer),
    ...createDecisionLoaders(db, viewer),
  }
}

const uuids = (ids: readonly string[]): string[] => ids.filter(isUuid)
