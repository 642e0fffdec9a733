import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { createLiveClient } from './client.ts'
import type { SocketImpl } from './types.ts'

/** What a bad network and a careless server do at each message. */
const mischief = fc.constantFrom('none', 'none', 'none', 'twice', 'again', 'cut', 'cut before', 'overflow', 'end')
type Mischief = 'none' | 'twice' | 'again' | 'cut' | 'cut before' | 'overflow' | 'end'

type Message = { type: string; id?: string; payload?: { variables?: { after?: string } } }

/** A WebSocket to a server in this process, which tells a log of so many entries. */
function socketsTo(entries: number, script: readonly Mischief[]): SocketImpl {
  let at = 0
  const nextMischief = () => script[at++] ?? 'none'

  class FakeSocket {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readyState = 0
    onopen: () => void = () => {}
    onmessage: (event: { data: string }) => void = () => {}
    onclose: ((event: { code: number; reason: string }) => void) | null = null
    onerror: unknown = null

    constructor() {
      setImmediate(() => {
        if (this.readyState !== 0) return
        this.readyState = 1
        this.onopen()
      })
    }

    tell(message: object) {
      if (this.readyState === 1) this.onmessage({ data: JSON.stringify(message) })
    }

    send(text: string) {
      const { type, id, payload } = JSON.parse(text) as Message
      if (type === 'connection_init') setImmediate(() => this.tell({ type: 'connection_ack' }))
      if (type === 'subscribe') setImmediate(() => this.serve(id ?? '', Number(payload?.variables?.after)))
    }

    serve(id: string, after: number) {
      const next = (n: number) =>
        this.tell({ id, type: 'next', payload: { data: { counted: { n, cursor: String(n) } } } })
      const overflow = { message: 'x', extensions: { code: 'RESYNC_REQUIRED', reason: 'OVERFLOW', retryable: true } }
      for (let n = after + 1; n <= entries && this.readyState === 1; n += 1) {
        const what = nextMischief()
        if (what === 'cut before') return this.cut()
        if (what === 'overflow') return this.tell({ id, type: 'error', payload: [overflow] })
        if (what === 'end') return this.tell({ id, type: 'complete' })
        next(n)
        if (what === 'twice') next(n)
        if (what === 'again') for (let earlier = after + 1; earlier <= n; earlier += 1) next(earlier)
        if (what === 'cut') return this.cut()
      }
    }

    cut() {
      this.readyState = 3
      this.onclose?.({ code: 1006, reason: '' })
    }

    close(code = 1005, reason = '') {
      if (this.readyState > 1) return
      this.readyState = 3
      setImmediate(() => this.onclose?.({ code, reason }))
    }
  }
  return FakeSocket as unknown as SocketImpl
}

it('tells each event once and in order, whatever is cut and whatever comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.array(mischief, { maxLength: 60 }),
      async (entries, script) => {
        const live = createLiveClient({
          url: 'ws://gateway.example/graphql',
          token: () => 'mia',
          webSocketImpl: socketsTo(entries, script),
          firstWaitMs: 0,
          mostWaitMs: 0,
        })
        onTestFinished(() => live.close())
        const heard: number[] = []
        const all = Promise.withResolvers<void>()
        live.subscribe(
          { query: 'subscription ($after: Cursor) { counted(after: $after) { n cursor } }', after: '0' },
          {
            next({ data }) {
              heard.push((data?.['counted'] as { n: number }).n)
              if (heard.at(-1) === entries) all.resolve()
            },
            resync: () => all.reject(new Error('resync')) ?? null,
          },
        )
        await all.promise
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
        live.close()
        expect(heard).toEqual(Array.from({ length: entries }, (_, n) => n + 1))
      },
    ),
    { numRuns: 150 },
  )
})
