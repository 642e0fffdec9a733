import { createClient } from 'graphql-ws/client'
import { follow, type SignOut } from './following.ts'
import type { LiveClient, LiveOptions, LiveStatus, SocketImpl } from './types.ts'

/** A connection that lasted so long was a good one: the next failure is the first. */
const goodMs = 5_000
type Closing = { code: number; reason: string }

/**
 * Subscriptions that go on: through lost connections, restarts and slow moments they resume after the last cursor seen, so that each
 * event comes once and in order. Works in browsers, and in Node with the `WebSocket` of `ws` or its own.
 */
export function createLiveClient(options: LiveOptions): LiveClient {
  const { token, onStatus, pingMs = 10_000, firstWaitMs = 250, mostWaitMs = 30_000, random = Math.random } = options
  const { connectionParams = (held: string) => ({ authorization: `Bearer ${held}` }) } = options
  const running = new Set<ReturnType<typeof follow>>()
  let status: LiveStatus = { state: 'connecting' }
  let pass: (signOut?: SignOut) => void = () => {}
  const shut = () => new Promise<SignOut | undefined>((resolve) => (pass = resolve))
  let gate = shut()
  let socket: InstanceType<SocketImpl> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let [bearer, failures, connectedAt, isFreshToken, isClosed] = ['', 0, Infinity, false, false]

  const tell = (now: LiveStatus) => void ((status = now), onStatus?.(now))
  const waitMs = (failed: number) => Math.min(mostWaitMs, firstWaitMs * 2 ** Math.min(failed, 20)) * (1 - random() / 2)
  /** Within the time of a ping something is to be heard. */
  const expect = () => {
    clearTimeout(timer)
    timer = setTimeout(lost, pingMs, { code: 4499, reason: 'FROZEN' })
  }
  class Own extends (options.webSocketImpl ?? (globalThis.WebSocket as SocketImpl)) {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols)
      // graphql-ws tells of a socket only once it is open.
      socket = this
      expect()
    }
  }
  const client = createClient({
    url: new URL(options.url).href.replace(/^http/, 'ws'),
    webSocketImpl: Own,
    retryAttempts: 0,
    keepAlive: pingMs,
    connectionParams: () => connectionParams(bearer),
    on: {
      connected: () => ((connectedAt = Date.now()), tell({ state: 'live' })),
      message: () => clearTimeout(timer),
      ping: (isReceived) => void (isReceived || expect()),
      error: () => void (socket && lost({ code: 1006, reason: '' })),
      closed: (event) => void (socket && lost(event as Closing)),
    },
  })

  /** Ends the connection, the try to have one, or the wait for it. */
  function drop(): void {
    const last = socket
    clearTimeout(timer)
    pass()
    gate = shut()
    socket = undefined
    last?.close(1000, 'BYE')
    client.terminate()
    // It may not be open yet: then closing it is a failure of which nobody needs to hear.
    if (last) last.onerror = () => {}
    for (const { again } of running) again()
  }

  async function connect(): Promise<void> {
    drop()
    const own = gate
    tell({ state: 'connecting' })
    try {
      const held = await token()
      if (own !== gate) return
      bearer = held
      pass((reason) => void (own === gate && lost({ code: 4401, reason })))
    } catch {
      if (own === gate) lost({ code: 4499, reason: 'NO_TOKEN' })
    }
  }

  function lost({ code, reason }: Closing): void {
    const wasGood = Date.now() - connectedAt >= goodMs
    ;[connectedAt, failures, isFreshToken] = [Infinity, wasGood ? 1 : failures + 1, isFreshToken && !wasGood]
    drop()
    if (code === 4401 && (reason !== 'TOKEN_EXPIRED' || isFreshToken)) return tell({ state: 'signedOut' })
    // One more token, once: a login that ended does not come back by asking.
    if (code === 4401) return ((isFreshToken = true), void connect())
    const ms = waitMs(failures - 1)
    timer = setTimeout(() => void connect(), ms)
    tell({ state: 'waiting', nextTryAt: new Date(Date.now() + ms) })
  }
  const leave = (one: ReturnType<typeof follow>) => (one.leave(), running.delete(one) && running.size === 0 && drop())

  return {
    subscribe(operation, sink) {
      if (isClosed) throw new Error('This client is closed.')
      const way = { open: () => gate, subscribe: client.subscribe, waitMs, onRefused: () => leave(one) }
      const one = follow(operation, sink, way)
      if (running.add(one).size === 1 && status.state !== 'signedOut') void connect()
      return () => void leave(one)
    },
    get status() {
      return status
    },
    tryNow() {
      isFreshToken = false
      if (running.size === 0) status = { state: 'connecting' }
      else if (status.state !== 'live') void connect()
    },
    close() {
      isClosed = true
      running.forEach(leave)
    },
  }
}
