import { createClient } from 'graphql-ws/client'
import type { GraphQLClient, SocketImpl } from './types.ts'

export type Closing = { code: number; reason: string }

/** One connection, that does not come again. */
export type Session = { client: GraphQLClient; close(): void }

type SessionOptions = {
  url: string
  bearer: string
  webSocketImpl: SocketImpl
  pingMs: number
  onConnected(): void
  /** Once, however it ends: 4499 where nothing was heard any more. Not after `close`. */
  onClosed(closing: Closing): void
}

const frozen: Closing = { code: 4499, reason: 'FROZEN' }
type Timer = ReturnType<typeof setTimeout>

export function openSession({ url, bearer, webSocketImpl, pingMs, onConnected, onClosed }: SessionOptions): Session {
  let socket: InstanceType<SocketImpl> | undefined
  let isOver = false
  let silence: Timer | undefined

  class Own extends webSocketImpl {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols)
      // graphql-ws tells of a socket only once it is open.
      socket = this
    }
  }
  const close = () => {
    isOver = true
    clearTimeout(silence)
    socket?.close(1000, 'BYE')
    client.terminate()
    // It may not be open yet: then closing it is a failure of which nobody needs to hear.
    if (socket) socket.onerror = () => {}
  }
  const over = (closing: Closing) => {
    if (isOver) return
    close()
    onClosed(closing)
  }
  const expect = () => {
    clearTimeout(silence)
    silence = setTimeout(() => over(frozen), pingMs)
  }
  const client = createClient({
    url,
    lazy: false,
    retryAttempts: 0,
    keepAlive: pingMs,
    webSocketImpl: Own,
    connectionParams: { authorization: `Bearer ${bearer}` },
    // "closed" follows.
    onNonLazyError: () => {},
    on: {
      connected: onConnected,
      message: () => clearTimeout(silence),
      ping: (isReceived) => void (isReceived || expect()),
      closed: (event) => over(event as Closing),
    },
  })
  expect()
  return { client, close }
}
