import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { GraphQLError, parse, type FormattedExecutionResult } from 'graphql'
import { handleProtocols, makeServer, type Context as Connection } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Facts } from './authenticate.ts'
import type { Logger } from './logging.ts'
import { internalError } from './mask-errors.ts'
import { agentKey, tooMany, type Results, type Subscribe } from './subscriptions.ts'
import type { ServiceName, Viewer } from './viewer.ts'
import { createTally } from './tally.ts'
import { answerPings, delivered, delivery } from './websocket-delivery.ts'
import { factsFor, factsOf } from './websocket-facts.ts'
import { createIntake, type Intake } from './websocket-intake.ts'
import { closeCodes, usualLimits, type WebSocketLimits } from './websocket-limits.ts'
import type { LiveMetrics } from './websocket-metrics.ts'

export type WebSocketOptions = {
  subscribe: Subscribe
  /** Who connects, and what tells that this no longer holds; throws UNAUTHENTICATED for nobody. */
  connect(facts: Facts): Promise<{ viewer: Viewer; watch(end: (error: GraphQLError) => void): () => void }>
  log: Logger
  metrics: LiveMetrics
  limits?: Partial<WebSocketLimits>
}

/** A door for WebSockets, opened by `HttpServer.upgrade(path, door)`. */
export type WebSocketDoor = {
  /** `caller`: the service of ours that signed the upgrade. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer, caller: ServiceName | null): void
  /** Closes every socket with 1001 and takes no more; after `deadlineMs` cuts what is left. */
  drain(deadlineMs?: number): Promise<void>
}

type Extra = {
  socket: WebSocket
  raw: Duplex
  request: IncomingMessage
  caller: ServiceName | null
  intake: Intake
  facts?: Facts
  release: (() => unknown)[]
}
type Peer = Connection<Record<string, unknown>, Extra>

/**
 * Subscriptions over the graphql-ws protocol. connection_init carries `{ authorization: "Bearer …" }`; a service of ours signs the
 * upgrade, and its headers say for which tenant; or each subscription says for whom it is, in its `extensions { authorization, tenantId,
 * address, requestId }`. A partner sends its key as `{ "x-api-key": "…" }`. Queries and mutations are refused.
 */
export function createWebSocketDoor(options: WebSocketOptions): WebSocketDoor {
  const { subscribe, log, metrics } = options
  const limits = { ...usualLimits, ...options.limits }
  const { maxPayload } = limits
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols,
    autoPong: false,
  })
  const perAgent = createTally()
  let draining = false

  /** Whether the socket may stay; one that may not is closed with its own code. */
  async function onConnect(peer: Peer): Promise<boolean> {
    const { extra } = peer
    const { socket, release } = extra
    const facts = factsOf(peer)
    const refuse = (code: number, reason: string): true => (socket.close(code, reason), true)
    // A service of ours that speaks for many names them with each subscription.
    if (facts.caller && !facts.authorization && !facts.tenantId) return Boolean((extra.facts = facts))
    try {
      const { viewer, watch } = await options.connect(facts)
      if (socket.readyState !== socket.OPEN) return true
      const leave = perAgent.enter(agentKey(viewer), viewer.kind === 'service' ? Infinity : limits.socketsPerAgent)
      if (!leave) return refuse(closeCodes.tooManySockets, 'TOO_MANY_SOCKETS')
      // What only changes what the caller may see ends their subscriptions, not the socket.
      const unwatch = watch((error) => {
        if (error.extensions['code'] === 'UNAUTHENTICATED') socket.close(closeCodes.unauthorized, reasonOf(error))
      })
      release.push(leave, unwatch)
      extra.facts = facts
      return true
    } catch (error) {
      if (error instanceof GraphQLError && error.extensions['code'] === 'UNAUTHENTICATED')
        return refuse(closeCodes.unauthorized, reasonOf(error))
      log.error({ err: error }, 'a WebSocket’s login could not be checked')
      return refuse(closeCodes.tryAgainLater, 'TRY_AGAIN_LATER')
    }
  }

  const server = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: limits.initTimeoutMs,
    onConnect,
    async onSubscribe({ extra }, id, payload) {
      const { query, variables, operationName, extensions } = payload
      const { documentId } = payload as { documentId?: unknown }
      const { facts, socket, raw, intake } = extra
      if (!facts) return [new GraphQLError('Log in first', { extensions: { code: 'UNAUTHENTICATED' } })]
      const limit = limits.perSocket * (facts.caller ? serviceScale : 1)
      if (intake.size >= limit) return [tooMany(limit)]
      const operation = {
        query,
        variables: variables ?? undefined,
        ...(typeof operationName === 'string' && { operationName }),
        ...(query === '' && { named: { documentId, extensions } }),
      }
      const outcome = await subscribe(operation, factsFor(facts, extensions)).finally(intake.begin())
      if (!(Symbol.asyncIterator in outcome)) return outcome.errors?.map(errorOf) ?? []
      // Parsed, checked and begun already: what graphql-ws would execute stands in for it.
      return { ...begun, contextValue: delivered(outcome, delivery(socket, raw, id)) }
    },
    subscribe: ({ contextValue }) => contextValue as Results as never,
    // What a stream rejects with was masked where it came from; anything else is a fault of ours.
    onError: ({ extra }, _id, _payload, errors) =>
      errors.map((error) => {
        if (error.extensions['code'] !== undefined) return error.toJSON()
        log.error({ err: error }, 'a subscription ended with a fault')
        return internalError(extra.facts?.requestId)
      }),
  })

  function accept(socket: WebSocket, raw: Duplex, request: IncomingMessage, caller: ServiceName | null): void {
    metrics.socketOpened()
    const release: (() => unknown)[] = []
    let handle = async (_message: string): Promise<void> => {}
    const width = limits.beginning * (caller ? serviceScale : 1)
    const intake = createIntake({ socket, handle: (message) => handle(message), width })
    let answered = true
    const keepAlive = setInterval(() => {
      if (!answered) return socket.terminate()
      answered = false
      socket.ping()
    }, limits.keepAliveMs)
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise<void>((resolve) => {
            // Resolved when it has left this process: a slow client holds its own stream back, and nothing piles up here.
            if (socket.readyState === socket.OPEN) socket.send(data, () => resolve())
            else resolve()
          }).finally(intake.answer()),
        close: (code, reason) => socket.close(code, reason),
        onMessage(listener) {
          handle = (message) =>
            listener(message).catch((error: unknown) => {
              log.error({ err: error }, 'a WebSocket’s message could not be handled')
              socket.close(closeCodes.tryAgainLater, 'TRY_AGAIN_LATER')
            })
          socket.on('message', (data, isBinary) => {
            if (isBinary) socket.close(closeCodes.badRequest, 'BINARY_MESSAGE')
            else intake.take(String(data))
          })
        },
      },
      { socket, raw, request, caller, intake, release },
    )
    socket.on('pong', () => (answered = true))
    answerPings(socket)
    socket.on('error', (error: Error & { code?: string }) => log.debug({ code: error.code }, 'a WebSocket failed'))
    socket.once('close', (code, reason) => {
      clearInterval(keepAlive)
      metrics.socketClosed(code)
      for (const one of release.splice(0)) one()
      closed(code, String(reason)).catch((error: unknown) =>
        log.error({ err: error }, 'a WebSocket did not end cleanly'),
      )
    })
  }

  return {
    handle(request, socket, head, caller) {
      if (draining || sockets.clients.size >= limits.sockets) return refuseUpgrade(socket)
      sockets.handleUpgrade(request, socket, head, (opened) => accept(opened, socket, request, caller))
    },
    async drain(deadlineMs = 5_000) {
      draining = true
      const left = [...sockets.clients].map((socket) => {
        const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
        socket.close(closeCodes.goingAway, 'GOING_AWAY')
        return gone
      })
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, deadlineMs)
      await Promise.all(left).finally(() => clearTimeout(timer))
    },
  }
}

/** How many times as much as a client a service of ours may have on one socket. */
const serviceScale = 100

const begun = { schema: undefined as never, document: parse('subscription { begun }') }

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n')
}

const reasonOf = ({ extensions }: GraphQLError): string => {
  const reason = extensions['reason']
  return typeof reason === 'string' ? reason.slice(0, 100) : 'UNAUTHENTICATED'
}

const errorOf = ({ message, extensions, path, locations }: NonNullable<FormattedExecutionResult['errors']>[number]) =>
  Object.assign(new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null }), { locations })
