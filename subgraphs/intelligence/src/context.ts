import { codedError } from '@quimbi/service/errors.ts'
import { authenticate, type Facts } from '@quimbi/service/authenticate.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Assistant } from './assistant/assistant.ts'
import type { Db, IntelligenceDatabase } from './database.ts'
import { createLoaders, type Loaders } from './loaders.ts'
import type { LiveServices } from './live/live.ts'
import type { Admission } from './partner/admission.ts'
import { isRevoked } from './sessions/service.ts'
import type { WebhookRules } from './webhooks/settings.ts'

/** What a request of the Intelligence subgraph carries. Without a credential, reading any of the first three throws UNAUTHENTICATED. */
export type Context = {
  readonly viewer: Viewer
  /** The viewer's tenant's data. */
  readonly db: Db
  readonly loaders: Loaders
  /** One transaction of the viewer's tenant. */
  transact<T>(run: (tx: Db) => Promise<T>): Promise<T>
  clock: Clock
  requestId: string
  /** What is live in this process. */
  live: Pick<LiveServices, 'hub'>
  /** What writes. */
  assistant: Assistant
  /** Where webhooks may lead. */
  webhooks: WebhookRules
  /** What a key was let in with, at the partner door. */
  admission?: Admission | undefined
  /** The same caller's context, having loaded nothing yet: each event of a subscription is answered by its own. */
  renewed(): Context
}

export type ContextDependencies = {
  database: IntelligenceDatabase
  verifier: TokenVerifier
  clock: Clock
  live: LiveServices
  assistant: Assistant
  webhooksToLoopback?: boolean | undefined
}

/** Builds the context of one request of the graph from what is known of it. A key opens the partner door alone. */
export async function createContext(facts: Facts, dependencies: ContextDependencies): Promise<Context> {
  return contextOf(await identifyCaller(facts, dependencies), facts, dependencies)
}

/** The context of a caller who is known, or of nobody. */
export function contextOf(
  viewer: Viewer | null,
  { requestId, admission }: { requestId: string; admission?: Admission },
  { database, clock, live, assistant, webhooksToLoopback = false }: ContextDependencies,
): Context {
  const known = (): Viewer => {
    if (viewer) return viewer
    throw codedError('UNAUTHENTICATED', 'Send an access token as "authorization: Bearer <token>".', {
      reason: 'TOKEN_MISSING',
    })
  }
  const db = () => database.forTenant(known().tenantId)
  const make = (): Context => {
    let loaders: Loaders | undefined
    // On the prototype: Apollo copies a context's own properties, which would read these and throw for an anonymous login.
    const lazy = {
      get viewer() {
        return known()
      },
      get db() {
        return db()
      },
      get loaders() {
        return (loaders ??= createLoaders(db(), known(), clock))
      },
    }
    const own: Omit<Context, keyof typeof lazy> = {
      transact: (run) => database.transact(known().tenantId, run),
      clock,
      requestId,
      live,
      assistant,
      webhooks: { toLoopback: webhooksToLoopback },
      admission,
      renewed: make,
    }
    return Object.assign(Object.create(lazy) as typeof lazy, own)
  }
  return make()
}

async function identifyCaller(
  facts: Facts,
  { database, verifier, clock }: Omit<ContextDependencies, 'live' | 'assistant'>,
): Promise<Viewer | null> {
  if (facts.apiKey !== undefined)
    throw codedError('UNAUTHENTICATED', 'An API key opens /partner/graphql alone.', { reason: 'KEY_NOT_HERE' })
  const viewer = await authenticate(facts, { tokens: verifier, clock })
  if (viewer?.kind === 'agent' && (await isRevoked(database.forTenant(viewer.tenantId), viewer))) {
    throw codedError('UNAUTHENTICATED', 'This session has ended. Log in again.', { reason: 'SESSION_ENDED' })
  }
  return viewer
}
