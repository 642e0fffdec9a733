import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
// The bucket's client asks with Node's own fetch.
import '@quimbi/service/fetch.ts'
import { AwsClient } from 'aws4fetch'
import type { SupportSettings } from '../settings.ts'
import { MissingFile, type FileKey, type FileStore } from './store.ts'

const deadlineMs = 60_000

/** A bucket of an S3-compatible server, addressed by path; requests are signed (SigV4) with the hash of what they carry. */
export function s3Store({ endpoint, bucket, ...credentials }: NonNullable<SupportSettings['s3']>): FileStore {
  const client = new AwsClient({ ...credentials, service: 's3', retries: 2 })
  const urlOf = ({ tenantId, sha256 }: FileKey) =>
    `${endpoint.replace(/\/+$/, '')}/${bucket}/attachments/${tenantId}/${sha256}`
  const request = (key: FileKey, init: RequestInit): Promise<Response> =>
    client.fetch(urlOf(key), { ...init, signal: AbortSignal.timeout(deadlineMs) })

  return {
    async put(key, path) {
      const body = new Uint8Array(await readFile(path))
      const headers = { 'content-type': 'application/octet-stream', 'x-amz-content-sha256': key.sha256 }
      const answer = await request(key, { method: 'PUT', body, headers })
      await finished('put', answer)
    },
    async open(key) {
      const answer = await request(key, { method: 'GET' })
      if (answer.status === 404) {
        await answer.body?.cancel()
        throw new MissingFile(key)
      }
      if (!answer.ok || !answer.body) return finished('get', answer).then(() => Readable.from([]))
      return Readable.fromWeb(answer.body as ReadableStream)
    },
    async remove(key) {
      const answer = await request(key, { method: 'DELETE' })
      if (answer.status === 404) await answer.body?.cancel()
      else await finished('delete', answer)
    },
  }
}

/** Reads the rest of an answer, so that its connection can be used again; throws for one that is no success. */
async function finished(what: string, answer: Response): Promise<void> {
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`The bucket refused to ${what} a file (${answer.status}).`)
}
