import { derivedId } from '@quimbi/database/ids.ts'
import type { Queue } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** A queue for each priority, most urgent first. */
const priorities = ['URGENT', 'HIGH', 'NORMAL', 'LOW'] as const

/** The id of the queue that a tenant has for a priority, unless it was deleted. */
const defaultQueueId = (tenantId: string, priority: string): string => derivedId(tenantId, 'queue', priority)

/** Gives a tenant its first queues; those that are there stay as they are. */
export async function seedQueues(tx: Db, tenantId: string, now: Date): Promise<void> {
  const data = priorities.map((priority, index) => ({
    tenantId,
    id: defaultQueueId(tenantId, priority),
    name: priority.toLowerCase(),
    priorityOrder: index + 1,
    createdAt: now,
  }))
  await tx.queue.createMany({ data, skipDuplicates: true })
}

/** Gives first queues to a tenant that never had any: the last queue cannot be deleted, so none means never. */
export async function ensureQueues(tx: Db, tenantId: string, now: Date): Promise<void> {
  const any = await tx.queue.findFirst({ where: { tenantId }, select: { id: true } })
  if (!any) await seedQueues(tx, tenantId, now)
}

type Place = Pick<Queue, 'id' | 'teamId'>

/** The queue of a priority; null once it was deleted. */
export async function defaultQueue(tx: Db, tenantId: string, priority: string, now: Date): Promise<Place | null> {
  const id = defaultQueueId(tenantId, priority)
  const find = async () => {
    const [queue] = await tx.$queryRaw<Place[]>`
      SELECT id, team_id AS "teamId" FROM queue WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`
    return queue ?? null
  }
  const queue = await find()
  if (queue) return queue
  await ensureQueues(tx, tenantId, now)
  return find()
}
