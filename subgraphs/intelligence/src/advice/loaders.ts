import DataLoader from 'dataloader'
import type { Clock } from '@quimbi/service/clock.ts'
import { byKey } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import type { CustomerHistory } from '../features/history.ts'
import { requireScope } from '../keys/service.ts'
import { historiesOf } from '../profiles/histories.ts'
import { rhythmOf, type Rhythm } from './rhythm.ts'

/** Batches what one request asks of what customers did. */
export function adviceLoaders(db: Db, viewer: Viewer, clock: Clock) {
  const { tenantId } = viewer
  return {
    historyByCustomer: new DataLoader<string, CustomerHistory | null>(async (ids) => {
      requireScope(viewer, 'insight:read')
      const asked = ids.map((id) => id.toLowerCase())
      return byKey(asked, await historiesOf(db, tenantId, asked), ({ customerId }) => customerId)
    }),
    /** The tenant's rhythm by time zone. */
    rhythmIn: new DataLoader<string, Rhythm>((zones) =>
      Promise.all(zones.map((zone) => rhythmOf(db, tenantId, zone, clock.now()))),
    ),
  }
}
