import type { ApolloClient, TypedDocumentNode } from '@apollo/client'
import { addTypenameToDocument, getMainDefinition } from '@apollo/client/utilities'
import type { LiveStatus } from '@quimbi/live/types.ts'
import { documentIds } from 'virtual:persisted-documents'
import { print, type GraphQLFormattedError } from 'graphql'
import type { SessionStore } from '../session/store.ts'
import { failureOf, type Failure } from './errors.ts'
import { createLateClient } from './late-client.ts'

export type LiveSink<Data> = {
  /** Each event once, in order; its entities are in the cache already. */
  next(data: Data, errors: readonly GraphQLFormattedError[]): void
  /** What is shown cannot be continued: load it afresh and return its `asOf`. See `@quimbi/live`. */
  resync(reason: string): Promise<string | null> | string | null
  /** Refused for good. */
  error?: (failures: Failure[]) => void
}

export type LiveAsked<Data, Variables> = {
  document: TypedDocumentNode<Data, Variables>
  variables?: Variables
  /** The `asOf` of what is shown. */
  after?: string | undefined
  /** Whether events have positions (`cursor`); true unless given. */
  hasCursor?: boolean
}

/** Subscriptions that resume by themselves, and whose events reach the cache. */
export type Live = {
  subscribe<Data, Variables extends Record<string, unknown>>(
    asked: LiveAsked<Data, Variables>,
    sink: LiveSink<Data>,
  ): () => void
  status(): LiveStatus
  onStatus(listener: () => void): () => void
  tryNow(): void
  close(): void
}

export function createLive(url: string, session: SessionStore, apollo: ApolloClient): Live {
  const listeners = new Set<() => void>()
  let status: LiveStatus = { state: 'connecting' }
  const client = createLateClient({
    url,
    token: () => session.current()?.accessToken ?? Promise.reject(new Error('nobody is logged in')),
    onStatus(now) {
      status = now
      if (now.state === 'signedOut' && session.current()) session.set(null, 'ENDED')
      listeners.forEach((listener) => listener())
    },
  })
  return {
    subscribe({ document, variables, after, hasCursor = true }, sink) {
      const { operation, query } = documentOf(document)
      return client.subscribe(
        {
          ...operation,
          ...(variables && { variables }),
          ...(after !== undefined && { after }),
          ...(!hasCursor && { cursorOf: null }),
        },
        {
          next({ data, errors = [] }) {
            if (!data) return
            apollo.cache.write({
              dataId: 'ROOT_SUBSCRIPTION',
              query,
              variables: (variables ?? {}) as never,
              result: data,
            })
            sink.next(data as never, errors)
          },
          resync: sink.resync,
          error: (errors) => sink.error?.(errors.map(failureOf)),
        },
      )
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tryNow: () => client.tryNow(),
    close: () => client.close(),
  }
}

function documentOf(document: TypedDocumentNode<unknown, never>) {
  const query = addTypenameToDocument(document)
  const operationName = getMainDefinition(query).name?.value ?? ''
  const documentId = documentIds[operationName]
  const text = documentId === undefined ? { query: print(query) } : { query: '', documentId }
  return { query, operation: { ...text, operationName } }
}
