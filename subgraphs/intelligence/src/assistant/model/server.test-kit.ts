import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

type Format = { type: string; json_schema?: { name: string; strict: boolean; schema: Record<string, unknown> } }

/** A request as the server saw it. */
export type Asked = {
  body: {
    model: string
    stream: boolean
    messages: { role: string; content: string }[]
    response_format: Format
    max_tokens?: number
    max_completion_tokens?: number
  }
  raw: string
  authorization: string | undefined
  /** resolves when its connection or its answer is over: true where the answer was complete */
  closed: Promise<boolean>
}

/** What the server does with a request. */
export type Behaviour = (response: ServerResponse, asked: Asked) => void | Promise<void>

export type Usage = { prompt_tokens: number; completion_tokens: number }

const sse = { 'content-type': 'text/event-stream' }
const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`
const delta = (content: string, finish: string | null = null) =>
  event({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  })

/** In pieces of a few characters, as tokens come. */
export const piecesOf = (answer: string, size = 7): string[] =>
  Array.from({ length: Math.ceil(answer.length / size) }, (_, index) => answer.slice(index * size, (index + 1) * size))

/** A good answer, token by token. */
export const streams =
  (answer: string, usage?: Usage): Behaviour =>
  (response) => {
    response.writeHead(200, sse)
    for (const piece of piecesOf(answer)) response.write(delta(piece))
    response.write(delta('', 'stop'))
    if (usage) response.write(event({ choices: [], usage }))
    response.end('data: [DONE]\n\n')
  }

/** A good answer by a server that knows no streams. */
export const answersWhole =
  (answer: string, usage?: Usage): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ choices: [{ message: { content: answer }, finish_reason: 'stop' }], usage }))
  }

/** Takes the request and never says a word. */
export const hangs: Behaviour = () => {}

/** Begins well, and says nothing more. */
export const stalls =
  (answer: string): Behaviour =>
  (response) => {
    response.writeHead(200, sse)
    response.write(delta(answer))
  }

/** Breaks the connection off in the middle. */
export const breaksOff =
  (answer: string): Behaviour =>
  async (response) => {
    response.writeHead(200, sse)
    await new Promise<void>((done) => response.write(delta(answer), () => done()))
    response.socket?.destroy()
  }

/** Ends in the middle as if that were the end. */
export const endsEarly =
  (answer: string): Behaviour =>
  (response) => {
    response.writeHead(200, sse)
    response.end(delta(answer))
  }

/** Says more than anybody reads, for as long as somebody does. */
export const floods: Behaviour = (response) => {
  response.writeHead(200, sse)
  const chunk = delta('x'.repeat(4_000))
  Readable.from(
    (function* () {
      for (;;) yield chunk
    })(),
  ).pipe(response)
}

export const refuses =
  (status: number, headers: Record<string, string> = {}, body: unknown = { error: { message: 'no' } }): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }

/** A server as compatible ones are, on HTTP; it does what `behave` was given, the last again and again. */
export async function startModelServer(): Promise<{
  url: string
  asked: Asked[]
  /** waits until so many requests came since it was started */
  seen(count: number): Promise<void>
  behave(...behaviours: Behaviour[]): void
  close(): Promise<void>
}> {
  let behaviours: Behaviour[] = []
  let waiting: { count: number; done: () => void }[] = []
  const asked: Asked[] = []
  const server = createServer((request, response) => void answer(request, response))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { promise: closed, resolve } = Promise.withResolvers<boolean>()
    response.once('close', () => resolve(response.writableFinished))
    response.on('error', () => {})
    const raw = await text(request)
    const one = { body: JSON.parse(raw) as Asked['body'], raw, authorization: request.headers.authorization, closed }
    asked.push(one)
    for (const { count, done } of waiting) if (asked.length >= count) done()
    waiting = waiting.filter(({ count }) => asked.length < count)
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0]
    await behaviour?.(response, one)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    seen(count) {
      if (asked.length >= count) return Promise.resolve()
      return new Promise((done) => void waiting.push({ count, done }))
    },
    behave: (...next) => void (behaviours = next),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
