import type { ListedKey } from '@quimbi/intelligence/keys/list.ts'
import type { ListedRead } from '@quimbi/intelligence/keys/reads.ts'
import type { KeyStatus } from '@quimbi/intelligence/keys/status.ts'

type ShownKey = Omit<ListedKey, 'tenantId'> & { status: KeyStatus }

const minute = (at: Date | null): string => at?.toISOString().slice(0, 16).replace('T', ' ') ?? '-'

/** A table of keys; times are UTC. */
export const keyLines = (keys: readonly ShownKey[]): string[] =>
  table(
    ['ID', 'KEY', 'STATUS', 'A MINUTE', 'LAST USED', 'ENDS', 'SCOPES', 'NAME'],
    keys.map((key) => [
      ...[key.id, `${key.prefix}…`, key.replacedById && key.status === 'LIVE' ? 'BEING REPLACED' : key.status],
      ...[String(key.requestsPerMinute), minute(key.lastUsedAt), minute(key.revokedAt ?? key.expiresAt)],
      ...[key.scopes.join(','), key.name],
    ]),
  )

/** A table of what was asked with a key; times are UTC. */
export const readLines = (reads: readonly Omit<ListedRead, 'tenantId' | 'keyId'>[]): string[] =>
  table(
    ['AT', 'OUTCOME', 'COST', 'CUSTOMERS', 'FIELDS', 'OPERATION', 'REQUEST'],
    reads.map((read) => [
      ...[read.at.toISOString(), read.outcome, String(read.cost), String(read.customers)],
      ...[read.fields.join(','), read.operationName ?? '-', printable(read.requestId)],
    ]),
  )

/** A client chose it: nothing in it may steer the terminal. */
const printable = (text: string): string => text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '?')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
