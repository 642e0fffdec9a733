import { openSession, type Closing, type Session } from './session.ts'
import { createRunning, type Running } from './running.ts'
import type { LiveClient, LiveOptions, LiveStatus, SocketImpl } from './types.ts'

/** A connection that lasted so long was a good one: the next failure is the first. */
const goodMs = 5_000

/**
 * Subscriptions that go on: through lost connections, restarts and slow moments they resume after the last cursor seen, so that each
 * event comes once and in order. Works in browsers, and in Node with the `WebSocket` of `ws` or its own.
 */
export function createLiveClient(options: LiveOptions): LiveClient {
  const { token, onStatus = () => {}, pingMs = 10_000, firstWaitMs = 250, mostWaitMs = 30_000 } = options
  const { random = Math.random, webSocketImpl = globalThis.WebSocket as SocketImpl } = options
  const url = new URL(options.url).href.replace(/^http/, 'ws')
  const running = new Set<Running>()
  let session: Session | undefined
  let status: LiveStatus = { state: 'connecting' }
  let timer: ReturnType<typeof setTimeout> | undefined
  // Of each try to connect; what an earlier one still does is not heard.
  let tries = 0
  let failures = 0
  let connectedAt: number | null = null
  let isFreshToken = false
  let isClosed = false

  const tell = (now: LiveStatus) => onStatus((status = now))
  const waitMs = (failed: number) => Math.min(mostWaitMs, firstWaitMs * 2 ** Math.min(failed, 20)) * (1 - random() / 2)

  async function connect(): Promise<void> {
    drop()
    const attempt = tries
    tell({ state: 'connecting' })
    try {
      const bearer = await token()
      if (attempt !== tries) return
      session = openSession({ url, bearer, webSocketImpl, pingMs, onConnected, onClosed })
      for (const one of running) one.begin(session.client)
    } catch {
      if (attempt === tries) later(waitMs((failures += 1) - 1))
    }
  }

  function onConnected(): void {
    connectedAt = Date.now()
    tell({ state: 'live' })
  }

  function onClosed({ code, reason }: Closing): void {
    const isGood = connectedAt !== null && Date.now() - connectedAt >= goodMs
    failures = isGood ? 0 : failures + 1
    if (connectedAt !== null && isGood) isFreshToken = false
    drop()
    if (code !== 4401) return later(waitMs(Math.max(0, failures - 1)))
    // One more token, once: a login that ended does not come back by asking.
    if (reason !== 'TOKEN_EXPIRED' || isFreshToken) return tell({ state: 'signedOut' })
    isFreshToken = true
    void connect()
  }

  function drop(): void {
    tries += 1
    clearTimeout(timer)
    connectedAt = null
    session?.close()
    session = undefined
    for (const one of running) one.pause()
  }

  function later(ms: number): void {
    drop()
    if (running.size === 0) return
    tell({ state: 'waiting', nextTryAt: new Date(Date.now() + ms) })
    timer = setTimeout(() => void connect(), ms)
  }

  return {
    subscribe(operation, sink) {
      if (isClosed) throw new Error('This client is closed.')
      const one = createRunning({
        operation,
        sink,
        waitMs,
        onEnded: () => leave(),
        onSignedOut: (reason) => onClosed({ code: 4401, reason }),
      })
      const leave = () => {
        one.pause()
        if (running.delete(one) && running.size === 0) drop()
      }
      running.add(one)
      if (session) one.begin(session.client)
      else if (running.size === 1 && status.state !== 'signedOut') void connect()
      return leave
    },
    get status() {
      return status
    },
    tryNow() {
      if (isClosed || session || running.size === 0) return
      isFreshToken = false
      void connect()
    },
    close() {
      isClosed = true
      drop()
      running.clear()
    },
  }
}
