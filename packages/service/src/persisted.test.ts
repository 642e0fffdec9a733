import { redisAvailable, startRedis } from '@quimbi/testing/redis.ts'
import { describe, expect, it } from 'vitest'
import { createLogger } from './logging.ts'
import { documentStore, textOfDocument } from './persisted-store.ts'
import { hashOf, parseManifest, resolveDocument } from './persisted.ts'
import { closeRedis, connectRedis, redisReady } from './redis.ts'

const inbox = 'query Inbox { inbox { asOf } }'
const other = '{ viewer { permissions } }'
const manifestOf = (...operations: object[]) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations })
const known = parseManifest(manifestOf({ id: 'inbox-1', name: 'Inbox', type: 'query', body: inbox }))
const apollo = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })

describe('a manifest', () => {
  it.each([
    ['no JSON', '{', 'JSON'],
    ['another format', JSON.stringify({ format: 'x', version: 1, operations: [] }), 'format'],
    ['another version', manifestOf().replace('"version":1', '"version":2'), 'version'],
    ['an operation without a body', manifestOf({ id: 'a', name: 'A', type: 'query' }), 'operations.0.body'],
    [
      'two documents of one id',
      manifestOf(
        { id: 'a', name: 'A', type: 'query', body: '{a}' },
        { id: 'a', name: 'B', type: 'query', body: '{b}' },
      ),
      'the id a',
    ],
    [
      'an id that is the hash of another',
      manifestOf(
        { id: hashOf('{b}'), name: 'A', type: 'query', body: '{a}' },
        { id: 'b', name: 'B', type: 'query', body: '{b}' },
      ),
      hashOf('{b}'),
    ],
  ])('is refused with %s', (_, text, reason) => {
    expect(() => parseManifest(text)).toThrow(reason)
  })
})

describe('a document', () => {
  it.each([
    ['a text', { query: inbox }, { query: inbox }],
    ['the id of a manifest', { documentId: 'inbox-1' }, { query: inbox }],
    ['a hash known in advance', { documentId: `sha256:${hashOf(inbox)}` }, { query: inbox }],
    ['a hash in capitals', { documentId: `SHA256:${hashOf(inbox).toUpperCase()}` }, { query: inbox }],
    ['Apollo’s form', apollo('inbox-1'), { query: inbox }],
    ['a hash that is to be looked up', apollo(hashOf(other)), { hash: hashOf(other) }],
    ['a hash with its text', { query: other, ...apollo(hashOf(other)) }, { query: other, hash: hashOf(other) }],
    ['nothing', {}, {}],
  ])('is named by %s', (_, request, resolved) => {
    expect(resolveDocument(request, { known, only: false })).toEqual(resolved)
  })

  it.each([
    ['a text under another’s hash', { query: other, ...apollo(hashOf(inbox)) }, 'BAD_REQUEST'],
    ['a text under the id of another', { query: other, documentId: 'inbox-1' }, 'BAD_REQUEST'],
    ['a name that is no text', { documentId: 7 }, 'BAD_REQUEST'],
    ['a version that there is not', { extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } }, 'BAD_REQUEST'],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }, 'BAD_REQUEST'],
  ])('is refused with %s', (_, request, code) => {
    expect(codeOf(() => resolveDocument(request, { known, only: false }))).toBe(code)
  })

  it('must be among those known where only they are taken', () => {
    const documents = { known, only: true }
    expect(resolveDocument({ query: inbox }, documents)).toEqual({ query: inbox })
    for (const request of [{ query: other }, apollo(hashOf(other)), { query: other, documentId: 'inbox-1' }, {}])
      expect(codeOf(() => resolveDocument(request, documents))).toBe('PERSISTED_QUERY_ONLY')
  })
})

function codeOf(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code
  }
}

describe('the store', () => {
  it('keeps a document for those who name it later, and no large one', async () => {
    const persisted = { documents: undefined, store: documentStore() }
    await expect(textOfDocument(apollo(hashOf(other)), persisted)).rejects.toThrow('PersistedQueryNotFound')
    expect(await textOfDocument({ query: other, ...apollo(hashOf(other)) }, persisted)).toBe(other)
    expect(await textOfDocument({ documentId: `sha256:${hashOf(other)}` }, persisted)).toBe(other)
    const large = `{ ${'a '.repeat(5_000)} }`
    expect(await textOfDocument({ query: large, ...apollo(hashOf(large)) }, persisted)).toBe(large)
    await expect(textOfDocument(apollo(hashOf(large)), persisted)).rejects.toThrow('PersistedQueryNotFound')
    expect(await textOfDocument({}, persisted)).toBeUndefined()
  })

  it('forgets what was named longest ago', async () => {
    const store = documentStore()
    const texts = Array.from({ length: 1_001 }, (_, k) => `{ a${k} }`)
    for (const text of texts) await store.set(hashOf(text), text)
    expect(await store.get(hashOf('{ a0 }'))).toBeUndefined()
    expect(await store.get(hashOf('{ a1000 }'))).toBe('{ a1000 }')
    expect(await store.delete(hashOf('{ a1000 }'))).toBe(true)
    expect(await store.get(hashOf('{ a1000 }'))).toBeUndefined()
    expect(await store.get('../../etc')).toBeUndefined()
  })

  it.skipIf(!redisAvailable())('is one for all instances, believes no other text, and does without Redis', async () => {
    const server = await startRedis()
    const redis = connectRedis(server.url, createLogger({ service: 'test', level: 'silent' }))
    try {
      expect(await redisReady(redis, 5_000)).toBe(true)
      const [one, two] = [documentStore({ redis }), documentStore({ redis })]
      await one.set(hashOf(other), other)
      expect(await two.get(hashOf(other))).toBe(other)
      await redis.set(`quimbi:document:${hashOf(inbox)}`, 'mutation { logout { userErrors { code } } }')
      expect(await two.get(hashOf(inbox))).toBeUndefined()
      await redis.shutdown('NOSAVE').catch(() => {})
      expect(await one.get(hashOf(other))).toBe(other)
      expect(await one.get(hashOf(inbox))).toBeUndefined()
    } finally {
      await closeRedis(redis)
      await server.stop()
    }
  })
})
