import type { Clock } from '@quimbi/service/clock.ts'
import { withDeadline } from '@quimbi/service/deadline.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { AgentRole, AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import type { GraphQLError } from 'graphql'
import type { AskSessions, SessionState } from './sources.ts'
import { resync } from './upstream.ts'

type End = (error: GraphQLError) => void

/** Who a login is now. `overseer`: may see every ticket. */
export type KnownLogin = { viewer: AgentViewer; overseer: boolean }

export type Logins = {
  /** UNAUTHENTICATED where the session has ended, or there is no agent; SUBGRAPH_UNAVAILABLE where nobody can tell. */
  know(viewer: Viewer | null): Promise<KnownLogin>
  /** Calls `end` at expiry, logout and deactivation (UNAUTHENTICATED), and when the role changed (RESYNC_REQUIRED). Returns what stops watching. */
  watch(login: KnownLogin, end: End): () => void
  /** Sessions that are watched. */
  readonly size: number
  stop(): void
}

type LoginsOptions = { ask: AskSessions; clock: Clock; log: Logger; pollMs?: number }

type Watching = { role: AgentRole; expiresAt: Date; end: End }
type Session = { tenantId: string; sessionId: string; latest: SessionState; watching: Set<Watching> }

const answerMs = 2_000
const mostAtOnce = 5_000

/** The sessions of those who are connected, looked at all together. While Support is away, those who are connected stay. */
export function createLogins({ ask, clock, log, pollMs = 500 }: LoginsOptions): Logins {
  const sessions = new Map<string, Session>()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let isStopped = false

  const asked = (of: readonly { tenantId: string; sessionId: string }[]): Promise<SessionState[]> =>
    withDeadline((signal) => ask(of, signal), { ms: answerMs })

  async function look(): Promise<void> {
    const all = [...sessions.values()]
    for (let first = 0; first < all.length; first += mostAtOnce) {
      const some = all.slice(first, first + mostAtOnce)
      const states = await asked(some.map(({ tenantId, sessionId }) => ({ tenantId, sessionId })))
      for (const [index, session] of some.entries()) settle(session, states[index] ?? { open: false })
    }
  }

  function endExpired(): void {
    const now = clock.now()
    for (const { watching } of sessions.values())
      for (const { expiresAt, end } of [...watching]) if (expiresAt <= now) end(ended('TOKEN_EXPIRED'))
  }

  function settle(session: Session, state: SessionState): void {
    session.latest = state
    for (const watched of [...session.watching]) {
      if (!state.open) watched.end(ended('SESSION_ENDED'))
      else if (state.role !== watched.role) {
        watched.role = state.role
        watched.end(resync('ROLE_CHANGED'))
      }
    }
  }

  // A token ends by itself, however long Support takes to say which sessions stand.
  function tick(): void {
    endExpired()
    looking ??= look()
      .catch((error: unknown) => log.warn({ err: error }, 'open sessions could not be checked'))
      .finally(() => (looking = undefined))
  }

  return {
    async know(viewer) {
      if (viewer?.kind !== 'agent')
        throw codedError('UNAUTHENTICATED', 'Log in first: send the access token as "authorization: Bearer <token>".', {
          reason: 'TOKEN_MISSING',
        })
      const { tenantId, sessionId } = viewer
      // What is watched was looked at within a second.
      const known = sessions.get(sessionId)?.latest
      const state = known ?? (await asked([{ tenantId, sessionId }]))[0]
      if (!state?.open) throw ended('SESSION_ENDED')
      return { viewer: { ...viewer, role: state.role }, overseer: state.overseer }
    },
    watch({ viewer: { tenantId, sessionId, role, expiresAt }, overseer }, end) {
      const session: Session = sessions.get(sessionId) ?? {
        tenantId,
        sessionId,
        latest: { open: true, role, overseer },
        watching: new Set(),
      }
      sessions.set(sessionId, session)
      const watched = { role, expiresAt, end }
      session.watching.add(watched)
      if (!isStopped) timer ??= setInterval(tick, pollMs)
      return () => {
        session.watching.delete(watched)
        if (session.watching.size === 0 && sessions.get(sessionId) === session) sessions.delete(sessionId)
        if (sessions.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    get size() {
      return sessions.size
    },
    stop() {
      isStopped = true
      clearInterval(timer)
    },
  }
}

const ended = (reason: 'SESSION_ENDED' | 'TOKEN_EXPIRED') =>
  codedError('UNAUTHENTICATED', 'This login has ended. Log in again.', { reason })
