import { setTimeout } from 'node:timers/promises'
import type { DocumentNode, FormattedExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import type { Facts } from './authenticate.ts'
import { leavable } from './channel.ts'
import { gatewayLimits, refuseBeyond, type DocumentLimits } from './document-limits.ts'
import { codedError } from './errors.ts'
import { bindFacts } from './federation-door.ts'
import type { GraphQLOperation } from './graphql.ts'
import type { Logger } from './logging.ts'
import { createLru } from './lru.ts'
import { maskErrors, type FormatError } from './mask-errors.ts'
import { tellingOfConditions } from './root-conditions.ts'
import { createTally } from './tally.ts'
import type { Viewer } from './viewer.ts'
import type { EndReason, LiveMetrics } from './websocket-metrics.ts'

/** What subscriptions need to know of the contexts of a service. */
export type Live<C extends object> = {
  /** Who subscribes; throws UNAUTHENTICATED for nobody. */
  viewer(context: C): Viewer
  /** The same caller's context for one event: nothing loaded for an earlier one is remembered, and making it costs nothing. */
  renew(context: C): C
  /** Calls `end` once the caller's login ends (UNAUTHENTICATED) or means something else (RESYNC_REQUIRED). Returns what stops watching. */
  watch(context: C, end: (error: GraphQLError) => void): () => void
}

export type Results = AsyncGenerator<FormattedExecutionResult, undefined, undefined>

/**
 * Runs a subscription. Refusals are a result with errors and without data; the stream's results are masked. It rejects with a masked
 * GraphQLError where it ends before its time: RESYNC_REQUIRED asks to subscribe again, with the last cursor or after a fresh look.
 */
export type Subscribe = (operation: GraphQLOperation, facts: Facts) => Promise<Results | FormattedExecutionResult>

type SubscriberOptions<C extends object> = {
  schema: GraphQLSchema
  context(facts: Facts): Promise<C>
  live: Live<C>
  log: Logger
  metrics: LiveMetrics
  /** Running subscriptions of one agent, or of one key, in this process. */
  perAgent?: number
  /** Of one document; the gateway's unless given. */
  limits?: DocumentLimits
  /** Prices what is subscribed to before it begins, and refuses it by throwing. Each event is paid for before it is run. */
  price?(context: C, document: DocumentNode, operation: GraphQLOperation): Promise<Payment>
  /** Hears of each event that was run, by the context that ran it. */
  answered?(context: C, event: EventAnswer): void
}

export type EventAnswer = {
  errors: FormattedExecutionResult['errors']
  document: DocumentNode
  operation: OperationDefinitionNode
}

/** Pays for an event: 0, or the milliseconds until it can be paid for. */
export type Payment = () => Promise<number>

const keptDocuments = 1_000
const keptText = 10_000
/** Who has left, or whose login has ended, is not kept waiting for points. */
const longestWaitMs = 250

export function createSubscriber<C extends object>(options: SubscriberOptions<C>): Subscribe {
  const { schema, live, log, metrics, perAgent = 300, limits = gatewayLimits } = options
  const documents = createLru<string, DocumentNode>(keptDocuments)
  const running = createTally()

  function documentOf({ query, variables, operationName }: GraphQLOperation): DocumentNode {
    const known = documents.get(query) ?? validDocument(schema, query, limits)
    if (query.length <= keptText) documents.set(query, known)
    checkVariables(schema, subscriptionIn(known, operationName), variables)
    return known
  }

  async function open(operation: GraphQLOperation, facts: Facts, format: FormatError): Promise<Results> {
    const document = documentOf(operation)
    const context = bindFacts(await options.context(facts), facts)
    const viewer = live.viewer(context)
    const pay = await options.price?.(context, document, operation)
    const release = running.enter(agentKey(viewer), viewer.kind === 'service' ? Infinity : perAgent)
    if (!release) throw tooMany(perAgent)
    const { variables: variableValues = {}, operationName } = operation
    const args = { schema, document, variableValues, operationName: operationName ?? null }
    const definition = subscriptionIn(document, operationName)
    const source = await createSourceEventStream({ ...args, contextValue: context }).catch((error: unknown) => {
      release()
      throw error
    })
    if (!(Symbol.asyncIterator in source)) {
      release()
      throw new Refused(source.errors ?? [])
    }
    const events = source[Symbol.asyncIterator]()
    let failure: GraphQLError | undefined
    const leaveSource = () => void Promise.resolve(events.return?.()).catch(() => {})
    const unwatch = live.watch(context, (error) => {
      failure = error
      leaveSource()
    })
    metrics.subscribed()
    let reason: EndReason | undefined
    const over = (why: EndReason) => {
      if (reason) return
      reason = why
      unwatch()
      release()
      leaveSource()
      metrics.ended(why)
    }

    async function* results(): Results {
      try {
        for (;;) {
          const event = await events.next()
          if (failure) throw failure
          if (event.done) return undefined
          for (let waitMs = await pay?.(); waitMs; waitMs = await pay?.()) {
            await setTimeout(Math.min(waitMs, longestWaitMs))
            if (failure) throw failure
            if (reason) return undefined
          }
          const contextValue = bindFacts(live.renew(context), facts)
          const { data, errors } = await execute({ ...args, rootValue: event.value, contextValue })
          if (failure) throw failure
          metrics.delivered()
          const shown = errors?.map((error) => format(error.toJSON(), error))
          options.answered?.(contextValue, { document, operation: definition, errors: shown })
          yield { data: data ?? null, ...(shown && { errors: shown }) }
        }
      } catch (error) {
        over(reasonOf(error))
        throw masked(error, format)
      } finally {
        over('done')
      }
    }
    return leavable(results(), () => over('done'))
  }

  return async (operation, facts) => {
    const format = maskErrors({ log, requestId: () => facts.requestId })
    try {
      return await open(operation, facts, format)
    } catch (error) {
      return refusalOf(error, format)
    }
  }
}

/** The answer where a subscription did not begin. */
export function refusalOf(error: unknown, format: FormatError): FormattedExecutionResult {
  const errors = error instanceof Refused ? error.errors : [error]
  return { errors: errors.map((one) => masked(one, format).toJSON()) }
}

/** Why a subscription does not begin. */
export class Refused extends Error {
  readonly errors: readonly GraphQLError[]

  constructor(errors: readonly GraphQLError[]) {
    super('refused')
    this.errors = errors
  }
}

/** A document that the schema allows, within limits; throws what it is refused for. */
export function validDocument(schema: GraphQLSchema, query: string, limits: DocumentLimits): DocumentNode {
  const { parseOptions, validationRules } = refuseBeyond(limits)
  let document: DocumentNode
  try {
    document = tellingOfConditions(parse(query, parseOptions), schema)
  } catch (error) {
    throw coded('GRAPHQL_PARSE_FAILED', error instanceof Error ? error.message : 'Syntax error')
  }
  const errors = validate(schema, document, [...specifiedRules, ...validationRules], {
    maxErrors: 10,
    hideSuggestions: true,
  })
  if (errors.length === 0) return document
  throw new Refused(
    errors.map(
      ({ message, nodes, extensions }) =>
        new GraphQLError(message.replace(suggestion, ''), {
          nodes: nodes ?? null,
          extensions: { ...extensions, ...invalid },
        }),
    ),
  )
}

/** The subscription to run; throws where it is none. */
export function subscriptionIn(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName)
  if (!operation) throw coded('OPERATION_RESOLUTION_FAILURE', 'There is no such operation in the document')
  if (operation.operation === 'subscription') return operation
  throw coded('BAD_REQUEST', 'Only subscriptions are served here: send queries and mutations over HTTP')
}

function checkVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown> = {},
): void {
  const { errors } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 10, hideSuggestions: true })
  if (errors) throw new Refused(errors.map(({ message }) => codedError('BAD_USER_INPUT', message)))
}

// The one that `hideSuggestions` leaves.
const suggestion = / Did you mean .*\?$/
const invalid = { code: 'GRAPHQL_VALIDATION_FAILED' }
const coded = (code: string, message: string) => new GraphQLError(message, { extensions: { code } })

/** What limits are counted by. */
export function agentKey(viewer: Viewer): string {
  if (viewer.kind === 'service') return viewer.tenantId
  return `${viewer.tenantId}/${viewer.kind === 'agent' ? viewer.agentId : viewer.keyId}`
}

/** How many subscriptions there may be was reached. */
export const tooMany = (limit: number): GraphQLError =>
  codedError('THROTTLED', `No more than ${limit} subscriptions at once`, { reason: 'TOO_MANY_SUBSCRIPTIONS' })

/** What a stream rejects with, as the client may see it. */
export function masked(error: unknown, format: FormatError): GraphQLError {
  const graphql = error instanceof GraphQLError ? error : new GraphQLError('failed', { originalError: error as Error })
  const { message, path, extensions } = format(graphql.toJSON(), graphql)
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null, nodes: graphql.nodes ?? null })
}

/** What a stream that rejects is counted as. */
export function reasonOf(error: unknown): EndReason {
  if (!(error instanceof GraphQLError)) return 'error'
  const { code, reason } = error.extensions
  if (code === 'UNAUTHENTICATED') return 'revoked'
  if (code === 'RESYNC_REQUIRED') return reason === 'OVERFLOW' ? 'overflow' : 'resync'
  return 'error'
}
