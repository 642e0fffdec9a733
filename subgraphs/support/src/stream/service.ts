import { leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { TicketFilter } from '../../generated/resolvers.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'
import { isReordering, type TicketEntry } from '../log/entries.ts'
import { addressed } from './audience.ts'
import { follow } from './follow.ts'
import type { Hub } from './hub.ts'
import { shownTo } from './visibility.ts'

type Optional<T> = T | null | undefined
type Asking = { viewer: Viewer; db: Db; loaders: Loaders; live: { hub: Hub } }

/**
 * What happens in the viewer's inbox. BAD_USER_INPUT for a filter or cursor of no use, RESYNC_REQUIRED for a cursor older than the log, and
 * once all tickets were ranked anew, of which no event tells each.
 */
export function inboxUpdates(
  { viewer, db, live: { hub } }: Asking,
  { filter, after }: { filter?: Optional<TicketFilter>; after?: Optional<string> },
): AsyncGenerator<TicketEntry, undefined> {
  checkIds(filter)
  const { tenantId } = viewer
  if (viewer.kind === 'service' && viewer.service === 'gateway')
    // The gateway tells all of a tenant's agents: up to two of each entry, with their audiences.
    return untilReordered({ hub, db }, { tenantId, after }, (entry) => addressed(filter, entry))
  return untilReordered({ hub, db }, { tenantId, after }, (entry) => {
    const shown = shownTo(viewer, filter, entry)
    return shown ? [shown] : []
  })
}

type Told = (entry: TicketEntry) => TicketEntry[]

/** What is told of each entry; once the order is another, an error at its place among them. */
function untilReordered(
  means: { hub: Hub; db: Db },
  from: { tenantId: string; after: Optional<string> },
  toldOf: Told,
): AsyncGenerator<TicketEntry, undefined> {
  const show = (entry: TicketEntry) => (isReordering(entry) || toldOf(entry).length > 0 ? entry : null)
  const entries = follow(means, { ...from, show })
  async function* told(): AsyncGenerator<TicketEntry, undefined> {
    for await (const entry of entries) {
      if (isReordering(entry)) throw reordered()
      yield* toldOf(entry)
    }
    return undefined
  }
  return leavable(told(), () => void entries.return(undefined))
}

const reordered = () =>
  codedError('RESYNC_REQUIRED', 'All tickets were ranked anew. Load afresh and subscribe again.', {
    reason: 'REORDERED',
  })

/** What happens to a ticket. NOT_FOUND for one that the viewer may not see. */
export async function ticketUpdates(
  { viewer, db, loaders, live: { hub } }: Asking,
  { ticketId, after }: { ticketId: string; after?: Optional<string> },
): Promise<AsyncGenerator<TicketEntry, undefined>> {
  if (!(await loaders.ticketById.load(ticketId))) throw codedError('NOT_FOUND', 'There is no such ticket.')
  const { tenantId } = viewer
  return follow(
    { hub, db },
    { tenantId, ticketId: ticketId.toLowerCase(), after, show: (entry) => shownTo(viewer, null, entry) },
  )
}

function checkIds(filter: Optional<TicketFilter>): void {
  for (const field of ['assigneeId', 'queueId', 'teamId', 'customerId'] as const) {
    const id = filter?.[field]
    if (id && !isUuid(id)) throw codedError('BAD_USER_INPUT', `${field} is no id.`)
  }
}
