import { createHash } from 'node:crypto'
import { GraphQLError } from 'graphql'
import { z } from 'zod'

/** A document as clients may name it, in HTTP's JSON, over a WebSocket or in a URL's parameters. */
export type NamedDocument = {
  query?: unknown
  /** graphql-over-http: `sha256:…`, or the id of a manifest. */
  documentId?: unknown
  extensions?: unknown
}

/** Documents known in advance, by id and by the SHA-256 of their text. */
export type Manifest = { bodyOf(id: string): string | undefined; readonly size: number }

export type PersistedDocuments = { known: Manifest; /** Whether every other document is refused. */ only: boolean }

const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string().min(1).max(200),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string().min(1),
    }),
  ),
})

/** Reads Apollo's manifest of persisted documents. Throws an Error that says what is wrong with it. */
export function parseManifest(text: string): Manifest {
  const parsed = manifest.safeParse(JSON.parse(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`it is no apollo-persisted-query-manifest of version 1: ${issue?.path.join('.')} ${issue?.message}`)
  }
  const bodies = new Map<string, string>()
  for (const { id, body } of parsed.data.operations)
    // An id may have the form of a hash: it is of this document, or of none.
    for (const name of [id, hashOf(body)]) {
      const other = bodies.get(name)
      if (other !== undefined && other !== body) throw new Error(`two documents have the id ${name}`)
      bodies.set(name, body)
    }
  return { bodyOf: (id) => bodies.get(id), size: parsed.data.operations.length }
}

export const hashOf = (query: string): string => createHash('sha256').update(query).digest('hex')

/** What a request names: a document's text, the hash of one that was sent before, or both. */
export type Resolved = { query?: string; hash?: string }

/**
 * Resolves a document's name against the documents known in advance. What is left to look up has a hash and no query. Throws
 * PERSISTED_QUERY_ONLY where only those known are taken and this is none of them, BAD_REQUEST for a name that is none.
 */
export function resolveDocument(request: NamedDocument, documents: PersistedDocuments | undefined): Resolved {
  const query = typeof request.query === 'string' && request.query !== '' ? request.query : undefined
  const id = idOf(request)
  const known = id === undefined ? undefined : documents?.known.bodyOf(id)
  // A text that comes with the name of another is not what was named.
  if (known !== undefined && (query === undefined || query === known)) return { query: known }
  if (documents?.only) {
    const same = query !== undefined && documents.known.bodyOf(hashOf(query))
    if (same) return { query: same }
    throw onlyPersisted()
  }
  if (query !== undefined && id !== undefined && hashOf(query) !== id) throw otherHash()
  return { ...(query !== undefined && { query }), ...(id !== undefined && { hash: id }) }
}

function idOf({ documentId, extensions }: NamedDocument): string | undefined {
  if (documentId !== undefined && documentId !== null && documentId !== '') {
    if (typeof documentId !== 'string' || documentId.length > 200) throw badName()
    const hash = /^sha256:([\da-f]{64})$/i.exec(documentId)?.[1]
    return hash?.toLowerCase() ?? documentId
  }
  const { persistedQuery } = record(extensions)
  if (persistedQuery === undefined || persistedQuery === null) return undefined
  const { version, sha256Hash } = record(persistedQuery)
  if (version !== 1 || typeof sha256Hash !== 'string' || sha256Hash.length > 200) throw badName()
  return sha256Hash
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const onlyPersisted = () =>
  new GraphQLError('Only the documents of this release are taken here', {
    extensions: { code: 'PERSISTED_QUERY_ONLY', http: { status: 400 } },
  })

const otherHash = () =>
  new GraphQLError('The hash that came with the document is of another', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  })

const badName = () =>
  new GraphQLError('A document is named by "documentId", or by a "persistedQuery" of version 1 with its "sha256Hash"', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  })
