import type { Bus } from '@quimbi/events/bus.ts'
import { encodeRevision, revisionChannel, type Revision } from '@quimbi/events/revisions.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import { repricedTenants } from '../models/registry.ts'
import type { Announcing } from './revised.ts'

const everybody: Revision = { tenantId: null, customerIds: null }

/** How long until it is tried again to say what the bus did not take. */
const againMs = 1_000

/**
 * Says on the bus what was revised. What is lost to a bus that is away, or to a process that ends between a commit and its word, is made good: once the
 * bus is back and at each start it concerns everybody; and whoever was marked is told of again when their insight is computed.
 */
export function announceRevisions(database: Announcing, bus: Bus): Background {
  let retry: NodeJS.Timeout | undefined

  async function tell(revision: Revision): Promise<void> {
    if (await bus.publish(revisionChannel, encodeRevision(revision))) return
    retry ??= setTimeout(() => {
      retry = undefined
      void tell(everybody)
    }, againMs).unref()
  }

  const unsubscribe = database.onRevised(tell)
  const onRepriced = (tenantId: unknown) => void tell({ tenantId: String(tenantId), customerIds: null })
  repricedTenants.subscribe(onRepriced)
  return {
    name: 'revisions',
    start: () => tell(everybody),
    async stop() {
      unsubscribe()
      repricedTenants.unsubscribe(onRepriced)
      clearTimeout(retry)
    },
  }
}
