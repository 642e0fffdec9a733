import { codedError } from '@quimbi/service/errors.ts'
import { authenticate, type Facts } from '@quimbi/service/authenticate.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { TokenIssuer, TokenVerifier } from '@quimbi/service/tokens.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import { currentSession } from './agents/sessions.ts'
import type { Db, SupportDatabase } from './database.ts'
import { createLoaders, type Loaders } from './loaders.ts'

/** What a request of the Support subgraph carries. Without a login, reading `viewer`, `db` or `loaders` throws UNAUTHENTICATED. */
export type Context = {
  readonly viewer: Viewer
  /** The viewer's tenant's data. */
  readonly db: Db
  /** One transaction of the viewer's tenant. */
  transact<T>(run: (tx: Db) => Promise<T>): Promise<T>
  readonly loaders: Loaders
  clock: Clock
  requestId: string
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

export type ContextDependencies = Omit<LoginDependencies, 'address'> & { verifier: TokenVerifier }

/** Builds the context of one request from what is known of it. */
export async function createContext(facts: Facts, dependencies: ContextDependencies): Promise<Context> {
  const { database, verifier, clock } = dependencies
  const claimed = await authenticate(facts, { tokens: verifier, clock })
  const db = database.forTenant(claimed?.tenantId ?? '')
  const caller = claimed?.kind === 'agent' ? await stillThere(db, claimed, clock.now()) : claimed
  const known = (): Viewer => {
    if (caller) return caller
    throw codedError('UNAUTHENTICATED', 'Log in first: send the access token as "authorization: Bearer <token>".', {
      reason: 'TOKEN_MISSING',
    })
  }
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
    clock,
    requestId: facts.requestId,
    login: { ...dependencies, address: facts.address ?? 'unknown' },
  }
  return Object.assign(Object.create(lazy) as typeof lazy, own)
}

// A token lives 24 hours; the session and the agent behind it may have ended since, and the role changed.
async function stillThere(db: Db, viewer: AgentViewer, now: Date): Promise<AgentViewer> {
  const session = await currentSession(db, viewer, now)
  if (!session)
    throw codedError('UNAUTHENTICATED', 'This session has ended. Log in again.', { reason: 'SESSION_ENDED' })
  return { ...viewer, role: session.role }
}
