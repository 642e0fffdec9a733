import { byKey, isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import DataLoader from 'dataloader'
import type { Db } from '../database.ts'
import { configOf } from '../tenants/config.ts'
import { visibleTickets } from '../tickets/visibility.ts'
import type { SlaFact } from './clock.ts'

export function createSlaLoaders(db: Db, viewer: Viewer) {
  const { tenantId } = viewer
  return {
    /** What a ticket's clocks count. */
    slaHistoryByTicket: new DataLoader(async (ids: readonly string[]) => {
      const where = { tenantId, ticketId: { in: ids.filter(isUuid) }, ticket: visibleTickets(viewer) }
      const rows = await db.ticketSla.findMany({ where, select: { ticketId: true, history: true } })
      return byKey(ids, rows, ({ ticketId }) => ticketId).map((row) => (row?.history ?? []) as SlaFact[])
    }),
    /** A tenant's policies and calendars, asked for once a request. */
    slaRules: new DataLoader((ids: readonly string[]) =>
      Promise.all(ids.map(async (id) => (await configOf(db, id)).sla)),
    ),
  }
}
