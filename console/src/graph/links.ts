import { ApolloLink } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { BaseHttpLink } from '@apollo/client/link/http'
import { documentIds } from 'virtual:persisted-documents'
import { map, tap } from 'rxjs'
import type { SessionStore } from '../session/store.ts'
import { failureOf, failuresOf } from './errors.ts'
import type { Services } from './services.ts'

/** The way of every query and mutation: who asks, by which name, and what the answer says of the login and the services. */
export function linkTo(url: string, { session, services }: { session: SessionStore; services: Services }): ApolloLink {
  return ApolloLink.from([watchAnswers(session, services), authorization(session), named, http(url)])
}

const authorization = (session: SessionStore) =>
  new SetContextLink(({ headers }) => {
    const login = session.current()
    return { headers: { ...headers, ...(login && { authorization: `Bearer ${login.accessToken}` }) } }
  })

/** A document goes by its id where it has one. */
const named = new ApolloLink((operation, forward) => {
  const id = documentIds[operation.operationName ?? '']
  if (id !== undefined) {
    operation.extensions = { ...operation.extensions, documentId: id }
    operation.setContext({ http: { includeQuery: false, includeExtensions: true } })
  }
  return forward(operation)
})

/** Longer than the gateway itself waits: what hangs then hangs on the way. */
const patienceMs = 30_000
const inTime = (signal: AbortSignal | null | undefined) =>
  AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])])

/** `documentId` belongs beside the query, not into the extensions. */
const http = (url: string) =>
  new BaseHttpLink({
    uri: url,
    fetch: (input, init = {}) =>
      fetch(input, { ...init, body: lifted(init.body ?? null), signal: inTime(init.signal) }),
  })

function lifted(body: BodyInit | null): BodyInit | null {
  if (typeof body !== 'string') return body
  const { extensions, ...rest } = JSON.parse(body) as { extensions?: { documentId?: string } }
  if (extensions?.documentId === undefined) return body
  const { documentId, ...others } = extensions
  return JSON.stringify({ ...rest, documentId, ...(Object.keys(others).length > 0 && { extensions: others }) })
}

function watchAnswers(session: SessionStore, services: Services): ApolloLink {
  const heard = (failures: ReturnType<typeof failuresOf>) => {
    services.heard(failures)
    if (failures.some(({ code }) => code === 'UNAUTHENTICATED') && session.current()) session.set(null, 'ENDED')
  }
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap({ error: (error: unknown) => heard(failuresOf(error)) }),
      map((result) => {
        heard(('errors' in result ? (result.errors ?? []) : []).map(failureOf))
        return result
      }),
    ),
  )
}
