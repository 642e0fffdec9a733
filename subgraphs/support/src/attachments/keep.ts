import { Readable } from 'node:stream'
import { newId } from '@quimbi/database/ids.ts'
import type { SupportSettings } from '../settings.ts'
import type { Db } from '../database.ts'
import { withLocalFile } from './disk-store.ts'
import { isAllowedType, maxBytes, safeName } from './names.ts'
import { lockContent } from './service.ts'
import { isOfType } from './sniff.ts'
import { createFileStore, type FileStore } from './store.ts'

/** A file as a channel brought it. */
export type GivenFile = { fileName: string; contentType: string; bytes: Uint8Array }

/** Keeps files that came in with a message, and answers with their ids. Those of types that are not taken, empty or too large are left out. */
export async function keepFiles(
  tx: Db,
  tenantId: string,
  files: readonly GivenFile[],
  now: Date,
  { settings, store = createFileStore(settings) }: { settings: SupportSettings; store?: FileStore },
): Promise<string[]> {
  const ids: string[] = []
  for (const file of files) {
    const id = await keepOne(tx, tenantId, file, now, { settings, store })
    if (id !== null) ids.push(id)
  }
  return ids
}

async function keepOne(
  tx: Db,
  tenantId: string,
  { fileName, contentType: claimed, bytes }: GivenFile,
  now: Date,
  { settings, store }: { settings: SupportSettings; store: FileStore },
): Promise<string | null> {
  const contentType = claimed.toLowerCase().split(';')[0]?.trim() ?? ''
  if (bytes.length === 0 || bytes.length > maxBytes || !isAllowedType(contentType)) return null
  return withLocalFile(settings.filesDir, Readable.from([Buffer.from(bytes)]), maxBytes, async (local) => {
    if (!(await isOfType(local.path, contentType))) return null
    const { sha256, byteSize } = local
    await lockContent(tx, { tenantId, sha256 })
    await store.put({ tenantId, sha256 }, local.path)
    const facts = { fileName: safeName(fileName, contentType), contentType, byteSize, sha256 }
    const file = { tenantId, id: newId(), ...facts, uploadedAt: now, createdAt: now }
    return (await tx.attachment.create({ data: file })).id
  })
}
