import type { Links } from '@quimbi/service/links.ts'
import type pg from 'pg'
import { readCuts, type Cut } from './checkpoints.ts'

/**
 * Where a tenant's log does not hold, and how. PAYLOAD: it is not what was written. CHAIN: the entry's ids, type, time or digest, or
 * the entry before it, are not. ORDER: it stands elsewhere. MISSING: it is gone, and no signed checkpoint says why. END: the log goes
 * on beyond its last number.
 */
export type Flaw = { sequence: bigint; kind: 'PAYLOAD' | 'CHAIN' | 'ORDER' | 'MISSING' | 'END' }

// Each entry is judged by the one before, so the first flaw found is where the log was touched. What is adjacent, or begins
// after a checkpoint that the caller has verified, is chained; the rest is a gap. A million entries: at most 24 s of CPU.
const judge = `
  WITH head AS (
    SELECT coalesce(max(last), 0) AS last FROM event_head WHERE tenant_id = $1
  ), walked AS (
    SELECT e.*, lag(sequence, 1, $2::bigint) OVER steps AS before, lag(hash) OVER steps AS hash_before, lag(position) OVER steps AS position_before
    FROM event_log AS e WHERE tenant_id = $1 AND sequence >= $2 AND ($3::bigint IS NULL OR sequence <= $3)
    WINDOW steps AS (ORDER BY sequence)
  ), judged AS (
    SELECT sequence, before, CASE
      WHEN sequence > head.last THEN 'END'
      WHEN (payload IS NULL) <> (salt IS NULL) OR digest <> app.log_digest(salt, payload) THEN 'PAYLOAD'
      WHEN position <= position_before OR position < sequence THEN 'ORDER'
      WHEN hash IS DISTINCT FROM sha256(coalesce(
          CASE WHEN before = sequence - 1 THEN hash_before END,
          (SELECT c.hash FROM log_checkpoint AS c WHERE c.tenant_id = $1 AND c.sequence = walked.sequence - 1),
          CASE WHEN sequence = 1 THEN app.log_genesis($1) END
        ) || app.log_entry(tenant_id, sequence, event_id, type, occurred_at, ticket_id, digest)) THEN 'CHAIN'
      END AS kind
    FROM walked, head WHERE sequence > $2
    UNION ALL
    SELECT head.last + 1, coalesce((SELECT max(sequence) FROM walked), $2), NULL FROM head
    WHERE $3::bigint IS NULL
  )
  SELECT sequence, before, kind FROM judged WHERE kind IS NOT NULL OR before < sequence - 1 ORDER BY sequence`

export type VerifyOptions = {
  tenantId: string
  /** Whose signatures on checkpoints count. */
  links: Links
  now: Date
}

/** Walks a tenant's whole log, as of one instant; null if it holds. The pool is of the role quimbi_system. */
export async function verifyLog(pool: pg.Pool, { tenantId, links, now }: VerifyOptions): Promise<Flaw | null> {
  const client = await pool.connect()
  let isWhole = false
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const cuts = await readCuts(client, tenantId, links, now)
    const flaw = await flawBetween(client, tenantId, cuts, { after: 0n, upTo: null })
    await client.query('COMMIT')
    isWhole = true
    return flaw
  } finally {
    client.release(!isWhole)
  }
}

/** The first flaw of a stretch of the log; `after` is no place within a cut, `upTo` null is the log's end. */
export async function flawBetween(
  db: pg.ClientBase,
  tenantId: string,
  cuts: readonly Cut[],
  { after, upTo }: { after: bigint; upTo: bigint | null },
): Promise<Flaw | null> {
  type Row = { sequence: string; before: string; kind: Flaw['kind'] | null }
  const { rows } = await db.query<Row>(judge, [tenantId, after, upTo])
  const startOf = new Map(cuts.map(({ from, to }) => [to, from]))
  for (const { kind, ...row } of rows) {
    const [sequence, before] = [BigInt(row.sequence), BigInt(row.before)]
    if (before < sequence - 1n && startOf.get(sequence - 1n) !== before + 1n)
      return { sequence: before + 1n, kind: 'MISSING' }
    if (kind) return { sequence, kind }
  }
  return null
}
