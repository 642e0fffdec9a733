import { mkdir, rename, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { NotDelivered, type Channel, type ChannelAdapter } from './adapter.ts'

/**
 * Where no provider is configured: each message becomes one JSON file, `outbox/<channel>/<message id>.json`, for whoever takes it from there.
 * Written beside and renamed, so that a reader never sees half of one; a second delivery writes the same file.
 */
export function createFileOutbox(channel: Channel, filesDir: string): ChannelAdapter {
  const folder = join(filesDir, 'outbox', channel.toLowerCase())
  return {
    channel,
    async deliver({ files, ...outbound }, signal) {
      const path = join(folder, `${outbound.id}.json`)
      const draft = `${path}.${randomUUID()}.part`
      const attachments = files.map(({ fileName, contentType }) => ({ fileName, contentType }))
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(draft, JSON.stringify({ channel, ...outbound, attachments }, null, 2), { signal })
        await rename(draft, path)
      } catch (error) {
        throw new NotDelivered('TEMPORARY', 'The outbox could not be written.', { cause: error })
      }
      return { externalId: `file:${outbound.id}` }
    },
    async close() {},
  }
}
