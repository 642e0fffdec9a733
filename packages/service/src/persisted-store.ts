import { createLru } from './lru.ts'
import { GraphQLError } from 'graphql'
import { hashOf, resolveDocument, type NamedDocument, type PersistedDocuments } from './persisted.ts'
import type { RedisClient } from './redis.ts'

/** Documents that clients sent once, by the hash of their text. What Apollo Server takes for automatic persisted queries. */
export type DocumentStore = {
  get(hash: string): Promise<string | undefined>
  /** Keeps a document of at most 10 kB; others are sent each time. */
  set(hash: string, query: string): Promise<void>
  delete(hash: string): Promise<boolean>
}

const keptCharacters = 10_000
const keptDocuments = 1_000
const keptSeconds = 24 * 60 * 60
const hashForm = /^[\da-f]{64}$/

/** The last thousand in memory; a day in Redis for all instances, where there is one. */
export function documentStore({ redis }: { redis?: RedisClient | undefined } = {}): DocumentStore {
  const kept = createLru<string, string>(keptDocuments)
  const key = (hash: string) => `quimbi:document:${hashForm.exec(hash)?.[0] ?? ''}`
  const strip = (hash: string) => hash.replace(/^apq:/, '')
  return {
    async get(named) {
      const hash = strip(named)
      if (!hashForm.test(hash)) return undefined
      const known = kept.get(hash)
      if (known !== undefined || !redis) return known
      const found = await redis.get(key(hash)).catch(() => null)
      // Whoever else writes to Redis must not be able to say what a hash stands for.
      if (found === null || hashOf(found) !== hash) return undefined
      kept.set(hash, found)
      return found
    },
    async set(named, query) {
      const hash = strip(named)
      if (query.length > keptCharacters || hashOf(query) !== hash) return
      kept.set(hash, query)
      await redis?.set(key(hash), query, 'EX', keptSeconds).catch(() => {})
    },
    async delete(named) {
      const hash = strip(named)
      const was = kept.get(hash) !== undefined
      kept.delete(hash)
      await redis?.del(key(hash)).catch(() => {})
      return was
    },
  }
}

/** How documents are named instead of sent. */
export type Persisted = { documents: PersistedDocuments | undefined; store: DocumentStore }

/**
 * The text of a document that came by name or in full, for doors that Apollo Server does not keep: WebSockets, server-sent events. Undefined where
 * there is neither. Throws PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_ONLY or BAD_REQUEST.
 */
export async function textOfDocument(
  request: NamedDocument,
  { documents, store }: Persisted,
): Promise<string | undefined> {
  const { query, hash } = resolveDocument(request, documents)
  if (hash === undefined) return query
  if (query !== undefined) {
    await store.set(hash, query)
    return query
  }
  const found = await store.get(hash)
  if (found !== undefined) return found
  throw new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })
}
