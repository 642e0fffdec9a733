import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from './clock.ts'
import { createPartnerClient } from './client.ts'
import type { PartnerOptions, Throttle } from './types.ts'

export const key = 'qk_live_canary-0123456789'
type Asked = {
  method: string
  path: string
  key: string | undefined
  query: string
  variables: Record<string, unknown>
}
export type Answering = (response: ServerResponse, asked: Asked) => void

/** A door that answers as the script says, one entry a request; past its end the last one again. */
export async function openFaultyDoor(...script: Answering[]) {
  const asked: Asked[] = []
  const answerNext = (one: Asked, response: ServerResponse) => {
    asked.push(one)
    const answer = script.length > 1 ? script.shift() : script[0]
    answer?.(response, one)
  }
  const server = createServer((request, response) => {
    read(request).then(
      (one) => answerNext(one, response),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    asked,
    origin,
    url: `${origin}/partner/graphql`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as object) : {}
  const { method = '', url: path = '', headers } = request
  return { query: '', variables: {}, ...body, method, path, key: headers['x-api-key'] as string | undefined }
}

/** Answers JSON. */
export const json =
  (body: object, status = 200, headers: Record<string, string> = {}): Answering =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r-1', ...headers })
      .end(JSON.stringify(body))

export const text =
  (body: string, status = 200, headers: Record<string, string> = {}): Answering =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body)

export const coded = (code: string, extensions: object = {}): object => ({
  errors: [{ message: 'x', extensions: { code, ...extensions } }],
})

/** Hangs up without an answer. */
export const hangUp: Answering = (response) => void response.socket?.resetAndDestroy()

export const limits = { limit: 60, remaining: 59, resetAt: '2026-11-21T12:00:00.000Z', maximumQueryCost: 50_000 }
export const fine = json({ data: { rateLimit: limits } })

export type SkippingClock = Clock & { waited: number[]; expire(): void }

/** Time passes at once where something waits; a time-out comes only when it is told to. */
export function skippingClock(): SkippingClock {
  let now = Date.parse('2026-11-21T12:00:00Z')
  const waited: number[] = []
  const timeOuts = new Set<() => void>()
  return {
    waited,
    now: () => now,
    expire: () => [...timeOuts].forEach((end) => end()),
    async wait(milliseconds, signal, purpose) {
      signal?.throwIfAborted()
      if (purpose !== 'timeOut') return void (waited.push(milliseconds), (now += milliseconds))
      await new Promise<void>((resolve, reject) => {
        timeOuts.add(resolve)
        signal?.addEventListener('abort', () => (timeOuts.delete(resolve), reject(signal.reason)), { once: true })
      })
    },
  }
}

/** A client of that door, whose waits are counted and not waited. */
export function clientOf(url: string, given: Partial<PartnerOptions> = {}) {
  const clock = skippingClock()
  const throttles: Throttle[] = []
  const onThrottle = (throttle: Throttle) => void throttles.push(throttle)
  const client = createPartnerClient({ url, apiKey: key, clock, random: () => 0, onThrottle, ...given })
  return { client, clock, throttles }
}

/** What a call rejects with. */
export const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Error & Record<string, unknown>,
  )
