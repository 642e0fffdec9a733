import type { Facts } from '@quimbi/service/authenticate.ts'
import { leavable } from '@quimbi/service/channel.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { positionIn } from '@quimbi/service/log-position.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { maskErrors, type FormatError } from '@quimbi/service/mask-errors.ts'
import {
  agentKey,
  masked,
  reasonOf,
  refusalOf,
  tooMany,
  type Results,
  type Subscribe,
} from '@quimbi/service/subscriptions.ts'
import { createTally } from '@quimbi/service/tally.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { liveMetrics, type EndReason } from '@quimbi/service/websocket-metrics.ts'
import type { WebSocketOptions } from '@quimbi/service/websocket.ts'
import { GraphQLError } from 'graphql'
import type { Registry } from 'prom-client'
import type { Engine } from '../engine/engine.ts'
import { alone, shared, type Deliveries } from './deliveries.ts'
import { openEvents, type LiveEvent } from './events.ts'
import { createHubs, createPositions } from './hubs.ts'
import { createLogins, type KnownLogin } from './logins.ts'
import { federatedMetrics } from './metrics.ts'
import { createOperations, type LiveOperation } from './operation.ts'
import { forTenant, type LiveSources } from './sources.ts'
import type { DoorLimits } from '../limits/door.ts'

export type LiveGatewayOptions = {
  engine: Engine
  sources: LiveSources
  /** Who sends an access token; throws UNAUTHENTICATED for a wrong one. */
  viewerOf(facts: Facts): Promise<Viewer | null>
  clock: Clock
  log: Logger
  registry: Registry
  limits?: Partial<LiveLimits>
  /** Which documents clients may send, by cost and by name; all unless given. */
  documents?: Pick<DoorLimits, 'textOf' | 'checkDocument'> | undefined
}

export type LiveLimits = {
  /** Running subscriptions of one agent; 300. */
  perAgent: number
  /** Of one tenant; 20,000. */
  perTenant: number
  /** Results that may wait for one subscriber; 1,000. */
  capacity: number
  /** Milliseconds that other subgraphs may take for one event; 2,000. */
  restMs: number
  /** Milliseconds that a shared subscription stays when nobody is left; 5,000. */
  graceMs: number
}

const usual: LiveLimits = { perAgent: 300, perTenant: 20_000, capacity: 1_000, restMs: 2_000, graceMs: 5_000 }

/** Subscriptions over the whole graph, for the doors. */
export type LiveGateway = {
  subscribe: Subscribe
  connect: WebSocketOptions['connect']
  /** Ends all subscriptions: the graph has changed. */
  reload(): void
  /** What is held for whom is there. */
  readonly sizes: { hubs: number; subscriptions: number; sessions: number }
  stop(): Promise<void>
}

export function createLiveGateway(options: LiveGatewayOptions): LiveGateway {
  const { engine, sources, clock, log, registry, viewerOf } = options
  const limits = { ...usual, ...options.limits }
  const metrics = liveMetrics(registry, 'gateway')
  const federated = federatedMetrics(registry)
  const operations = createOperations()
  const logins = createLogins({ ask: sources.sessions, clock, log })
  const positions = createPositions(sources.positions)
  const hubs = createHubs({
    onOpened: federated.hubOpened,
    onClosed: federated.hubClosed,
    graceMs: limits.graceMs,
  })
  const running = new Set<(error: GraphQLError) => void>()
  const [perAgent, perTenant] = [createTally(), createTally()]

  type Asked = {
    live: LiveOperation
    login: KnownLogin
    variables: Record<string, unknown>
    coerced: Record<string, unknown>
    facts: Facts
    format: FormatError
  }

  const eventsOf = (asked: Asked, facts: Facts, after: string | null): AsyncGenerator<LiveEvent, undefined> => {
    const { live: operation, variables, coerced, format, login } = asked
    const stream = sources.streams[operation.service]
    if (!stream) throw new Error(`There is no stream of the subgraph "${operation.service}"`)
    return openEvents({
      stream,
      operation,
      variables,
      coerced,
      facts,
      after,
      tenantId: login.viewer.tenantId,
      ask: engine.ask,
      format,
      restMs: limits.restMs,
      metrics: federated,
    })
  }

  async function deliveriesOf(asked: Asked): Promise<Deliveries> {
    const { live, login, coerced, facts } = asked
    const { tenantId, agentId } = login.viewer
    const watcher = { agentId, overseer: login.overseer }
    const given = live.afterOf(coerced)
    const place = given === null ? null : positionIn(tenantId, given)
    const own = (after: string | null) => alone(eventsOf(asked, facts, after), watcher)
    if (!live.isResumable || (given !== null && (!live.isShared || place === null))) return own(given)
    const key = `${tenantId} ${live.identityOf(coerced)}`
    const hub = hubs.get(key)
    const isAtHand = hub !== undefined && place !== null && place <= hub.head
    const now = isAtHand ? { cursor: '', position: hub.head } : await positions(live.service, tenantId)
    if (engine.graph !== live.graph) throw reloaded()
    if (!live.isShared || !now) return own(given ?? now?.cursor ?? null)
    // Ahead of the log: the subgraph says what that means.
    if (given !== null && place !== null && place > now.position) return own(given)
    const begin = given !== null && place !== null ? { cursor: given, position: place } : now
    const everybody = forTenant(tenantId)
    if (!isAtHand)
      hubs.open(key, begin, now, (after) => eventsOf({ ...asked, format: formatFor(everybody) }, everybody, after))
    return shared({
      watcher,
      after: begin.position,
      hub: () => hubs.get(key),
      replay: () => eventsOf(asked, everybody, begin.cursor),
      capacity: limits.capacity,
    })
  }

  function formatFor({ requestId }: Facts): FormatError {
    return maskErrors({ log, requestId: () => requestId, allow: [reloadCode] })
  }

  async function open(operation: GraphQLOperation, facts: Facts, format: FormatError): Promise<Results> {
    const login = await logins.know(await viewerOf(facts))
    // Our own services are not limited.
    const documents = facts.caller ? undefined : options.documents
    const query = await documents?.textOf({ ...operation.named, query: operation.query })
    const live = operations.prepare(engine.graph, { ...operation, query: query ?? operation.query })
    const variables = operation.variables ?? {}
    const coerced = live.coerce(variables)
    documents?.checkDocument(live.document, variables, operation.operationName)
    const { viewer } = login
    const enter = (tally: typeof perAgent, key: string, limit: number) => {
      const release = tally.enter(key, limit)
      if (release) return release
      throw tooMany(limit)
    }
    const releaseAgent = enter(perAgent, agentKey(viewer), limits.perAgent)
    let releaseTenant: () => void = () => {}
    try {
      releaseTenant = enter(perTenant, viewer.tenantId, limits.perTenant)
      const asked = { live, login, variables, coerced, facts: { ...facts, apiKey: undefined }, format }
      const deliveries = await deliveriesOf(asked)
      return run(deliveries, login, format, () => (releaseAgent(), releaseTenant()))
    } catch (error) {
      releaseAgent()
      releaseTenant()
      throw error
    }
  }

  function run(deliveries: Deliveries, login: KnownLogin, format: FormatError, release: () => void): Results {
    const end = (error: GraphQLError) => deliveries.fail(error)
    const unwatch = logins.watch(login, end)
    running.add(end)
    metrics.subscribed()
    let isOver = false
    const over = (reason: EndReason) => {
      if (isOver) return
      isOver = true
      unwatch()
      running.delete(end)
      release()
      deliveries.leave()
      metrics.ended(reason)
    }
    async function* results(): Results {
      try {
        for await (const result of deliveries.results) {
          metrics.delivered()
          yield result
        }
        return undefined
      } catch (error) {
        over(reasonOf(error))
        throw masked(error, format)
      } finally {
        over('done')
      }
    }
    return leavable(results(), () => over('done'))
  }

  return {
    async subscribe(operation, facts) {
      const format = formatFor(facts)
      try {
        return await open(operation, facts, format)
      } catch (error) {
        return refusalOf(error, format)
      }
    },
    async connect(facts) {
      const login = await logins.know(await viewerOf(facts))
      return { viewer: login.viewer, watch: (end) => logins.watch(login, end) }
    },
    reload() {
      operations.forget()
      for (const end of [...running]) end(reloaded())
      // Who comes again is told by the new graph, not by what stays a moment for nobody.
      void hubs.stop().catch((error: unknown) => log.warn({ err: error }, 'a shared subscription did not end cleanly'))
    },
    get sizes() {
      return { hubs: hubs.size, subscriptions: running.size, sessions: logins.size }
    },
    async stop() {
      logins.stop()
      for (const end of [...running]) end(stopping())
      await hubs.stop()
    },
  }
}

const reloadCode = 'SUBSCRIPTION_SCHEMA_RELOAD'

const reloaded = () =>
  new GraphQLError('The graph has changed. Subscribe again with the last cursor.', {
    extensions: { code: reloadCode, retryable: true },
  })

const stopping = () =>
  new GraphQLError('The gateway stops. Subscribe again with the last cursor.', {
    extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
  })
