import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockContent } from '../attachments/service.ts'
import type { FileKey, FileStore } from '../attachments/store.ts'
import type { Db } from '../database.ts'

/** A message whose content goes, and the channel by which it went. */
export type Said = { id: string; channel: string }

// Nobody deletes a message: answers, clocks and counts hang on it. What was about to go out does not any more.
/** Empties messages: what they say, who they are from or to by name and address, and the channel's ids of them. */
export async function emptyMessages(tx: Db, tenantId: string, ids: readonly string[], now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE message SET content = '', content_html = NULL, author_email = NULL, recipient = NULL, external_id = NULL, last_error = NULL,
      author_name = CASE WHEN from_agent THEN author_name ELSE 'Erased customer' END,
      deleted_at = CASE WHEN delivery_status IN ('HELD', 'QUEUED') THEN coalesce(deleted_at, ${now}::timestamptz) ELSE deleted_at END,
      delivery_status = CASE delivery_status WHEN 'HELD' THEN 'RECALLED' WHEN 'QUEUED' THEN 'RECALLED' WHEN 'SENDING' THEN 'FAILED'
        ELSE delivery_status END,
      next_attempt_at = NULL, undo_until = NULL
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[])`
}

/** Takes all files off messages and forgets those that are on no other; resolves to what of their bytes nothing refers to any more. */
export async function dropFiles(tx: Db, tenantId: string, messageIds: readonly string[]): Promise<FileKey[]> {
  const links = await tx.messageAttachment.findMany({
    where: { tenantId, messageId: { in: [...messageIds] } },
    include: { attachment: { select: { sha256: true } } },
  })
  if (links.length === 0) return []
  // In one order everywhere, so that two that drop the same files wait for each other and do not deadlock.
  const hashes = [...new Set(links.map(({ attachment }) => attachment.sha256))].toSorted()
  for (const sha256 of hashes) await lockContent(tx, { tenantId, sha256 })
  await tx.messageAttachment.deleteMany({ where: { tenantId, messageId: { in: [...messageIds] } } })
  const ids = links.map(({ attachmentId }) => attachmentId)
  await tx.attachment.deleteMany({ where: { tenantId, id: { in: ids }, messages: { none: {} } } })
  const left = await tx.attachment.findMany({ where: { tenantId, sha256: { in: hashes } }, select: { sha256: true } })
  const kept = new Set(left.map(({ sha256 }) => sha256))
  return hashes.filter((sha256) => !kept.has(sha256)).map((sha256) => ({ tenantId, sha256 }))
}

/** Where bytes lie that are no rows: the store of attachments, and the folder of what went out where no channel is configured. */
export type Bytes = { store: Pick<FileStore, 'remove'>; filesDir: string }

/** Deletes bytes. Last in a transaction: what it finds gone already it leaves, so that it may be run again. */
export async function removeBytes(
  { store, filesDir }: Bytes,
  files: readonly FileKey[],
  said: readonly Said[],
): Promise<void> {
  for (const file of files) await store.remove(file)
  for (const { id, channel } of said)
    await rm(join(filesDir, 'outbox', channel.toLowerCase(), `${id}.json`), { force: true })
}
