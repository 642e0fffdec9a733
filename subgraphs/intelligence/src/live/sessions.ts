import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { AgentViewer, PartnerViewer, Viewer } from '@quimbi/service/viewer.ts'
import { createLogins, loginEnded, type End } from '@quimbi/subgraph/logins.ts'
import type { IntelligenceDatabase } from '../database.ts'

/** Tells those who stay connected when their login, or their key, ends. */
export type Sessions = {
  /** `end`: UNAUTHENTICATED. Returns what stops watching. */
  watch(viewer: Viewer, end: End): () => void
  readonly size: number
  stop(): Promise<void>
}

type SessionsOptions = { pool: IntelligenceDatabase['systemPool']; clock: Clock; log: Logger; pollMs?: number }
type Watched = { viewer: AgentViewer | PartnerViewer; end: End }

// All who are connected in one statement: what ended a session stands in Support's log, and a key also ends by itself.
const selectEnded = `
  SELECT watched.id FROM unnest($1::uuid[], $2::uuid[]) AS watched (tenant_id, id)
    JOIN revoked_session s ON s.tenant_id = watched.tenant_id AND s.session_id = watched.id
  UNION ALL
  SELECT watched.id FROM unnest($3::uuid[], $4::uuid[]) AS watched (tenant_id, id)
    LEFT JOIN api_key k ON k.tenant_id = watched.tenant_id AND k.id = watched.id
    WHERE k.id IS NULL OR k.revoked_at IS NOT NULL OR k.expires_at <= $5::timestamptz`

const idOf = ({ viewer }: Watched): string => (viewer.kind === 'agent' ? viewer.sessionId : viewer.keyId)

export function createSessions({ pool, clock, log, pollMs = 1_000 }: SessionsOptions): Sessions {
  async function check(all: ReadonlySet<Watched>): Promise<void> {
    const known = [...new Map([...all].map((watched) => [idOf(watched), watched])).values()]
    const of = (kind: Watched['viewer']['kind']) => {
      const own = known.filter(({ viewer }) => viewer.kind === kind)
      return [own.map(({ viewer }) => viewer.tenantId), own.map(idOf)]
    }
    const values = [...of('agent'), ...of('partner'), clock.now()]
    const { rows } = await pool.query<{ id: string }>(selectEnded, values)
    const ended = new Set(rows.map(({ id }) => id))
    for (const watched of [...all])
      if (ended.has(idOf(watched)))
        watched.end(loginEnded(watched.viewer.kind === 'agent' ? 'SESSION_ENDED' : 'KEY_INVALID'))
  }

  const logins = createLogins<Watched>({ check, clock, log, pollMs })
  return {
    watch(viewer, end) {
      if (viewer.kind === 'service') return () => {}
      const forget = logins.add({ viewer, end }, viewer.kind === 'agent' ? viewer.expiresAt : null)
      return () => void forget()
    },
    get size() {
      return logins.size
    },
    stop: () => logins.stop(),
  }
}
