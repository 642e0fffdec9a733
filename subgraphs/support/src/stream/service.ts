import { leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { TicketFilter } from '../../generated/resolvers.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'
import type { TicketEntry } from '../log/entries.ts'
import { addressed, type AddressedEntry } from './audience.ts'
import { follow } from './follow.ts'
import type { Hub } from './hub.ts'
import { shownTo } from './visibility.ts'

type Optional<T> = T | null | undefined
type Asking = { viewer: Viewer; db: Db; loaders: Loaders; live: { hub: Hub } }

/** What happens in the viewer's inbox. BAD_USER_INPUT for a filter or cursor of no use, RESYNC_REQUIRED for a cursor older than the log. */
export function inboxUpdates(
  { viewer, db, live: { hub } }: Asking,
  { filter, after }: { filter?: Optional<TicketFilter>; after?: Optional<string> },
): AsyncGenerator<TicketEntry, undefined> {
  checkIds(filter)
  const { tenantId } = viewer
  if (viewer.kind === 'service' && viewer.service === 'gateway')
    return forEverybody({ hub, db }, { tenantId, after, filter })
  return follow({ hub, db }, { tenantId, after, show: (entry) => shownTo(viewer, filter, entry) })
}

/** The same for the gateway, which tells all of a tenant's agents: up to two of each entry, with their audiences. */
function forEverybody(
  means: { hub: Hub; db: Db },
  { tenantId, after, filter }: { tenantId: string; after: Optional<string>; filter: Optional<TicketFilter> },
): AsyncGenerator<AddressedEntry, undefined> {
  const show = (entry: TicketEntry) => (addressed(filter, entry).length > 0 ? entry : null)
  const entries = follow(means, { tenantId, after, show })
  async function* told(): AsyncGenerator<AddressedEntry, undefined> {
    for await (const entry of entries) yield* addressed(filter, entry)
    return undefined
  }
  return leavable(told(), () => void entries.return(undefined))
}

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
