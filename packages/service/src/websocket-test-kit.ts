import { createClient, type ExecutionResult } from 'graphql-ws'
import { WebSocket } from 'ws'

export type LiveClient = {
  /** Results as they come; rejects with GraphQL's errors, or with the code and reason with which the socket closed. */
  subscribe<T = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    extensions?: Record<string, unknown>,
  ): AsyncIterableIterator<ExecutionResult<T>>
  /** How the socket closed. */
  closed: Promise<{ code: number; reason: string }>
  /** Resolves when the server took the login. */
  connected: Promise<void>
  dispose(): Promise<void>
}

/** A graphql-ws client that does not come again by itself. `url`: of the HTTP door. */
export function openLive(
  url: string,
  {
    authorization,
    apiKey,
    headers,
  }: { authorization?: unknown; apiKey?: string | undefined; headers?: Record<string, string> } = {},
): LiveClient {
  class Socket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, headers ? { headers } : {})
    }
  }
  const closed = Promise.withResolvers<{ code: number; reason: string }>()
  const connected = Promise.withResolvers<void>()
  connected.promise.catch(() => {})
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: Socket,
    lazy: false,
    retryAttempts: 0,
    // Told by `closed`, or by the subscription.
    onNonLazyError: () => {},
    ...(authorization !== undefined && { connectionParams: { authorization } }),
    ...(apiKey !== undefined && { connectionParams: { 'x-api-key': apiKey } }),
    on: {
      connected: () => connected.resolve(),
      closed: (event) => {
        const { code, reason } = event as { code: number; reason: string }
        connected.reject(new Error(`closed with ${code}`))
        closed.resolve({ code, reason })
      },
    },
  })
  return {
    subscribe: <T>(query: string, variables: Record<string, unknown> = {}, extensions?: Record<string, unknown>) =>
      client.iterate<T & Record<string, unknown>>({
        query,
        variables,
        ...(extensions && { extensions }),
      }) as AsyncIterableIterator<ExecutionResult<T>>,
    closed: closed.promise,
    connected: connected.promise,
    async dispose() {
      await client.dispose()
      await closed.promise
    },
  }
}

export type RawSocket = { socket: WebSocket; messages: unknown[]; closed: Promise<{ code: number; reason: string }> }

/** A WebSocket that sends what a test wants. Resolves when it is open. */
export async function openRaw(
  url: string,
  { protocol = 'graphql-transport-ws', autoPong = true } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocol, { autoPong })
  const messages: unknown[] = []
  const closed = Promise.withResolvers<{ code: number; reason: string }>()
  socket.on('message', (data) => messages.push(JSON.parse(String(data))))
  socket.on('close', (code, reason) => closed.resolve({ code, reason: String(reason) }))
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, messages, closed: closed.promise }
}
