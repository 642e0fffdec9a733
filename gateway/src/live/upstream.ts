import type { Audience } from '@quimbi/service/audience.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Results } from '@quimbi/service/subscriptions.ts'
import { GraphQLError, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql'
import { isEntity, type Entity } from '../engine/entities.ts'
import { eventIn, type LiveOperation } from './operation.ts'
import { own } from './primary.ts'
import type { SubgraphStream } from './sources.ts'

/** What the subgraph told of one event, and what we asked of it for ourselves. */
export type Received = {
  data: Entity
  errors: readonly GraphQLFormattedError[]
  cursor: string | null
  /** RFC 3339 */
  at: string | null
  audience: Audience | null
  sight: Audience | null
  /** Whether it said that nothing comes after it. */
  isLast: boolean
}

export type UpstreamOptions = {
  stream: SubgraphStream
  operation: LiveOperation
  variables: Readonly<Record<string, unknown>>
  facts: Facts
  /** The cursor to begin after; null: from now on, which is not known again after a loss. */
  after: string | null
  onLost?: (() => void) | undefined
}

const mostFaults = 3

/**
 * The events of a subscription at its subgraph, over any number of connections: each once, in order. A lost one is opened again, with a growing pause, after
 * the last event that was told whole. It rejects as the subgraph does, and with RESYNC_REQUIRED where it cannot go on by itself.
 */
export function openUpstream(options: UpstreamOptions): AsyncGenerator<Received, undefined> {
  const { stream, operation, variables, facts, onLost } = options
  const left = Promise.withResolvers<void>()
  let isLeft = false
  let current: Results | undefined
  let place = { settled: options.after, last: null as string | null, told: 0 }
  let [failures, faults] = [0, 0]

  async function connect(): Promise<Results> {
    const outcome = await stream(operation.primary(variables, place.settled), facts)
    if (Symbol.asyncIterator in outcome) return outcome
    throw errorOf(outcome)
  }

  /** One connection, from its beginning to its last event; a stream that ends without one was lost. */
  async function* once(): AsyncGenerator<Received, undefined> {
    current = await connect()
    if (isLeft) await current.return(undefined)
    // An entry of the log may be told in several events: those that came before the loss come again.
    let repeated = place.last === null ? 0 : place.told
    for await (const result of current) {
      const received = receive(operation, result)
      if (!received) {
        faults += 1
        throw faults > mostFaults ? failed() : lost()
      }
      if (repeated > 0 && received.cursor === place.last) {
        repeated -= 1
        continue
      }
      repeated = 0
      ;[failures, faults] = [0, 0]
      place = next(place, received.cursor)
      yield received
      if (received.isLast) return undefined
    }
    throw lost()
  }

  async function* events(): AsyncGenerator<Received, undefined> {
    while (!isLeft) {
      try {
        yield* once()
        return undefined
      } catch (error) {
        if (isLeft) return undefined
        if (!isLoss(error)) throw error
        if (!operation.isResumable || place.settled === null) throw startAgain()
        onLost?.()
        await pause(failures, left.promise)
        failures += 1
      }
    }
    return undefined
  }

  return leavable(events(), () => {
    isLeft = true
    left.resolve()
    void current?.return(undefined).catch(() => {})
  })
}

type Place = { settled: string | null; last: string | null; told: number }

/** `settled`: the last cursor of which nothing more can come. */
function next(place: Place, cursor: string | null): Place {
  if (cursor === place.last) return { ...place, told: place.told + 1 }
  return { settled: place.last ?? place.settled, last: cursor, told: 1 }
}

function receive(operation: LiveOperation, { data, errors = [] }: FormattedExecutionResult): Received | null {
  const copied = isEntity(data) ? { ...data } : {}
  const root = eventIn(copied, operation.key)
  const told = root ? { ...root } : null
  const take = (name: string): unknown => {
    const value = told?.[name]
    if (told) delete told[name]
    return value
  }
  const [cursor, at, audience, sight] = [take(own.cursor), take(own.at), take(own.audience), take(own.sight)]
  const isLast = take(own.done) === true
  // Without its cursor or its audience nobody can be told of it, and nothing can go on after it.
  if (operation.isResumable && typeof cursor !== 'string') return null
  if (operation.hasAudience && !isEntity(audience)) return null
  if (told) copied[operation.key] = told
  operation.onReceived?.(copied)
  return {
    data: copied,
    errors,
    cursor: typeof cursor === 'string' ? cursor : null,
    at: typeof at === 'string' ? at : null,
    audience: isEntity(audience) ? (audience as Audience) : null,
    sight: isEntity(sight) ? (sight as Audience) : null,
    isLast,
  }
}

/** From a tenth of a second, doubled up to five; shortened by chance, so that not all come at once. */
function pause(failures: number, left: Promise<void>): Promise<void> {
  const ms = Math.min(5_000, 100 * 2 ** failures) * (0.5 + Math.random() / 2)
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  return Promise.race([promise, left]).finally(() => clearTimeout(timer))
}

/** Whether only the way to the subgraph was lost, or it could not follow: nothing that a new connection does not mend. */
function isLoss(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false
  const { code, reason } = error.extensions
  return code === 'SUBGRAPH_UNAVAILABLE' || (code === 'RESYNC_REQUIRED' && reason === 'OVERFLOW')
}

function errorOf({ errors }: FormattedExecutionResult): GraphQLError {
  const { message, path, extensions } = errors?.[0] ?? { message: 'The service refused the subscription' }
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null })
}

const lost = () => codedError('SUBGRAPH_UNAVAILABLE', 'The service’s stream was lost', { retryable: true })
const failed = () => resync('EVENT_FAILED')
const startAgain = () => resync('UPSTREAM_LOST')

/** Asks to subscribe again: with the last cursor, or after a fresh look. */
export const resync = (reason: 'EVENT_FAILED' | 'UPSTREAM_LOST' | 'OVERFLOW' | 'ROLE_CHANGED') =>
  codedError('RESYNC_REQUIRED', 'Subscribe again with the last cursor, or load afresh.', { reason, retryable: true })
