import type { Clock } from '@quimbi/service/clock.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { agentKey } from '@quimbi/service/subscriptions.ts'
import { createTally } from '@quimbi/service/tally.ts'
import type { AgentRole, AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import { createLogins, loginEnded, type End } from '@quimbi/subgraph/logins.ts'
import type { SupportDatabase } from '../database.ts'
import type { Hub } from './hub.ts'

/** Tells those who stay connected when their login ends, or what it allows changes. */
export type Sessions = {
  /** `end`: UNAUTHENTICATED at expiry, logout and deactivation; RESYNC_REQUIRED when the role changed. Returns what stops watching. */
  watch(viewer: Viewer, end: End): () => void
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

type Watched = { viewer: AgentViewer; role: AgentRole; end: End }

// All open sessions in one statement: at once after a revocation, and each second, since a change of role stands in no log.
const selectOpen = `
  SELECT s.id, a.role FROM unnest($1::uuid[], $2::uuid[]) AS watched (tenant_id, id)
    JOIN agent_session s ON s.tenant_id = watched.tenant_id AND s.id = watched.id
    JOIN agent a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
  WHERE s.revoked_at IS NULL AND a.is_active`

export function createSessions({ pool, hub, onGone, ...options }: SessionsOptions): Sessions {
  const perAgent = createTally()

  async function check(all: ReadonlySet<Watched>): Promise<void> {
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
      watched.end(role === undefined ? loginEnded('SESSION_ENDED') : roleChanged())
    }
  }

  const logins = createLogins<Watched>({ ...options, check, onHint: (wake) => hub.onRevoked(wake) })
  return {
    watch(viewer, end) {
      if (viewer.kind !== 'agent') return () => {}
      const leave = perAgent.enter(agentKey(viewer))
      const forget = logins.add({ viewer, role: viewer.role, end }, viewer.expiresAt)
      return () => {
        if (forget() && leave?.() === 0) onGone(viewer)
      }
    },
    get size() {
      return logins.size
    },
    stop: () => logins.stop(),
  }
}

const roleChanged = () =>
  codedError('RESYNC_REQUIRED', 'Your role has changed. Load afresh and subscribe again.', { reason: 'ROLE_CHANGED' })
