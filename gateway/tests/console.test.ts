import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { readEnvironment } from '@quimbi/service/config.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { consolePages } from '../src/console/addresses.ts'
import { bothManifests, consoleEnvironment, readConsole } from '../src/console/folder.ts'
import { consoleRoutes } from '../src/console/routes.ts'

const parent = mkdtempSync(join(tmpdir(), 'console-'))
const folder = join(parent, 'dist')
const script = 'console.log("the console")'.repeat(100)
const page = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><link nonce="__CSP_NONCE__"><p>the console'
const operations = [{ id: 'Inbox-1', name: 'Inbox', type: 'query', body: '{ inbox { nodes { id } } }' }]

mkdirSync(join(folder, 'assets'), { recursive: true })
for (const [name, content] of Object.entries({
  'index.html': page,
  'theme.js': '// before the first paint',
  'documents.json': JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
  'assets/app-1a2b.js': script,
  'assets/app-1a2b.js.gz': gzipSync(script),
  '../secret.txt': 'secret',
}))
  writeFileSync(join(folder, name), content)
afterAll(() => rmSync(parent, { recursive: true }))

async function open(served: string | null, files?: string[]) {
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const metrics = createMetrics('gateway', new Registry())
  const http = createHttp({ service: 'gateway', log, metrics, readiness: async () => ({}) })
  await http.app.register(consoleRoutes({ folder: served, files }))
  const { port } = await http.listen(0, '127.0.0.1')
  return { close: () => http.drain(), ask: asker(port) }
}

/** A path goes out as it is written: `fetch` would tidy it. */
const asker = (port: number) => {
  type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }
  return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<Answer>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers: { accept: 'text/html', ...headers } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        )
      })
        .on('error', reject)
        .end()
    })
}

let world: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  world = await open(folder, ['https://files.example'])
})
afterAll(() => world.close())

const nonceIn = (policy: unknown) => /'nonce-([\w-]+)'/.exec(String(policy))?.[1]

describe("the console's page", () => {
  it.each(['/', '/login', '/inbox', '/inbox/12?mine=true', '/customers/c%2F1', '/settings/sla', '/demo'])(
    'is at %s, with a nonce of its own under a policy that lets nothing else in',
    async (path) => {
      const [one, two] = [await world.ask(path), await world.ask(path)]
      expect(one.status).toBe(200)
      expect(one.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      const policy = one.headers['content-security-policy']
      for (const rule of [
        "default-src 'none'",
        "script-src 'self';",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "connect-src 'self' https://files.example",
      ])
        expect(policy).toContain(rule)
      expect(policy).not.toContain('unsafe')
      const nonce = nonceIn(policy)
      expect(one.body.toString()).toBe(page.replaceAll('__CSP_NONCE__', nonce ?? 'none'))
      expect(nonceIn(two.headers['content-security-policy'])).not.toBe(nonce)
    },
  )

  it('has the addresses of its router', () => {
    const router = readFileSync(new URL('../../console/src/app/router.tsx', import.meta.url), 'utf8')
    const known = [...router.matchAll(/path: '(\/[\w/]*)/g)].map(([, path]) => path?.replace(/\/$/, '') || '/')
    const served = consolePages.map((path) => path.replace(/\/\*$/, '') || '/')
    expect(new Set(served)).toEqual(new Set(known))
  })

  it('is nowhere else, and nothing for who asks for JSON', async () => {
    for (const path of [
      '/graphql',
      '/nothing',
      '/inboxes',
      '/partner',
      '/assets',
      '/assets/',
      '/documents.json',
      '/index.html',
    ]) {
      const { status, body } = await world.ask(path)
      expect([path, status]).toEqual([path, 404])
      expect(JSON.parse(body.toString())).toHaveProperty('errors')
    }
    expect((await world.ask('/inbox', { accept: 'application/json' })).status).toBe(404)
    expect((await world.ask('/inbox', {}, 'POST')).status).toBe(404)
    expect((await world.ask('/health')).body.toString()).toContain('ok')
  })
})

describe("the console's files", () => {
  it('may be kept for good where their names have a hash', async () => {
    const { status, headers, body } = await world.ask('/assets/app-1a2b.js')
    expect([status, body.toString()]).toEqual([200, script])
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript') as string,
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    })
    expect((await world.ask('/theme.js')).headers['cache-control']).toBe('no-cache')
  })

  it('come packed as they were built', async () => {
    const { headers, body } = await world.ask('/assets/app-1a2b.js', { 'accept-encoding': 'br, gzip' })
    expect(headers).toMatchObject({ 'content-encoding': 'gzip' })
    expect(gunzipSync(body).toString()).toBe(script)
    expect(headers['content-type']).toContain('javascript')
    expect((await world.ask('/assets/app-1a2b.js.gz')).status).toBe(404)
  })

  it('answer HEAD, and 304 to who has them', async () => {
    const { status, headers, body } = await world.ask('/theme.js', {}, 'HEAD')
    expect([status, body.length, headers['content-length']]).toEqual([200, 0, '25'])
    const { etag } = headers
    expect((await world.ask('/theme.js', { 'if-none-match': String(etag) })).status).toBe(304)
    expect((await world.ask('/inbox', {}, 'HEAD')).status).toBe(200)
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets//../../secret.txt',
    '/%00/secret.txt',
    '/inbox/../../secret.txt',
    '//etc/passwd',
    '/assets/app-1a2b.js%00.html',
  ])('are not left by %s', async (path) => {
    const { status, body } = await world.ask(path, { accept: 'application/json' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body.toString()).not.toContain('secret')
  })
})

describe('a console that is not built', () => {
  it('says how to build it, and fails no path of the graph', async () => {
    const { ask, close } = await open(null)
    try {
      const { status, body } = await ask('/')
      expect([status, body.toString()]).toEqual([503, expect.stringContaining('npm run console')])
      expect((await ask('/health')).status).toBe(200)
    } finally {
      await close()
    }
  })
})

describe('CONSOLE_DIR', () => {
  const read = (environment: Record<string, string>) =>
    readEnvironment(z.object(consoleEnvironment), environment).CONSOLE_DIR

  it('names a folder, or nothing', () => {
    expect(read({ CONSOLE_DIR: 'off' })).toBeNull()
    expect(read({ CONSOLE_DIR: folder })).toMatchObject({ folder })
    expect(() => read({ CONSOLE_DIR: parent })).toThrow(/CONSOLE_DIR: cannot be used: there is no built console/)
    expect(read({})).not.toBeNull()
  })

  it('leaves room for attachments elsewhere, whatever the path of their address', () => {
    const origins = (given: string) =>
      readEnvironment(z.object(consoleEnvironment), { CONSOLE_FILE_ORIGINS: given }).CONSOLE_FILE_ORIGINS
    expect(origins('https://a.example/files, http://b.example:81')).toEqual([
      'https://a.example',
      'http://b.example:81',
    ])
    expect(() => origins("'self' javascript:alert(1)")).toThrow(/CONSOLE_FILE_ORIGINS/)
  })

  it('brings the documents that the console asks by name, beside those given', () => {
    const { documents } = readConsole(folder) ?? {}
    expect(documents?.bodyOf('Inbox-1')).toBe(operations[0]?.body)
    const own = { bodyOf: (id: string) => (id === 'own' ? '{ a }' : undefined), size: 1 }
    const both = bothManifests(own, documents)
    expect([both?.bodyOf('own'), both?.bodyOf('Inbox-1'), both?.size]).toEqual(['{ a }', operations[0]?.body, 2])
    expect(bothManifests(undefined, own)).toBe(own)
  })
})
