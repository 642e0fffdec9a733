import type { Links } from '@quimbi/service/links.ts'
import type pg from 'pg'

/** A run of entries that retention cut out of a tenant's log, both ends included; `hash` is that of the last one. */
export type Cut = { from: bigint; to: bigint; hash: Buffer }

export type SignedCut = Cut & { keyId: string }

type Row = { sequence: string; hash: Buffer; signature: Buffer }

const selectCheckpoints = `SELECT sequence, hash, signature FROM log_checkpoint WHERE tenant_id = $1 ORDER BY sequence`

const insertCheckpoint = `
  INSERT INTO log_checkpoint (tenant_id, sequence, hash, created_at, key_id, signature) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (tenant_id, sequence) DO UPDATE
  SET hash = excluded.hash, created_at = excluded.created_at, key_id = excluded.key_id, signature = excluded.signature`

/** The tenant's cuts, in order; a checkpoint whose signature does not hold is none. */
export async function readCuts(db: pg.ClientBase, tenantId: string, links: Links, now: Date): Promise<SignedCut[]> {
  const { rows } = await db.query<Row>(selectCheckpoints, [tenantId])
  const cuts = await Promise.all(rows.map((row) => readCut(row, tenantId, links, now)))
  return cuts.filter((cut) => cut !== null)
}

async function readCut(row: Row, tenantId: string, links: Links, now: Date): Promise<SignedCut | null> {
  const token = row.signature.toString()
  const claims = await links.read('checkpoint', token, now)
  const { from, hash } = claims?.data ?? {}
  const isOurs = claims?.tenantId === tenantId && claims.subject === row.sequence && hash === row.hash.toString('hex')
  if (!isOurs || from === undefined) return null
  return { from: BigInt(from), to: BigInt(row.sequence), hash: row.hash, keyId: keyOf(token) }
}

/** Signs a cut and keeps its checkpoint; resolves to the id of the key. */
export async function writeCut(
  db: pg.ClientBase,
  tenantId: string,
  cut: Cut,
  links: Links,
  now: Date,
): Promise<string> {
  const subject = String(cut.to)
  const data = { from: String(cut.from), hash: cut.hash.toString('hex') }
  const token = await links.sign('checkpoint', { tenantId, subject, data }, { now })
  const keyId = keyOf(token)
  await db.query(insertCheckpoint, [tenantId, cut.to, cut.hash, now, keyId, Buffer.from(token)])
  return keyId
}

/** The key named in a token's header. */
function keyOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }
  return header.kid
}

/** Cuts that touch become one; in order. */
export function mergeCuts(cuts: readonly Cut[]): Cut[] {
  const merged: Cut[] = []
  for (const cut of cuts.toSorted((a, b) => (a.to < b.to ? -1 : 1))) {
    const last = merged.at(-1)
    if (last && last.to + 1n === cut.from) merged.splice(-1, 1, { ...cut, from: last.from })
    else merged.push(cut)
  }
  return merged
}
