import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Queue } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** A queue of the tenant; NOT_FOUND otherwise. */
export async function queueOf(tx: Db, tenantId: string, id: string, path: string[]): Promise<Queue> {
  const queue = isUuid(id) && (await tx.queue.findFirst({ where: { tenantId, id } }))
  return queue || refuse('NOT_FOUND', 'There is no such queue.', path)
}

/** What putting a ticket into a queue sets: a queue that a team serves hands it to that team. Null takes it from its queue. Pure. */
export function placedIn(queue: Pick<Queue, 'id' | 'teamId'> | null): { queueId: string | null; teamId?: string } {
  if (queue === null) return { queueId: null }
  return queue.teamId === null ? { queueId: queue.id } : { queueId: queue.id, teamId: queue.teamId }
}
