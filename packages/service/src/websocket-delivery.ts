import type { Duplex } from 'node:stream'
import type { FormattedExecutionResult } from 'graphql'
import type { WebSocket } from 'ws'
import { textOf } from './result-text.ts'
import type { Results } from './subscriptions.ts'

/** Bytes that may wait to leave a socket before its subscriptions wait with them. */
const mostWaiting = 64 * 1024

const end = Buffer.from('}')
const asText = { binary: false }

/** Sends results of one subscription. What it returns is to be awaited before the next one: the client is behind. */
export type Deliver = (result: FormattedExecutionResult) => Promise<void> | undefined

/** `raw`: what the WebSocket runs on. */
export function delivery(socket: WebSocket, raw: Duplex, id: string): Deliver {
  const begin = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  return (result) => {
    if (socket.readyState !== socket.OPEN) return undefined
    const message = Buffer.concat([begin, textOf(result), end])
    holdForTurn(raw)
    if (socket.bufferedAmount <= mostWaiting) return void socket.send(message, asText)
    return new Promise((resolve) => socket.send(message, asText, () => resolve()))
  }
}

const held: Duplex[] = []

// What one turn of the event loop tells a client leaves in one system call: that call is most of what a delivery costs.
function holdForTurn(raw: Duplex): void {
  if (raw.writableCorked > 0) return
  raw.cork()
  if (held.push(raw) === 1) setImmediate(releaseHeld)
}

function releaseHeld(): void {
  for (const raw of held.splice(0)) raw.uncork()
}

/**
 * The whole stream as one step that delivers by itself, for graphql-ws, which then only tells the client how it ended: its own loop takes
 * ten promises a result, this one takes what the stream takes.
 */
export function delivered(results: Results, deliver: Deliver): Results {
  let isLeft = false
  const over: IteratorReturnResult<undefined> = { done: true, value: undefined }
  async function leave(): Promise<IteratorReturnResult<undefined>> {
    isLeft = true
    await results.return(undefined)
    return over
  }
  return {
    async next() {
      while (!isLeft) {
        const { value, done } = await results.next()
        if (done || isLeft) break
        const isBehind = deliver(value)
        if (isBehind) await isBehind
      }
      return over
    },
    return: leave,
    async throw(error: unknown) {
      await leave()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: async () => void (await leave()),
  }
}

/** Answers pings, one after the other: of those that come while a client takes no answers only the last is. */
export function answerPings(socket: WebSocket): void {
  let isAnswering = false
  let latest: Buffer | undefined
  function answer(data: Buffer): void {
    if (isAnswering) return void (latest = data)
    isAnswering = true
    socket.pong(data, false, () => {
      isAnswering = false
      const next = latest
      latest = undefined
      if (next) answer(next)
    })
  }
  socket.on('ping', answer)
}
