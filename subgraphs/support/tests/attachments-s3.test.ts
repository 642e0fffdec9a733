import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFileStore, MissingFile, type FileStore } from '../src/attachments/store.ts'

const credentials = { bucket: 'files', region: 'eu-test-1', accessKeyId: 'AKIDTEST', secretAccessKey: 'a secret key' }
const hex = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

/** What a server does to check a request: AWS Signature Version 4, written from its specification. */
function isSigned(request: IncomingMessage, body: Buffer, secret: string): boolean {
  const { authorization = '', 'x-amz-content-sha256': claimed, 'x-amz-date': at } = request.headers
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([\da-f]{64})$/
  const [, id, date, region, names = '', signature] = form.exec(authorization) ?? []
  if (id !== credentials.accessKeyId || region !== credentials.region || !String(at).startsWith(String(date)))
    return false
  if (claimed !== 'UNSIGNED-PAYLOAD' && claimed !== hex(body)) return false
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`)
  const canonical = [request.method, request.url, '', headers.join(''), names, claimed].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', at, `${date}/${region}/s3/aws4_request`, hex(canonical)].join('\n')
  const hmac = (key: Buffer | string, value: string) => createHmac('sha256', key).update(value).digest()
  const key = [date, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (last, part) => hmac(last, String(part)),
    `AWS4${secret}`,
  )
  return hmac(key, toSign).toString('hex') === signature
}

let server: Server
let store: FileStore
let stranger: FileStore
let folder: string
const kept = new Map<string, Buffer>()
const seen: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quimbi-s3-'))
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method, url = '', headers } = request
      seen.push(`${method} ${url} ${headers['x-amz-content-sha256']}`)
      if (!isSigned(request, body, credentials.secretAccessKey)) return response.writeHead(403).end('no')
      if (method === 'PUT') kept.set(url, body)
      if (method === 'DELETE') kept.delete(url)
      const found = kept.get(url)
      if (method === 'GET' && !found) return response.writeHead(404).end('gone')
      return response.writeHead(method === 'DELETE' ? 204 : 200).end(method === 'GET' ? found : undefined)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  store = createFileStore({ filesDir: folder, s3: { endpoint, ...credentials } })
  stranger = createFileStore({ filesDir: folder, s3: { endpoint, ...credentials, secretAccessKey: 'another' } })
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('a bucket', () => {
  const bytes = Buffer.from('the bytes')
  const key = { tenantId: crypto.randomUUID(), sha256: hex(bytes) }
  const local = () => {
    const path = join(folder, 'local')
    writeFileSync(path, bytes)
    return path
  }

  it('keeps, gives and forgets a file under its business and hash, each request signed', async () => {
    await store.put(key, local())
    const path = `/files/attachments/${key.tenantId}/${key.sha256}`
    expect(kept.get(path)?.equals(bytes)).toBe(true)
    // The hash of the content is part of what is signed.
    expect(seen).toEqual([`PUT ${path} ${key.sha256}`])
    expect((await buffer(await store.open(key))).equals(bytes)).toBe(true)
    await store.remove(key)
    await store.remove(key)
    await expect(store.open(key)).rejects.toBeInstanceOf(MissingFile)
  })

  it('refuses who has another secret, and says so', async () => {
    await expect(stranger.put(key, local())).rejects.toThrow('The bucket refused to put a file (403).')
    await expect(stranger.open(key)).rejects.toThrow('The bucket refused to get a file (403).')
    expect(kept.size).toBe(0)
  })
})
