import { resolveDocument, type NamedDocument } from './persisted.ts'
import type { Persisted } from './persisted-store.ts'

/** The parts of an HTTP request that may name a document. */
export type DocumentRequest = { method: string; search: string; body: unknown }

/**
 * Writes a document that is known in advance into the request, and `documentId` as Apollo's `persistedQuery`, which Apollo Server looks up and
 * keeps. What is not understood stays as it is, for Apollo Server to refuse. Throws as `resolveDocument` does.
 */
export function withDocument<R extends DocumentRequest>(request: R, { documents }: Persisted): R {
  if (request.method === 'GET') return { ...request, search: inSearch(request.search, documents) }
  if (!isRecord(request.body)) return request
  return { ...request, body: rewritten(request.body, documents) }
}

type Documents = Persisted['documents']

function rewritten<B extends NamedDocument & Record<string, unknown>>(body: B, documents: Documents): object {
  const { extensions } = body
  const isNamed =
    body['documentId'] !== undefined || (isRecord(extensions) && extensions['persistedQuery'] !== undefined)
  if (!isNamed && !documents?.only) return body
  const { query, hash } = resolveDocument(body, documents)
  const { documentId: _named, query: _text, ...rest } = body
  const { persistedQuery: _hash, ...others } = isRecord(extensions) ? extensions : {}
  return {
    ...rest,
    ...(query !== undefined && { query }),
    extensions: hash === undefined ? others : { ...others, persistedQuery: { version: 1, sha256Hash: hash } },
  }
}

function inSearch(search: string, documents: Documents): string {
  const parameters = new URLSearchParams(search)
  const given = parameters.get('extensions')
  const extensions = given === null ? undefined : parsed(given)
  const named = { query: parameters.get('query'), documentId: parameters.get('documentId') ?? undefined, extensions }
  const { query, extensions: left } = rewritten(named, documents) as NamedDocument
  if (parameters.has('documentId')) parameters.delete('documentId')
  if (typeof query === 'string') parameters.set('query', query)
  else parameters.delete('query')
  if (isRecord(left)) parameters.set('extensions', JSON.stringify(left))
  return `?${parameters.toString()}`
}

/** As it is where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
