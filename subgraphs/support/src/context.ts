import { codedError } from '@quimbi/service/errors.ts'
import { authenticate, type Facts } from '@quimbi/service/authenticate.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { TokenIssuer, TokenVerifier } from '@quimbi/service/tokens.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import { encodePosition } from '@quimbi/subgraph/log-cursor.ts'
import { currentSession } from './agents/sessions.ts'
import type { Db, SupportDatabase } from './database.ts'
import type { DraftSource } from './drafts/client.ts'
import { originalOf } from './drafts/original.ts'
import { refreshOpening, type InsightSource } from './insight/ask.ts'
import type { Opening } from './insight/opening.ts'
import { createLoaders, type Loaders } from './loaders.ts'
import type { Places } from './log/as-of.ts'
import type { SupportDoors } from './settings.ts'
import type { LiveServices } from './stream/live.ts'

/** What a request of the Support subgraph carries. Without a login, reading `viewer`, `db` or `loaders` throws UNAUTHENTICATED. */
export type Context = {
  readonly viewer: Viewer
  /** The viewer's tenant's data. */
  readonly db: Db
  /** One transaction of the viewer's tenant. */
  transact<T>(run: (tx: Db) => Promise<T>): Promise<T>
  readonly loaders: Loaders
  /** The log's cursor of an event that was just written; null if it is not there within a second. */
  positionOf(eventId: string | null | undefined): Promise<string | null>
  /** Asks Intelligence about a customer, once and not for long, before a ticket of theirs is opened. */
  refreshInsight(opening: Opening): Promise<void>
  /** The text of a draft that a reply is made of, if Intelligence says it in time. */
  draftText(draftId: string | null | undefined): Promise<string | null>
  clock: Clock
  requestId: string
  /** What is live in this process. */
  live: Pick<LiveServices, 'hub' | 'presence' | 'channel'>
  /** The same caller's context, having loaded nothing yet: each event of a subscription is answered by its own. */
  renewed(): Context
  /** Signed links and where they lead. On the real clock: a demo's may be ahead. */
  doors: SupportDoors & { clock: Clock }
  /** What a login needs, and nothing else: no tenant is known yet. */
  login: LoginDependencies
}

export type LoginDependencies = {
  database: SupportDatabase
  issuer: TokenIssuer
  limiter: LoginLimiter
  clock: Clock
  address: string
}

export type ContextDependencies = Omit<LoginDependencies, 'address'> &
  SupportDoors & {
    verifier: TokenVerifier
    live: LiveServices
    places: Places
    insight?: InsightSource | undefined
    drafts?: DraftSource | undefined
  }

/** Builds the context of one request from what is known of it. */
export async function createContext(facts: Facts, dependencies: ContextDependencies): Promise<Context> {
  const { database, verifier, clock } = dependencies
  const claimed = await authenticate(facts, { tokens: verifier, clock })
  const db = database.forTenant(claimed?.tenantId ?? '')
  const session = claimed?.kind === 'agent' ? await stillThere(db, claimed, clock.now()) : null
  const caller = session?.viewer ?? claimed
  // A demo's clock may have been moved forward; logins and tokens stay on the real one.
  const offset = session?.clockOffsetSeconds ?? (await offsetForAll(db, claimed))
  const known = (): Viewer => {
    if (caller) return caller
    throw codedError('UNAUTHENTICATED', 'Log in first: send the access token as "authorization: Bearer <token>".', {
      reason: 'TOKEN_MISSING',
    })
  }
  const make = (): Context => {
    let loaders: Loaders | undefined
    // On the prototype: Apollo copies a context's own properties, which would read these and throw for an anonymous login.
    const lazy = {
      get viewer() {
        return known()
      },
      get db() {
        known()
        return db
      },
      get loaders() {
        return (loaders ??= createLoaders(db, known()))
      },
    }
    const own: Omit<Context, keyof typeof lazy> = {
      transact: (run) => database.transact(known().tenantId, run),
      positionOf: async (eventId) => {
        if (!eventId) return null
        const { tenantId } = known()
        const sequence = await dependencies.places.sequenceOf(tenantId, eventId)
        return sequence === null ? null : encodePosition(tenantId, sequence)
      },
      clock: offset === 0 ? clock : { now: () => new Date(clock.now().getTime() + offset * 1_000) },
      draftText: (draftId) => originalOf(dependencies.drafts, { tenantId: known().tenantId, draftId }),
      refreshInsight: async (opening) => {
        if (known().kind !== 'partner') await refreshOpening(dependencies, known().tenantId, opening)
      },
      requestId: facts.requestId,
      live: dependencies.live,
      renewed: make,
      doors: { links: dependencies.links, settings: dependencies.settings, clock },
      login: { ...dependencies, address: facts.address ?? 'unknown' },
    }
    return Object.assign(Object.create(lazy) as typeof lazy, own)
  }
  return make()
}

// What the gateway asks for all of a tenant's agents reads the clock that they read.
async function offsetForAll(db: Db, viewer: Viewer | null): Promise<number> {
  if (viewer?.kind !== 'service' || viewer.service !== 'gateway') return 0
  const { tenantId: id } = viewer
  return (await db.tenant.findFirst({ where: { id }, select: { clockOffsetSeconds: true } }))?.clockOffsetSeconds ?? 0
}

// A token lives 24 hours; the session and the agent behind it may have ended since, and the role changed.
async function stillThere(db: Db, viewer: AgentViewer, now: Date) {
  const session = await currentSession(db, viewer, now)
  if (!session)
    throw codedError('UNAUTHENTICATED', 'This session has ended. Log in again.', { reason: 'SESSION_ENDED' })
  return { viewer: { ...viewer, role: session.role }, clockOffsetSeconds: session.clockOffsetSeconds }
}
