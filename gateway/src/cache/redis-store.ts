import { randomBytes } from 'node:crypto'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { RedisClient } from '@quimbi/service/redis.ts'
import type { Place } from './memory-store.ts'

/** What was found, good for so long still; and what must still hold of the others when they are put. */
export type Found = { answers: ({ text: string; ttlMs: number } | undefined)[]; revisions: (string | undefined)[] }

/**
 * Answers that gateways share. Each is kept together with the revisions (the tenant's, the customer's) that stood before it was asked for, and is good only
 * as long as both still stand: what was revised meanwhile, by whomever it is put, is never read. A revision that is gone (evicted, expired, lost with
 * a failing node) makes it good for nothing. Fails by finding nothing.
 */
export type RedisStore = {
  /** Places of one tenant. Undefined while Redis is away. */
  find(tenantId: string, places: readonly Place[]): Promise<Found | undefined>
  put(tenantId: string, answers: readonly { place: Place; revision: string; text: string; ttlMs: number }[]): void
  /** What is sent after it is answered after it: this process never finds again what it has revised. */
  revise(tenantId: string, ids: readonly string[] | null): void
  /** Something was missed: of no tenant is anything trusted that stands there now. */
  distrust(): void
}

type Options = { redis: RedisClient; log: Logger; clock: Clock }

const tenantSeconds = 24 * 3_600
const customerSeconds = 3_600
/** More customers than these at once are told of as the whole tenant. */
const mostAtOnce = 1_000
/** A Redis that hangs costs its command time-out: once in this time, not with each request. */
const pauseMs = 1_000

const tenantKey = (tenantId: string) => `quimbi:insight:{${tenantId}}`
const customerKey = (tenantId: string, id: string) => `${tenantKey(tenantId)}:r:${id}`
const valueKey = ({ tenantId, key }: Place) => `${tenantKey(tenantId)}:a:${key}`
/** Its revisions, until when it is good (so that it grows no older where it is found), and what was answered. */
const form = /^(?<revision>\S+) (?<until>\d+) (?<text>.*)$/s
const fresh = () => randomBytes(9).toString('base64url')

export function createRedisStore({ redis, log, clock }: Options): RedisStore {
  // Tenants whose revision this process has renewed since it last may have missed something.
  const trusted = new Set<string>()
  // Tenants whose revision is on its way, and of whom nothing was told since.
  const renewed = new Set<string>()
  let askAgainAt = 0
  let isAway = false

  const isReachable = () => redis.status === 'ready' && clock.now().getTime() >= askAgainAt

  function away(error: unknown): void {
    if (!isAway) log.warn({ err: error }, 'Redis is away: what gateways share of insight is left out')
    isAway = true
    askAgainAt = clock.now().getTime() + pauseMs
    // A revision may not have arrived.
    distrust()
  }

  function distrust(): void {
    renewed.clear()
    trusted.clear()
  }

  /** Makes worthless what stands there from a time when this process did not listen. */
  async function trust(tenantId: string): Promise<void> {
    if (trusted.has(tenantId)) return
    renewed.add(tenantId)
    await redis.set(tenantKey(tenantId), fresh(), 'EX', tenantSeconds)
    if (renewed.delete(tenantId)) trusted.add(tenantId)
  }

  /** Makes the revisions that are missing. One that somebody else makes meanwhile stays unknown here. */
  async function create(keys: readonly (readonly [string, number])[]): Promise<Map<string, string>> {
    const made = fresh()
    const pipeline = redis.pipeline()
    for (const [key, seconds] of keys) pipeline.set(key, made, 'EX', seconds, 'NX')
    const outcomes = await pipeline.exec()
    const isMade = (index: number) => outcomes?.[index]?.[0] === null && outcomes[index][1] === 'OK'
    return new Map(keys.flatMap(([key], index) => (isMade(index) ? [[key, made] as const] : [])))
  }

  async function lookUp(tenantId: string, places: readonly Place[]): Promise<Found> {
    await trust(tenantId)
    const revisionKeys = places.map(({ id }) => customerKey(tenantId, id))
    const [ofTenant, ...rest] = await redis.mget(tenantKey(tenantId), ...revisionKeys, ...places.map(valueKey))
    const [own, values] = [rest.slice(0, places.length), rest.slice(places.length)]
    const missing = new Map(
      revisionKeys.filter((_, n) => !own[n]).map((key): [string, number] => [key, customerSeconds]),
    )
    if (!ofTenant) missing.set(tenantKey(tenantId), tenantSeconds)
    const made = missing.size > 0 ? await create([...missing]) : new Map<string, string>()
    const tenantRevision = ofTenant ?? made.get(tenantKey(tenantId))
    const revisions = revisionKeys.map((key, n) => {
      const revision = own[n] ?? made.get(key)
      return tenantRevision && revision && `${tenantRevision}.${revision}`
    })
    const now = clock.now().getTime()
    const answers = values.map((value, n) => {
      const { revision, until, text } = form.exec(value ?? '')?.groups ?? {}
      const ttlMs = Number(until) - now
      return text !== undefined && revision === revisions[n] && ttlMs > 0 ? { text, ttlMs } : undefined
    })
    isAway = false
    return { answers, revisions }
  }

  return {
    async find(tenantId, places) {
      if (!isReachable()) return undefined
      return lookUp(tenantId, places).catch((error: unknown) => void away(error))
    },
    put(tenantId, answers) {
      if (answers.length === 0 || !isReachable() || !trusted.has(tenantId)) return
      const now = clock.now().getTime()
      const pipeline = redis.pipeline()
      for (const { place, revision, text, ttlMs } of answers)
        pipeline.set(valueKey(place), `${revision} ${Math.round(now + ttlMs)} ${text}`, 'PX', Math.round(ttlMs))
      pipeline.exec().catch(away)
    },
    revise(tenantId, ids) {
      // Of a tenant that is not trusted all is renewed before anything of it is read; also of one that is being renewed, once more.
      if (!trusted.has(tenantId)) return void renewed.delete(tenantId)
      const pipeline = redis.pipeline()
      if (!ids || ids.length > mostAtOnce) pipeline.set(tenantKey(tenantId), fresh(), 'EX', tenantSeconds)
      else for (const id of ids) pipeline.set(customerKey(tenantId, id), fresh(), 'EX', customerSeconds)
      pipeline.exec().then((outcomes) => {
        const failure = outcomes?.find(([error]) => error)?.[0]
        if (failure || !outcomes) away(failure)
      }, away)
    },
    distrust,
  }
}
