import { CloseCode } from 'graphql-ws'

/**
 * Why a socket of ours closes. Clients come again after 1001, 1006, 1013 and 4440, and log in again after 4401.
 * The rest are faults of the client, as the graphql-ws protocol numbers them.
 */
export const closeCodes = {
  /** The service stops: come again, with the last cursor. */
  goingAway: 1001,
  /** A message was larger than `maxPayload`. */
  tooLarge: 1009,
  /** We could not tell whether the login holds: come again later. */
  tryAgainLater: 1013,
  /** A message that the protocol does not know. */
  badRequest: CloseCode.BadRequest,
  /** No login, a wrong one, or one that has ended; the close reason says which: TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, SESSION_ENDED. */
  unauthorized: CloseCode.Unauthorized,
  /** The client speaks another protocol than graphql-transport-ws. */
  protocol: CloseCode.SubprotocolNotAcceptable,
  /** No connection_init in time. */
  initTimeout: CloseCode.ConnectionInitialisationTimeout,
  /** A subscription's id was used twice. */
  duplicateId: CloseCode.SubscriberAlreadyExists,
  /** A second connection_init. */
  secondInit: CloseCode.TooManyInitialisationRequests,
  /** The agent has too many open sockets. */
  tooManySockets: 4440,
} as const

/** What a socket is asked to hold to. */
export type WebSocketLimits = {
  /** Milliseconds until connection_init. */
  initTimeoutMs: number
  /** Bytes of one message. */
  maxPayload: number
  /** Running subscriptions of one socket; of a service of ours, a hundred times as many. */
  perSocket: number
  /** Subscriptions that one socket may begin at once before it is read on; of a service of ours, a hundred times as many. */
  beginning: number
  /** Open sockets of one agent, or of one key, in this process. */
  socketsPerAgent: number
  /** Open sockets of this process, those included that have not said who they are. */
  sockets: number
  /** Milliseconds between pings; a socket that did not answer the last one is cut. */
  keepAliveMs: number
}

export const usualLimits: WebSocketLimits = {
  initTimeoutMs: 3_000,
  maxPayload: 256 * 1024,
  perSocket: 100,
  beginning: 20,
  socketsPerAgent: 30,
  sockets: 20_000,
  keepAliveMs: 15_000,
}
