import { failure } from '@quimbi/events/failure.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { agentKey } from '@quimbi/service/subscriptions.ts'
import { createTally } from '@quimbi/service/tally.ts'
import type { AgentRole, AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import type { GraphQLError } from 'graphql'
import type { SupportDatabase } from '../database.ts'
import type { Hub } from './hub.ts'

/** Tells those who stay connected when their login ends, or what it allows changes. */
export type Sessions = {
  /** `end`: UNAUTHENTICATED at expiry, logout and deactivation; RESYNC_REQUIRED when the role changed. Returns what stops watching. */
  watch(viewer: Viewer, end: (error: GraphQLError) => void): () => void
  readonly size: number
  stop(): Promise<void>
}

type SessionsOptions = {
  pool: SupportDatabase['systemPool']
  hub: Hub
  clock: Clock
  log: Logger
  /** The last connection of an agent in this process is gone. */
  onGone(agent: AgentViewer): void
  pollMs?: number
}

type Watched = { viewer: AgentViewer; role: AgentRole; end(error: GraphQLError): void }

// All open sessions in one statement: at once after a revocation, and each second, since a change of role stands in no log.
const selectOpen = `
  SELECT s.id, a.role FROM unnest($1::uuid[], $2::uuid[]) AS watched (tenant_id, id)
    JOIN agent_session s ON s.tenant_id = watched.tenant_id AND s.id = watched.id
    JOIN agent a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
  WHERE s.revoked_at IS NULL AND a.is_active`

export function createSessions({ pool, hub, clock, log, onGone, pollMs = 1_000 }: SessionsOptions): Sessions {
  const all = new Set<Watched>()
  const perAgent = createTally()
  let checking: { stop(): Promise<void> } | undefined
  const stopping = new Set<Promise<void>>()

  async function check(): Promise<void> {
    const known = [...new Map([...all].map(({ viewer }) => [viewer.sessionId, viewer])).values()]
    const parameters = [known.map(({ tenantId }) => tenantId), known.map(({ sessionId }) => sessionId)]
    const { rows } = await pool.query<{ id: string; role: AgentRole }>(selectOpen, parameters)
    const open = new Map(rows.map(({ id, role }) => [id, role]))
    const asked = new Set(known.map(({ sessionId }) => sessionId))
    for (const watched of [...all]) {
      // Who came while the answer was under way is looked at next time.
      if (!asked.has(watched.viewer.sessionId)) continue
      const role = open.get(watched.viewer.sessionId)
      if (role === watched.role) continue
      if (role !== undefined) watched.role = role
      watched.end(role === undefined ? ended('SESSION_ENDED') : roleChanged())
    }
  }

  function start() {
    const onError = (error: unknown) => log.warn(failure(error), 'open sessions could not be checked')
    const loop = createLoop({ step: check, pollMs, maxBackOffMs: 5_000, onError })
    const { leave } = hub.onRevoked(() => loop.wake())
    loop.start()
    return {
      stop() {
        leave()
        return loop.stop()
      },
    }
  }

  function finish(): Promise<void> {
    const stopped = checking?.stop() ?? Promise.resolve()
    checking = undefined
    stopping.add(stopped)
    return stopped.finally(() => stopping.delete(stopped))
  }

  return {
    watch(viewer, end) {
      if (viewer.kind !== 'agent') return () => {}
      const watched: Watched = { viewer, role: viewer.role, end }
      all.add(watched)
      const leave = perAgent.enter(agentKey(viewer))
      checking ??= start()
      const left = viewer.expiresAt.getTime() - clock.now().getTime()
      const timer = setTimeout(() => end(ended('TOKEN_EXPIRED')), left).unref()
      return () => {
        if (!all.delete(watched)) return
        clearTimeout(timer)
        if (leave?.() === 0) onGone(viewer)
        if (all.size === 0) void finish()
      }
    },
    get size() {
      return all.size
    },
    async stop() {
      await Promise.all([finish(), ...stopping])
    },
  }
}

const ended = (reason: 'SESSION_ENDED' | 'TOKEN_EXPIRED') =>
  codedError('UNAUTHENTICATED', 'This session has ended. Log in again.', { reason })
const roleChanged = () =>
  codedError('RESYNC_REQUIRED', 'Your role has changed. Load afresh and subscribe again.', { reason: 'ROLE_CHANGED' })
