import type { Viewer } from '@quimbi/service/viewer.ts'
import { checkBatch, takeIn, type ErrorPolicy, type IngestResult } from '../common/intake.ts'
import type { Db } from '../database.ts'
import { storeInteractions } from './store.ts'
import { validateInteractions, type CustomerInteraction } from './validate.ts'

export type InteractionBatch = {
  source: string
  interactions: readonly CustomerInteraction[]
  errorPolicy?: ErrorPolicy
}

/**
 * Takes in what happened between customers and the shop. Idempotent: the id is derived from tenant, source and external id. A constant
 * number of statements whatever the size. Customers met for the first time are announced in the same transaction.
 * @throws UserErrors
 */
export async function ingestInteractions(
  tx: Db,
  viewer: Viewer,
  { source, interactions, errorPolicy }: InteractionBatch,
  now: Date,
): Promise<IngestResult> {
  const { tenantId } = viewer
  checkBatch(viewer, source, 'interactions', interactions.length)
  const checked = validateInteractions(interactions, { tenantId, source, now })
  return takeIn(
    tx,
    tenantId,
    {
      ...{ ...checked, source, errorPolicy, size: interactions.length },
      store: (rows) => storeInteractions(tx, tenantId, rows, now),
    },
    now,
  )
}
