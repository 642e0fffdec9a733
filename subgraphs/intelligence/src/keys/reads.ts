import { encodeCursor } from '@quimbi/service/cursors.ts'
import { bySize, groupBy } from '@quimbi/service/loaders.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { placeInTime } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { ApiKeyRead } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { requireManager } from './permissions.ts'
import type { KeyRead } from './read-log.ts'

/** The database checks the outcome. */
export type ListedRead = ApiKeyRead & Pick<KeyRead, 'outcome'>

/** Batches what one request asks of what keys read. */
export const keyLoaders = (db: Db, { tenantId }: Viewer) => ({
  newestKeyReads: bySize((keyIds, limit) => newestReads(db, tenantId, keyIds, limit)),
})

/** What each of the keys was used for last, newest first: one statement for all. */
async function newestReads(db: Db, tenantId: string, keyIds: readonly string[], limit: number) {
  const rows = await db.$queryRaw<ListedRead[]>`
    SELECT r.tenant_id AS "tenantId", r.id, r.key_id AS "keyId", r.at, r.request_id AS "requestId", r.operation_name AS "operationName",
      r.fields, r.customer_ids AS "customerIds", r.customers, r.cost, r.outcome
    FROM unnest(${[...keyIds]}::uuid[]) AS wanted (key_id) CROSS JOIN LATERAL (
      SELECT * FROM api_key_read WHERE tenant_id = ${tenantId}::uuid AND key_id = wanted.key_id ORDER BY at DESC, id DESC LIMIT ${limit}
    ) AS r`
  return groupBy(keyIds, rows, ({ keyId }) => keyId)
}

type Of = { db: Db; loaders: ReturnType<typeof keyLoaders>; viewer: Viewer; keyId: string }

/** What was asked with a key, newest first. @throws UserErrors FORBIDDEN; GraphQLError BAD_USER_INPUT for a page of no list */
export async function listReads(
  { db, loaders, viewer, keyId }: Of,
  page: PageRequest,
): Promise<Connection<ListedRead>> {
  requireManager(viewer)
  const size = pageSize(page.first, { default: 50 })
  const cursorOf = ({ at, id }: ListedRead) => encodeCursor([at.toISOString(), id])
  const place = placeInTime(page.after)
  if (!place) return connection(await loaders.newestKeyReads(size + 1).load(keyId), size, cursorOf)
  const [at, id] = place
  const rows = (await db.apiKeyRead.findMany({
    where: {
      tenantId: viewer.tenantId,
      keyId,
      AND: [{ at: { lte: at } }, { OR: [{ at: { lt: at } }, { id: { lt: id } }] }],
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: size + 1,
  })) as ListedRead[]
  return connection(rows, size, cursorOf, page)
}

/** Takes erased persons out of what was read, of the tenant that the connection is bound to, in the transaction that erases them. */
export const forgetReads = (tx: Db, customerIds: readonly string[]) =>
  tx.$executeRaw`SELECT app.forget_key_reads(${[...customerIds]}::uuid[])`

/** How long it is told what a key read. */
export const keptDays = 90

// By the index on the key and the time: so many at a time, so that nobody waits for a long transaction.
const deleteOldest = `
  DELETE FROM api_key_read WHERE tenant_id = $1::uuid AND at < $3 AND ctid = ANY (ARRAY(
    SELECT ctid FROM api_key_read WHERE tenant_id = $1::uuid AND key_id = $2::uuid AND at < $3 ORDER BY at LIMIT $4::int))`

/** Deletes what all tenants' keys read more than 90 days ago, each batch in a transaction of its own; how many. */
export async function purgeReads(system: Db, now: Date, batchSize = 5_000): Promise<number> {
  const before = new Date(now.getTime() - keptDays * 86_400_000)
  const keys = await system.apiKey.findMany({ select: { tenantId: true, id: true } })
  let deleted = 0
  for (const { tenantId, id } of keys)
    for (let count = batchSize; count === batchSize; deleted += count)
      count = await system.$executeRawUnsafe(deleteOldest, tenantId, id, before, batchSize)
  return deleted
}
