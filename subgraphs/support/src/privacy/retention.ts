import type { SupportDatabase } from '../database.ts'
import { dropFiles, removeBytes, type Bytes, type Said } from './said.ts'

const dayMs = 86_400_000
const defaultBatch = 500

/**
 * Empties what was said on tickets that have been closed for longer than their tenant keeps it, in batches; returns how many messages. Who
 * said it, when and by which channel stays; how the ticket was solved goes too, being a sentence of it.
 */
export async function purgeSaid(
  database: Pick<SupportDatabase, 'system' | 'transact'>,
  bytes: Bytes,
  realNow: Date,
  batch = defaultBatch,
): Promise<number> {
  const tenants = await database.system.tenant.findMany({ where: { messageRetentionDays: { not: null } } })
  let purged = 0
  for (const { id, messageRetentionDays, clockOffsetSeconds } of tenants) {
    const before = new Date(realNow.getTime() + clockOffsetSeconds * 1_000 - (messageRetentionDays ?? 0) * dayMs)
    for (let done = batch; done === batch; purged += done) done = await purgeBatch(database, bytes, id, before, batch)
    for (let done = batch; done === batch;) done = await forgetResolutions(database, id, before, batch)
  }
  return purged
}

// What is emptied no longer matches, so that a batch is always the first one. Tickets by their index on when they were closed.
function purgeBatch(
  database: Pick<SupportDatabase, 'transact'>,
  bytes: Bytes,
  tenantId: string,
  before: Date,
  batch: number,
): Promise<number> {
  return database.transact(tenantId, async (tx) => {
    const said = await tx.$queryRaw<Said[]>`
      SELECT m.id, coalesce(m.channel, t.channel) AS channel
      FROM ticket t JOIN message m ON m.tenant_id = t.tenant_id AND m.ticket_id = t.id
      WHERE t.tenant_id = ${tenantId}::uuid AND t.status = 'CLOSED' AND t.closed_at < ${before}::timestamptz
        AND (m.content <> '' OR m.content_html IS NOT NULL
          OR EXISTS (SELECT FROM message_attachment a WHERE a.tenant_id = m.tenant_id AND a.message_id = m.id))
      LIMIT ${batch} FOR NO KEY UPDATE OF t`
    const ids = said.map(({ id }) => id)
    if (ids.length === 0) return 0
    const files = await dropFiles(tx, tenantId, ids)
    await tx.message.updateMany({ where: { tenantId, id: { in: ids } }, data: { content: '', contentHtml: null } })
    await removeBytes(bytes, files, said)
    return ids.length
  })
}

// Not by a change: nothing happened to the ticket that its history should tell.
const forgetResolutions = (
  database: Pick<SupportDatabase, 'transact'>,
  tenantId: string,
  before: Date,
  batch: number,
): Promise<number> =>
  database.transact(
    tenantId,
    (tx) => tx.$executeRaw`
      UPDATE ticket SET resolution = NULL WHERE tenant_id = ${tenantId}::uuid AND id IN (
        SELECT id FROM ticket
        WHERE tenant_id = ${tenantId}::uuid AND status = 'CLOSED' AND closed_at < ${before}::timestamptz AND resolution IS NOT NULL
        LIMIT ${batch} FOR NO KEY UPDATE)`,
  )
