import type { Links } from '@quimbi/service/links.ts'
import type pg from 'pg'
import { mergeCuts, readCuts, writeCut, type Cut } from './checkpoints.ts'
import { flawBetween, type Flaw } from './verify.ts'

export type TrimOptions = {
  tenantId: string
  /** Entries from this instant on stay. */
  before: Date
  /** Which older ones stay too: an SQL condition on a row `entry` of event_log, its values from `$4` on. */
  keep: { sql: string; values: readonly unknown[] }
  links: Links
  now: Date
  /** Entries looked at in one transaction. */
  batchSize?: number
}

/** `flaw`: where the log did not hold, so that nothing was cut from there on. */
export type Trimmed = { cut: number; flaw: Flaw | null }

// One at a time for a tenant; in its own statement, so that the next has a fresh snapshot.
const beginTrim = `SELECT pg_advisory_xact_lock(hashtextextended('quimbi:trim:' || $1, 0))`

// Entries are nearly in the order of their time: the first young one ends what is looked at, and costs the walk up to it.
const selectEnd = `SELECT sequence FROM event_log WHERE tenant_id = $1 AND occurred_at >= $2 ORDER BY sequence LIMIT 1`

const selectOld = (keep: string, batchSize: number) => `
  SELECT sequence, hash, (${keep}) IS TRUE AS stays FROM event_log AS entry
  WHERE tenant_id = $1 AND sequence > $2 AND ($3::bigint IS NULL OR sequence < $3) ORDER BY sequence LIMIT ${batchSize}`

const deleteEntries = `DELETE FROM event_log WHERE tenant_id = $1 AND sequence = ANY($2::bigint[])`
const deleteCheckpoints = `DELETE FROM log_checkpoint WHERE tenant_id = $1 AND sequence = ANY($2::bigint[])`

type OldEntry = { sequence: string; hash: Buffer; stays: boolean }

/**
 * Cuts a tenant's old entries out of its log. Each run of them leaves one signed checkpoint, so the chain holds over what stays on either
 * side; runs that come to touch become one. A stretch that does not verify is left as it is: cutting would hide what was done to it.
 */
export async function trimLog(pool: pg.Pool, options: TrimOptions): Promise<Trimmed> {
  const { tenantId, before } = options
  const { rows } = await pool.query<{ sequence: string }>(selectEnd, [tenantId, before])
  const end = rows[0] ? BigInt(rows[0].sequence) : null
  let cut = 0
  for (let after = 0n; ;) {
    const step = await inTransaction(pool, (client) => trimBatch(client, { ...options, after, end }))
    cut += step.cut
    if (step.flaw || step.next === null) return { cut, flaw: step.flaw }
    after = step.next
  }
}

type Step = { cut: number; flaw: Flaw | null; next: bigint | null }

async function trimBatch(
  client: pg.ClientBase,
  { tenantId, keep, links, now, batchSize = 20_000, after, end }: TrimOptions & { after: bigint; end: bigint | null },
): Promise<Step> {
  await client.query(beginTrim, [tenantId])
  const values = [tenantId, after, end, ...keep.values]
  const { rows } = await client.query<OldEntry>(selectOld(keep.sql, batchSize), values)
  const cuts = await readCuts(client, tenantId, links, now)
  const last = rows.at(-1)
  if (!last) {
    await renew(client, tenantId, cuts, links, now)
    return { cut: 0, flaw: null, next: null }
  }
  const upTo = BigInt(last.sequence)
  const old = rows.filter(({ stays }) => !stays)
  if (old.length === 0) return { cut: 0, flaw: null, next: upTo }
  const flaw = await flawBetween(client, tenantId, cuts, { after, upTo })
  if (flaw) return { cut: 0, flaw, next: null }
  const known = new Map(cuts.map((known) => [known.to, known.from]))
  const merged = mergeCuts([...cuts, ...old.map(single)])
  for (const one of merged) if (known.get(one.to) !== one.from) await writeCut(client, tenantId, one, links, now)
  const ends = new Set(merged.map(({ to }) => to))
  await client.query(deleteCheckpoints, [tenantId, [...known.keys()].filter((to) => !ends.has(to))])
  await client.query(deleteEntries, [tenantId, old.map(({ sequence }) => sequence)])
  // Never from within a cut: what follows it would seem to hang in the air.
  const around = merged.find(({ from, to }) => from <= upTo && upTo <= to)
  return { cut: old.length, flaw: null, next: around?.to ?? upTo }
}

const single = ({ sequence, hash }: OldEntry): Cut => ({ from: BigInt(sequence), to: BigInt(sequence), hash })

/** Signs all checkpoints again once the key has changed: an old key's public half need not be kept for ever. */
async function renew(
  client: pg.ClientBase,
  tenantId: string,
  cuts: Awaited<ReturnType<typeof readCuts>>,
  links: Links,
  now: Date,
): Promise<void> {
  const [first, ...others] = cuts
  if (!first) return
  const keyId = await writeCut(client, tenantId, first, links, now)
  for (const cut of others) if (cut.keyId !== keyId) await writeCut(client, tenantId, cut, links, now)
}

async function inTransaction<T>(pool: pg.Pool, run: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let isWhole = false
  try {
    await client.query('BEGIN')
    const result = await run(client)
    await client.query('COMMIT')
    isWhole = true
    return result
  } finally {
    // A connection with a transaction that failed is closed, and the transaction with it.
    client.release(!isWhole)
  }
}
