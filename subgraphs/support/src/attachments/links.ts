import type { Attachment } from '../../generated/prisma/client.ts'
import type { Context } from '../context.ts'

const uploadMs = 15 * 60_000
const downloadMs = 60 * 60_000

/** Where to PUT the bytes, for a quarter of an hour; null where they are here already. */
export async function uploadUrl(context: Pick<Context, 'doors'>, file: Attachment): Promise<string | null> {
  if (file.uploadedAt !== null) return null
  const { links, settings, clock } = context.doors
  const now = clock.now()
  const about = { tenantId: file.tenantId, subject: file.id }
  const token = await links.sign('upload', about, { now, expiresAt: new Date(now.getTime() + uploadMs) })
  return `${settings.publicUrl}/files/upload/${token}`
}

/** Where to read it, for an hour. */
export async function downloadUrl(context: Pick<Context, 'doors'>, file: Attachment): Promise<string> {
  const { links, settings, clock } = context.doors
  const now = clock.now()
  const about = { tenantId: file.tenantId, subject: file.id }
  const token = await links.sign('download', about, { now, expiresAt: new Date(now.getTime() + downloadMs) })
  return `${settings.publicUrl}/files/${token}`
}
