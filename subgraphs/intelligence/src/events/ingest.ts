import type { Viewer } from '@quimbi/service/viewer.ts'
import { checkBatch, takeIn, type ErrorPolicy, type IngestResult } from '../common/intake.ts'
import type { Db } from '../database.ts'
import { storeEvents } from './store.ts'
import { validateEvents, type CustomerEvent } from './validate.ts'

export type EventBatch = { source: string; events: readonly CustomerEvent[]; errorPolicy?: ErrorPolicy }

/** Takes in what else a shop saw of its customers, by the rules of `ingestInteractions`. */
export async function ingestEvents(
  tx: Db,
  viewer: Viewer,
  { source, events, errorPolicy }: EventBatch,
  now: Date,
): Promise<IngestResult> {
  const { tenantId } = viewer
  checkBatch(viewer, source, 'events', events.length)
  const checked = validateEvents(events, { tenantId, source, now })
  return takeIn(
    tx,
    tenantId,
    {
      ...{ ...checked, source, errorPolicy, size: events.length },
      store: (rows) => storeEvents(tx, tenantId, rows, now),
    },
    now,
  )
}
