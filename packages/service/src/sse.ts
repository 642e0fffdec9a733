import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError, type FormattedExecutionResult } from 'graphql'
import { codedError } from './errors.ts'
import { factsFrom } from './graphql.ts'
import { refusedWith } from './http-errors.ts'
import type { Logger } from './logging.ts'
import { internalError } from './mask-errors.ts'
import { textOf } from './result-text.ts'
import { operationOf, takesEventStream } from './sse-request.ts'
import type { Results, Subscribe } from './subscriptions.ts'
import type { LiveMetrics } from './websocket-metrics.ts'

export type EventStreamOptions = {
  subscribe: Subscribe
  log: Logger
  metrics: LiveMetrics
  /** Where the door is; `/graphql/stream`. */
  path?: string
  /** Open streams of this process; 5,000. */
  streams?: number
  /** Milliseconds between heartbeats; a client that took nothing between two is cut. */
  keepAliveMs?: number
}

/**
 * Subscriptions as server-sent events, one stream each (the "distinct connections" of the graphql-sse protocol): GET or POST, the login in
 * the Authorization header. What cannot be subscribed to is told in the stream, as the protocol wants it; a missing login, too many
 * streams and a service that is away by their HTTP status. A stream that ends before its time tells the coded error first.
 *
 * Written by hand: graphql-sse's own handler queues without bound for a client that does not read.
 */
export function eventStreams(options: EventStreamOptions): FastifyPluginAsync {
  const { subscribe, path = '/graphql/stream', streams = 5_000 } = options
  const open = new Set<EventStream>()
  let opening = 0
  let isDraining = false

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!takesEventStream(request)) return refuse(reply, request, 406)
    if (request.url.length > longestUrl) return refuse(reply, request, 414)
    const operation = operationOf(request)
    if (isDraining) throw goingAway()
    if (open.size + opening >= streams) throw tooManyStreams()
    opening += 1
    const outcome = await subscribe(operation, factsFrom(request)).finally(() => (opening -= 1))
    if (!(Symbol.asyncIterator in outcome)) {
      const failure = outcome.errors?.find(({ extensions }) => byStatus.has(String(extensions?.['code'])))
      if (failure) throw new GraphQLError(failure.message, { extensions: failure.extensions ?? null })
    }
    reply.hijack()
    begin(reply)
    const stream = tell(outcome, reply.raw, { ...options, requestId: request.id })
    open.add(stream)
    if (isDraining) stream.end(goingAway())
    await stream.over.finally(() => open.delete(stream))
    return reply
  }

  return async (app) => {
    app.route({ method: ['GET', 'POST'], url: path, exposeHeadRoute: false, handler: handle })
    app.addHook('preClose', async () => {
      isDraining = true
      for (const stream of open) stream.end(goingAway())
      await Promise.all([...open].map(({ over }) => over))
    })
  }
}

/** Of a GET; proxies on the way may take less than Node does. */
const longestUrl = 8 * 1024
const byStatus = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'THROTTLED', 'SUBGRAPH_UNAVAILABLE'])

type EventStream = { over: Promise<void>; end(error: GraphQLError): void }
type Telling = Pick<EventStreamOptions, 'log' | 'metrics' | 'keepAliveMs'> & { requestId: string }

/** Writes results as they come, no faster than the client takes them, until the stream ends, the client leaves or `end` is called. */
function tell(
  outcome: Results | FormattedExecutionResult,
  response: ServerResponse,
  { log, metrics, keepAliveMs = 15_000, requestId }: Telling,
): EventStream {
  const results = Symbol.asyncIterator in outcome ? outcome : once(outcome)
  let failure: GraphQLError | undefined
  const leave = () => void results.return(undefined).catch(() => {})
  response.once('close', leave)
  response.on('error', () => {}) // "close" follows
  let written = 0
  const heartbeat = setInterval(() => {
    // What waited before the last beat waits still: nobody reads.
    if (response.writableNeedDrain && response.writableLength >= written) return void response.destroy()
    written = response.writableLength
    if (!response.writableNeedDrain) response.write(':\n\n')
  }, keepAliveMs)

  async function run(): Promise<void> {
    try {
      for (let step = await results.next(); !step.done; step = await results.next()) {
        if (response.destroyed) return
        await write(response, step.value)
      }
      if (failure) throw failure
    } catch (error) {
      await write(response, { errors: [told(error, log, requestId)] })
    } finally {
      clearInterval(heartbeat)
      response.off('close', leave)
      leave()
      metrics.streamClosed()
      if (!response.destroyed) response.end('event: complete\ndata: \n\n')
    }
  }

  metrics.streamOpened()
  return {
    over: run(),
    end(error) {
      failure = error
      leave()
    },
  }
}

async function* once(result: FormattedExecutionResult): Results {
  yield result
}

const [before, after] = [Buffer.from('event: next\ndata: '), Buffer.from('\n\n')]

/** Resolves when the client took it, or has left. */
function write(response: ServerResponse, result: FormattedExecutionResult): Promise<void> | undefined {
  if (response.destroyed) return undefined
  if (response.write(Buffer.concat([before, textOf(result), after]))) return undefined
  return new Promise((resolve) => {
    const over = () => {
      response.off('drain', over).off('close', over)
      resolve()
    }
    response.once('drain', over).once('close', over)
  })
}

function begin(reply: FastifyReply): void {
  const own = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'x-request-id': reply.request.id,
  }
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...own }))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.writeHead(200)
  // Some browsers tell of a stream only once something came.
  reply.raw.write(':\n\n')
}

function told(error: unknown, log: Logger, requestId: string) {
  if (error instanceof GraphQLError && error.extensions['code'] !== undefined) return error.toJSON()
  log.error({ err: error }, 'a subscription ended with a fault')
  return internalError(requestId)
}

function refuse(reply: FastifyReply, { id }: FastifyRequest, status: number): FastifyReply {
  return reply.code(status).send(refusedWith(status, id).body)
}

const goingAway = () =>
  codedError('SUBGRAPH_UNAVAILABLE', 'The service is stopping: come again.', { retryable: true, reason: 'GOING_AWAY' })

const tooManyStreams = () =>
  codedError('THROTTLED', 'There are too many open streams.', {
    retryable: true,
    retryAfterMs: 5_000,
    reason: 'TOO_MANY_STREAMS',
  })
