import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAsset, sendAsset } from './assets.ts'

const content = 'Quimbi '.repeat(1_000)
const asset = createAsset(content, 'text/plain')
const app = fastify()
beforeAll(async () => {
  app.get('/it', (request, reply) => sendAsset(request, reply, asset))
  await app.ready()
})
afterAll(() => app.close())
const get = (headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url: '/it', headers })

describe('an asset', () => {
  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['GZIP;Q=1', 'gzip', gunzipSync],
    ['identity', undefined, (body: Buffer) => body],
    ['', undefined, (body: Buffer) => body],
  ])('for who takes "%s" is packed as %s', async (accepted, encoding, unpack) => {
    const { headers, rawPayload } = await get({ 'accept-encoding': accepted })
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers['vary']).toBe('accept-encoding')
    expect(unpack(rawPayload).toString()).toBe(content)
  })

  it('is not sent again to who has it', async () => {
    const { headers } = await get({ 'accept-encoding': 'br' })
    const etag = String(headers['etag'])
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get({ 'accept-encoding': 'br', 'if-none-match': known })
      expect([again.statusCode, again.body]).toEqual([304, ''])
    }
    expect((await get({ 'accept-encoding': 'gzip', 'if-none-match': etag })).statusCode).toBe(200)
  })

  it('tells of itself without a body', async () => {
    const { statusCode, body, headers } = await get({ 'accept-encoding': 'gzip' }, 'HEAD')
    expect([statusCode, body]).toEqual([200, ''])
    expect(headers['etag']).toBe((await get({ 'accept-encoding': 'gzip' })).headers['etag'])
  })

  it('has another mark with another content', () => {
    expect(createAsset('a', 'text/plain').etag).not.toBe(createAsset('b', 'text/plain').etag)
  })
})
