import { createChannel } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Signer } from '@quimbi/service/signing.ts'
import type { Results } from '@quimbi/service/subscriptions.ts'
import { GraphQLError, type FormattedExecutionResult } from 'graphql'
import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { SubgraphStream } from './sources.ts'

type RemoteOptions = {
  /** The subgraph's base address. */
  url: string
  signer: Signer
  /** Results of one subscription that may wait here. */
  capacity?: number
  /** Between pings; a socket that does not answer in as long is cut. */
  pingMs?: number
}

/** A subgraph in another process: one signed WebSocket for all subscriptions, open while there are any. */
export type RemoteStream = { stream: SubgraphStream; close(): Promise<void> }

export function createRemoteStream({ url, signer, capacity = 1_000, pingMs = 10_000 }: RemoteOptions): RemoteStream {
  const address = new URL(`${url.replace(/\/$/, '')}/graphql`)
  const client = createClient({
    url: address.href.replace(/^http/, 'ws'),
    webSocketImpl: signedSocket(address.pathname, signer),
    // Who subscribes comes again by itself, with its last cursor.
    retryAttempts: 0,
    lazyCloseTimeout: 1_000,
    ...cutWhenSilent(pingMs),
  })
  return {
    stream: async ({ query, variables, operationName }, { authorization, tenantId, address, requestId }) => {
      const payload = {
        query,
        ...(variables && { variables }),
        ...(operationName !== undefined && { operationName }),
        extensions: { authorization, tenantId, address, requestId },
      }
      return resultsOf(client, payload, capacity)
    },
    close: async () => client.dispose(),
  }
}

// A fresh signature for each connection: one cannot be used twice.
function signedSocket(path: string, signer: Signer): unknown {
  function Signed(address: string, protocols: string): WebSocket {
    return new WebSocket(address, protocols, {
      headers: signer.sign({ method: 'GET', path, body: '', headers: {} }),
      perMessageDeflate: false,
      maxPayload: 64 * 1024 * 1024,
    })
  }
  const { CONNECTING, OPEN, CLOSING, CLOSED } = WebSocket
  return Object.assign(Signed, { CONNECTING, OPEN, CLOSING, CLOSED })
}

function cutWhenSilent(pingMs: number): Pick<Parameters<typeof createClient>[0], 'keepAlive' | 'on'> {
  let socket: WebSocket | undefined
  let silence: NodeJS.Timeout | undefined
  return {
    keepAlive: pingMs,
    on: {
      opened: (opened) => void (socket = opened as WebSocket),
      ping: (isReceived) => {
        if (!isReceived) silence = setTimeout(() => socket?.terminate(), pingMs).unref()
      },
      pong: (isReceived) => isReceived && clearTimeout(silence),
      closed: () => clearTimeout(silence),
    },
  }
}

const ended = Symbol('ended')

type Payload = Parameters<Client['subscribe']>[0]

/** What comes faster than it is read is fetched again later, by the last cursor. What came before the end is read before it. */
function resultsOf(client: Client, payload: Payload, capacity: number): Results {
  const channel = createChannel<FormattedExecutionResult | typeof ended>({ capacity, onEnd: () => leave?.() })
  let leave: (() => void) | undefined
  const unsubscribe = client.subscribe(payload, {
    next: (result) => void (channel.push(result as FormattedExecutionResult) || channel.fail(away('BEHIND'))),
    error: (error) => channel.fail(errorOf(error)),
    complete: () => void (channel.push(ended) || channel.fail(away('ENDED'))),
  })
  leave = unsubscribe
  const next = channel.next.bind(channel)
  return Object.assign(channel, {
    next: async () => {
      const result = await next()
      if (result.value !== ended) return result
      channel.end()
      throw away('ENDED')
    },
    throw: async (error: unknown) => {
      channel.end()
      throw error
    },
    [Symbol.asyncDispose]: async () => channel.end(),
  }) as unknown as Results
}

/** GraphQL's errors as one; a socket that closed, or could not be opened, is a service that is away. */
function errorOf(error: unknown): GraphQLError {
  const [first] = Array.isArray(error) ? (error as GraphQLError[]) : []
  if (!first) return away('CONNECTION_LOST')
  const { message, path, extensions } = first
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null })
}

const away = (reason: string) =>
  codedError('SUBGRAPH_UNAVAILABLE', 'The service’s stream was lost', { retryable: true, reason })
