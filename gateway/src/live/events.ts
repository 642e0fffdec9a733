import { isAddressed, type Audience, type Watcher } from '@quimbi/service/audience.ts'
import { leavable } from '@quimbi/service/channel.ts'
import { positionIn } from '@quimbi/service/log-position.ts'
import type { FormatError } from '@quimbi/service/mask-errors.ts'
import type { FormattedExecutionResult, GraphQLError } from 'graphql'
import { answer, type Engine } from '../engine/engine.ts'
import { subgraphError } from '../engine/errors.ts'
import type { Run } from '../engine/run.ts'
import type { RequestContext } from '../engine/stock.ts'
import { inOrder } from './in-order.ts'
import type { FederatedMetrics } from './metrics.ts'
import { eventIn, type LiveOperation } from './operation.ts'
import { openUpstream, type Received, type UpstreamOptions } from './upstream.ts'

/** An event as it is told. */
export type LiveEvent = {
  /** Its place in the tenant's log; null where it has none. */
  position: bigint | null
  /** What this watcher is told of it, the same object for all who are told the same; null: nothing. */
  resultFor(watcher: Watcher): FormattedExecutionResult | null
}

export type EventsOptions = Omit<UpstreamOptions, 'onLost'> & {
  tenantId: string
  coerced: Readonly<Record<string, unknown>>
  ask: Engine['ask']
  format: FormatError
  metrics: FederatedMetrics
  /** How long other subgraphs may take for one event. */
  restMs: number
}

const atOnce = 8

/** A subscription's events, each with what all subgraphs know of it, in order. Rejects as `openUpstream` does. */
export function openEvents(options: EventsOptions): AsyncGenerator<LiveEvent, undefined> {
  const { operation, metrics } = options
  const upstream = openUpstream({ ...options, onLost: () => metrics.lost(operation.service) })
  const events = inOrder(upstream, (received) => complete(options, received), atOnce)
  return leavable(events, () => void events.return(undefined))
}

async function complete(options: EventsOptions, received: Received): Promise<LiveEvent> {
  const { operation, coerced, variables, format, tenantId, metrics } = options
  const { graph, prepared } = operation
  const errors = received.errors.map((error) => subgraphError(error, operation.service, error.path && [...error.path]))
  const run: Run = { variables, coerced, root: received.data, errors, memory: new Map(), ask: unasked }
  if (operation.hasRest) await askRest(options, run)
  const told = await answer(graph, prepared, requestOf(variables), run)
  if (received.at !== null) metrics.told((Date.now() - Date.parse(received.at)) / 1_000)
  const result: FormattedExecutionResult = {
    data: told.data ?? null,
    ...(told.errors?.length && { errors: told.errors.map((error: GraphQLError) => format(error.toJSON(), error)) }),
  }
  return {
    position: received.cursor === null ? null : positionIn(tenantId, received.cursor),
    resultFor: chooser(operation, received, result),
  }
}

async function askRest({ operation, ask, facts, restMs, metrics }: EventsOptions, run: Run): Promise<void> {
  const opened = ask({ facts, deadlineMs: restMs })
  metrics.completed()
  try {
    await operation.rest({ ...run, ask: opened.ask })
  } finally {
    opened.close()
  }
}

const unasked: Run['ask'] = () => Promise.reject(new Error('nothing is asked of other subgraphs'))

/** What Apollo's functions read of a request. */
const requestOf = (variables: UpstreamOptions['variables']) =>
  ({ request: { variables }, metrics: {}, context: {} }) as unknown as RequestContext

function chooser(
  operation: LiveOperation,
  { audience, sight }: Received,
  result: FormattedExecutionResult,
): LiveEvent['resultFor'] {
  if (!audience) return () => result
  let blind: FormattedExecutionResult | undefined
  return (watcher) => {
    if (!isAddressed(watcher, audience)) return null
    if (operation.confined.length === 0 || maySee(watcher, sight)) return result
    return (blind ??= without(result, operation))
  }
}

/** Of what is gone there is nothing to hide. */
const maySee = (watcher: Watcher, sight: Audience | null): boolean => sight === null || isAddressed(watcher, sight)

/** The same event for who may not see any more what it is about. */
function without(
  { data, errors }: FormattedExecutionResult,
  { key: asked, confined, prepared: { renamed } }: LiveOperation,
): FormattedExecutionResult {
  const key = renamed?.restoreName(asked) ?? asked
  const event = data && eventIn(data, key)
  const hidden = Object.fromEntries(confined.map((name) => [name, null]))
  const kept = errors?.filter(({ path }) => path?.[0] !== key || !confined.includes(String(path[1])))
  return {
    data: event ? { ...data, [key]: { ...event, ...hidden } } : (data ?? null),
    ...(kept?.length && { errors: kept }),
  }
}
