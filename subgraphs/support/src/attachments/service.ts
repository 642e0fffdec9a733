import { newId } from '@quimbi/database/ids.ts'
import { isRetryable } from '@quimbi/database/outcomes.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Attachment } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import { text } from '../common/text.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { allowedType, maxBytes, safeName } from './names.ts'
import type { FileKey, FileStore } from './store.ts'

export type Announced = {
  /** Up to 1,000 characters; kept without folders and marks, up to 200. */
  fileName: string
  contentType: string
  /** 1 to 26,214,400. */
  byteSize: number
  /** 64 hexadecimal digits. */
  sha256: string
}

/** Announces a file. Where the same content is here already, nothing needs to be uploaded. */
export async function announceFile(tx: Db, viewer: Viewer, input: Announced, now: Date): Promise<Attachment> {
  need(viewer, 'ticket:update_own')
  const { tenantId } = viewer
  const { byteSize } = input
  const contentType = allowedType(input.contentType, ['input', 'contentType'])
  const fileName = safeName(text(input.fileName, { path: ['input', 'fileName'], max: 1_000 }), contentType)
  if (byteSize < 1) refuse('INVALID', 'An empty file is no file.', ['input', 'byteSize'])
  if (byteSize > maxBytes) refuse('LIMIT_EXCEEDED', 'A file has at most 25 MB.', ['input', 'byteSize'])
  if (!/^[\da-f]{64}$/i.test(input.sha256)) refuse('INVALID', 'sha256 has 64 hexadecimal digits.', ['input', 'sha256'])
  const sha256 = input.sha256.toLowerCase()
  await lockContent(tx, { tenantId, sha256 })
  const same = { tenantId, sha256, byteSize, contentType, uploadedAt: { not: null } }
  const isHere = (await tx.attachment.findFirst({ where: same, select: { id: true } })) !== null
  const uploadedBy = viewer.kind === 'agent' ? viewer.agentId : null
  const file = { tenantId, id: newId(), fileName, contentType, byteSize, sha256, uploadedBy, createdAt: now }
  return tx.attachment.create({ data: { ...file, uploadedAt: isHere ? now : null } })
}

/** Nobody else adds or drops the same content until the transaction ends. */
export async function lockContent(tx: Db, { tenantId, sha256 }: FileKey): Promise<void> {
  const key = JSON.stringify([tenantId, 'file', sha256])
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`
}

const dayMs = 86_400_000
const batch = 200

/** Deletes files of all tenants that were on no message a day after they were announced; returns how many. */
export async function purgeUnsent(system: SupportDatabase['system'], store: FileStore, now: Date): Promise<number> {
  const createdAt = { lt: new Date(now.getTime() - dayMs) }
  const where = { createdAt, messages: { none: {} } }
  let purged = 0
  for (let after: Date | undefined; ;) {
    const stale = await system.attachment.findMany({
      where: after ? { ...where, createdAt: { ...createdAt, gte: after } } : where,
      orderBy: { createdAt: 'asc' },
      take: batch,
    })
    let dropped = 0
    for (const file of stale) dropped += await dropUnsent(system, store, file)
    purged += dropped
    after = stale.at(-1)?.createdAt
    if (stale.length < batch || dropped === 0) return purged
  }
}

async function dropUnsent(system: SupportDatabase['system'], store: FileStore, file: Attachment): Promise<number> {
  const { tenantId, id, sha256 } = file
  try {
    return await system.$transaction(async (tx) => {
      await lockContent(tx, file)
      const { count } = await tx.attachment.deleteMany({ where: { tenantId, id, messages: { none: {} } } })
      const other = await tx.attachment.findFirst({ where: { tenantId, sha256, uploadedAt: { not: null } } })
      if (count === 1 && !other) await store.remove(file)
      return count
    })
  } catch (error) {
    // It was sent at this very moment.
    if (isRetryable(error)) return 0
    throw error
  }
}
