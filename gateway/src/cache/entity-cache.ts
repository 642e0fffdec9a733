import type { Bus } from '@quimbi/events/bus.ts'
import { authenticate, type Facts } from '@quimbi/service/authenticate.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import type { FormattedExecutionResult } from 'graphql'
import type { Registry } from 'prom-client'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { indexOfError, joined, outage, receivedIn } from './answers.ts'
import { cacheMetrics } from './cache-metrics.ts'
import { createMemoryStore, type Place } from './memory-store.ts'
import { createRedisStore } from './redis-store.ts'
import { hearRevisions } from './revisions.ts'
import { digest, type EntityFetch } from './selection.ts'

/** How answers are kept. */
export type CacheMeans = {
  /** The one that Intelligence tells its writes on; the memory bus only where Intelligence is in this process. */
  bus: Bus
  /** What gateways share answers in; left out, each keeps its own. */
  redis?: RedisClient | undefined
  /** 10 minutes, give or take a tenth: what only time changes is so old at most. */
  ttlMs?: number
  /** 64 MB */
  maxBytes?: number
}

export type EntityCacheOptions = CacheMeans & {
  /** What a planned operation fetches; null for whatever is not entities of the kept type. */
  fetchOf(query: string): EntityFetch | null
  verifier: TokenVerifier
  clock: Clock
  log: Logger
  registry: Registry
  /** from 0 to 1 */
  random?: () => number
}

export type EntityCache = {
  /** Answers from what is kept, and asks for the rest. */
  over(call: SubgraphCall): SubgraphCall
  stop(): void
}

type Representation = { id: string }
type Text = string | undefined

/**
 * Keeps what Intelligence answers of customers, one by one: for each representation, selection, tenant and kind of caller. Agents of every role are answered
 * the same by each of these fields; partners do not come this way. That a session still stands was judged, in the same request, by whoever named the
 * customers. Never kept: errors, entities with an error, whatever was revised while it was asked for, and all while revisions may be missed.
 */
export function createEntityCache(options: EntityCacheOptions): EntityCache {
  const { bus, redis, log, clock, fetchOf, verifier, random = Math.random } = options
  const { ttlMs = 600_000, maxBytes = 64 * 1024 * 1024 } = options
  const memory = createMemoryStore({ maxBytes, clock })
  const shared = redis && createRedisStore({ redis, log, clock })
  const metrics = cacheMetrics(options.registry, () => memory.bytes)
  const revisions = hearRevisions(bus, {
    onRevised({ tenantId, customerIds }) {
      if (tenantId === null) return
      metrics.revised(customerIds ? 'customers' : 'tenant')
      memory.forget(tenantId, customerIds)
      shared?.revise(tenantId, customerIds)
    },
    onLost() {
      metrics.revised('everybody')
      memory.clear()
      shared?.distrust()
    },
  })
  const lifetime = () => ttlMs * (0.9 + 0.2 * random())

  async function answer(call: Ask, selection: string, facts: Facts, representations: readonly Representation[]) {
    const viewer = await authenticate(facts, { tokens: verifier, clock })
    if (!viewer || viewer.kind === 'partner') return call(representations)
    if (!revisions.isHeard) {
      metrics.lookedUp('bypassed', representations.length)
      return call(representations)
    }
    const { tenantId } = viewer
    const places = representations.map((one): Place => {
      return {
        tenantId,
        id: one.id.toLowerCase(),
        key: `${tenantId} ${viewer.kind} ${selection} ${JSON.stringify(one)}`,
      }
    })
    const texts: Text[] = places.map(({ key }) => memory.get(key))
    const missing = indexesOf(texts)
    metrics.lookedUp('hit', texts.length - missing.length)
    if (missing.length === 0) return joined(texts)
    const watch = revisions.watch(tenantId)
    try {
      return await fill(call, texts, { places, missing, representations, isKept: (id) => !watch.isRevised(id) })
    } finally {
      watch.end()
    }
  }

  /** Looks for what is missing where gateways share it, then asks. */
  async function fill(call: Ask, texts: Text[], { places, missing, representations, isKept }: Wanted) {
    const wanted = missing.map((index) => places[index] as Place)
    const tenantId = wanted[0]?.tenantId ?? ''
    const found = await shared?.find(tenantId, wanted)
    const toAsk: number[] = []
    const revisionAt = new Map<number, string | undefined>()
    for (const [n, index] of missing.entries()) {
      const [place, answer] = [wanted[n] as Place, found?.answers[n]]
      texts[index] = answer?.text
      if (!answer) toAsk.push(index)
      else if (isKept(place.id)) memory.put(place, answer.text, Math.min(answer.ttlMs, lifetime()))
      revisionAt.set(index, found?.revisions[n])
    }
    metrics.lookedUp('shared', missing.length - toAsk.length)
    metrics.lookedUp('miss', toAsk.length)
    if (toAsk.length === 0) return joined(texts)
    const asked = toAsk.map((index) => representations[index] as Representation)
    const result = await call(asked).catch((error: unknown) => outage(error, toAsk.length < texts.length, asked.length))
    const received = receivedIn(result, asked.length)
    keep(received, result)
    return joined(texts, { result, received, at: toAsk })

    function keep(entities: readonly unknown[], { errors = [] }: FormattedExecutionResult): void {
      const failed = new Set(errors.map(indexOfError))
      // An error that names no entity may concern any of them.
      if (failed.has(null)) return
      const kept = toAsk.flatMap((index, n) => {
        const place = places[index] as Place
        if (failed.has(n) || !entities[n] || !isKept(place.id)) return []
        const [text, ttl] = [JSON.stringify(entities[n]), lifetime()]
        memory.put(place, text, ttl)
        const revision = revisionAt.get(index)
        return revision ? [{ place, revision, text, ttlMs: ttl }] : []
      })
      shared?.put(tenantId, kept)
    }
  }

  return {
    over: (call) => (operation, facts, signal) => {
      const fetch = fetchOf(operation.query)
      const { representations, ...variables } = operation.variables ?? {}
      if (!fetch?.isKept || !areKeyed(representations)) return call(operation, facts, signal)
      const ask: Ask = (asked) =>
        call({ ...operation, variables: { ...variables, representations: asked } }, facts, signal)
      return answer(ask, selectionOf(fetch, variables), facts, representations)
    },
    stop: () => revisions.stop(),
  }
}

type Ask = (representations: readonly Representation[]) => Promise<FormattedExecutionResult>
type Wanted = {
  places: readonly Place[]
  missing: readonly number[]
  representations: readonly Representation[]
  isKept(id: string): boolean
}

const indexesOf = (texts: readonly Text[]): number[] =>
  texts.flatMap((text, index) => (text === undefined ? [index] : []))

function selectionOf({ selection }: EntityFetch, variables: NonNullable<GraphQLOperation['variables']>): string {
  return Object.keys(variables).length === 0 ? selection : digest(`${selection} ${JSON.stringify(variables)}`)
}

const areKeyed = (given: unknown): given is Representation[] =>
  Array.isArray(given) && given.every((one) => typeof (one as Partial<Representation> | null)?.id === 'string')
