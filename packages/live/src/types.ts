import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import type { SubscribePayload } from 'graphql-ws/client'

export type LiveOptions = {
  /** Of the gateway's GraphQL door: `wss://…/graphql`, or `https://…/graphql`. */
  url: string
  /** An access token that holds; asked for at each connection. */
  token(): Promise<string> | string
  /** How the token is told at `connection_init`; as a bearer's unless given. */
  connectionParams?: (token: string) => Record<string, unknown>
  onStatus?: (status: LiveStatus) => void
  /** The browser's own unless given. */
  webSocketImpl?: SocketImpl | undefined
  /** Milliseconds between pings, and until an unanswered one, or a connection that does not come about, is given up; 10 s. */
  pingMs?: number
  /** Milliseconds before the second try and at most; they double in between, less a random half. 250 ms and 30 s. */
  firstWaitMs?: number
  mostWaitMs?: number
  random?: () => number
}
/** Where the connection stands. `signedOut`: the login has ended; nothing is tried until `tryNow`. */
export type LiveStatus = { state: 'connecting' | 'live' | 'signedOut' } | { state: 'waiting'; nextTryAt: Date }

/** A subscription. Its document takes `$after: Cursor` for its `after`, and selects what `cursorOf` reads. */
export type LiveOperation = Pick<SubscribePayload, 'query' | 'variables' | 'operationName'> & {
  /** Where to begin: the `asOf` of the page that is shown. Without it, `resync` is asked first. */
  after?: string
  /** The position of a result; the `cursor` of its root field unless given. Null: the subscription has no positions. */
  cursorOf?: ((result: FormattedExecutionResult) => string | null | undefined) | null
}

export type LiveSink = {
  /** Each event once, in order. */
  next(result: FormattedExecutionResult): void
  /**
   * What is shown cannot be continued, or may not be what the agent may see: load it afresh, and return its `asOf`. Asked again, later,
   * when it rejects. `reason`: START, ROLE_CHANGED, …; of a subscription without positions, after each break: BREAK.
   */
  resync(reason: string): Promise<string | null> | string | null
  /** The operation was refused, for good. */
  error?: (errors: readonly GraphQLFormattedError[]) => void
}

export type LiveClient = {
  /** Returns what ends it. */
  subscribe(operation: LiveOperation, sink: LiveSink): () => void
  readonly status: LiveStatus
  /** Connects without waiting longer: the network is back, or somebody has logged in again. */
  tryNow(): void
  close(): void
}
/** What is used of a WebSocket. */
export type SocketImpl = new (
  url: string,
  protocols?: string | string[],
) => Pick<WebSocket, 'close'> & { onerror: unknown }
