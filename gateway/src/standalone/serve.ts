import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { ConfigError } from '@quimbi/service/config.ts'
import { createGraphQL, type GraphQLDoor, type HttpExchange } from '@quimbi/service/graphql.ts'
import { createHttp } from '@quimbi/service/http.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createPlainClient } from '@quimbi/service/plain-client.ts'
import type { Running } from '@quimbi/service/start.ts'
import { disableApolloTelemetry } from '../config.ts'
import { cacheControlOf } from '../engine/cache-control.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { fetchMetrics } from '../engine/fetch-metrics.ts'
import { leaving } from '../leaving.ts'
import type { GatewayArguments } from './arguments.ts'
import { callOf, type PlainFacts } from './calls.ts'
import { plainErrors } from './errors.ts'
import { firstLine, StartError } from './start-error.ts'
import { remotesOf } from './subgraphs.ts'
import { followFile } from './follow-file.ts'

type Context = { facts: PlainFacts; signal: AbortSignal | undefined }
type Options = GatewayArguments & {
  log: Logger
  /** How often the file is looked at; 1 s. */
  pollMs?: number
}

const bodyLimit = 16 * 1024 * 1024
/** Whatever a document holds: who may ask is decided elsewhere. */
const unlimited = { depth: Infinity, aliases: Infinity, directives: Infinity, tokens: Infinity }

/** A gateway of any supergraph, alone: `reload` reads the file again and keeps what it has where that is wrong. @throws StartError */
export async function serveStandalone(options: Options): Promise<Running & { reload(): Promise<void> }> {
  const { supergraph: file, port, host, log, pollMs = 1_000 } = options
  disableApolloTelemetry()
  const metrics = createMetrics('gateway')
  const client = createPlainClient()
  const graphOf = (sdl: string) => {
    const remotes = remotesOf(sdl)
    return { sdl, calls: Object.fromEntries(remotes.map((remote) => [remote.name, callOf(client, remote)])) }
  }
  const { sdl, calls } = graphOf(await read(file))
  const engine = opened(() =>
    createEngine({
      supergraphSdl: sdl,
      calls,
      cacheControl: true,
      completionErrors: true,
      metrics: fetchMetrics(metrics.registry),
    }),
  )
  const door = await openDoor(engine, options, metrics)
  const http = createHttp({ service: 'gateway', log, metrics, readiness: async () => ({}), bodyLimit })
  await http.app.register(door.routes)
  const { url } = await http.listen(port, host).catch(explain)

  let served = sdl
  async function readAgain(): Promise<void> {
    try {
      const text = await read(file)
      if (text === served) return
      const next = graphOf(text)
      engine.update(next.sdl, next.calls)
      served = text
      log.info({ subgraphs: Object.keys(next.calls) }, 'serving the changed supergraph')
    } catch (error) {
      log.error({ reason: firstLine(error) }, 'the changed supergraph cannot be served; serving the one before')
    }
  }
  // One after the other: of two that read at once, the one that read the older text might be the last to serve it.
  let turn: Promise<void> = Promise.resolve()
  const reload = () => (turn = turn.then(readAgain))
  const stopFollowing = followFile(file, pollMs, reload)
  return {
    url,
    log,
    reload,
    stoppables: [
      { name: 'supergraph file', stop: stopFollowing },
      { name: 'http', stop: () => http.drain() },
      { name: 'gateway', stop: () => door.stop() },
      { name: 'subgraph connections', stop: () => client.close() },
    ],
  }
}

async function openDoor(
  gateway: Engine,
  { forward, log }: Options,
  metrics: ReturnType<typeof createMetrics>,
): Promise<Pick<GraphQLDoor<Context>, 'routes' | 'stop'>> {
  const names = ['authorization', ...forward]
  const context = async ({ requestId }: Facts, exchange?: HttpExchange): Promise<Context> => ({
    facts: { requestId, caller: null, forwarded: forwarded(names, exchange?.request.headers ?? {}) },
    signal: exchange && leaving(exchange.reply.raw),
  })
  return createGraphQL<Context>(
    { gateway },
    {
      context,
      log,
      metrics,
      introspection: true,
      limits: unlimited,
      formatError: plainErrors(log),
      plugins: [
        {
          requestDidStart: async () => ({
            async willSendResponse({ overallCachePolicy, response: { body, http } }) {
              const hasErrors = body.kind !== 'single' || (body.singleResult.errors?.length ?? 0) > 0
              http.headers.set('cache-control', cacheControlOf(overallCachePolicy, hasErrors))
            },
          }),
        },
      ],
    },
  )
}

/** The headers that go on to subgraphs. */
function forwarded(names: readonly string[], headers: IncomingHttpHeaders): PlainFacts['forwarded'] {
  const sent = names.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, [value].flat().join(', ')] as const]
  })
  return Object.fromEntries(sent)
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new StartError('SUPERGRAPH_MISSING', `There is no file ${file}.`)
    throw new StartError('SUPERGRAPH_UNREADABLE', `${file} cannot be read: ${firstLine(error)}`)
  }
}

function opened(open: () => Engine): Engine {
  try {
    return open()
  } catch (error) {
    throw new StartError('SUPERGRAPH_INVALID', `The supergraph cannot be served: ${firstLine(error)}`)
  }
}

function explain(error: unknown): never {
  if (error instanceof ConfigError)
    throw new StartError('PORT', error.message.replace(/ Set PORT.*/, ' Give another with --port.'))
  throw error
}
