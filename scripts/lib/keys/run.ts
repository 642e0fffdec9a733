import type { Db, IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { listKeys, oneKey } from '@quimbi/intelligence/keys/list.ts'
import { keyLoaders, listReads } from '@quimbi/intelligence/keys/reads.ts'
import { createApiKey, revokeApiKey, rotateApiKey } from '@quimbi/intelligence/keys/service.ts'
import { statusOf } from '@quimbi/intelligence/keys/status.ts'
import type { KeysCommand } from './arguments.ts'
import { keyLines, readLines } from './print.ts'

/** What a command says: for programs, for people on standard output, and hints that are no part of either. */
export type Said = { json: object; lines: string[]; hints: string[] }

type Where = { intelligence: IntelligenceDatabase; tenantId: string; now: Date }

/** Does what was asked, as Intelligence itself. @throws UserErrors where it is refused */
export async function runKeys(asked: KeysCommand, { intelligence, tenantId, now }: Where): Promise<Said> {
  const viewer = { kind: 'service', service: 'intelligence', tenantId } as const
  const db = intelligence.forTenant(tenantId)
  const transact = <T>(run: (tx: Db) => Promise<T>) => intelligence.transact(tenantId, run)
  if (asked.command === 'create') {
    const made = await transact((tx) => createApiKey(tx, viewer, asked, now))
    return told(made, 'Keep it now: it is not shown again. Partners send it as x-api-key.')
  }
  if (asked.command === 'rotate') {
    const made = await transact((tx) => rotateApiKey(tx, viewer, asked, now))
    const old = await oneKey(db, viewer, asked.id)
    return told(made, `Keep it now: it is not shown again. ${asked.id} goes on until ${old?.expiresAt?.toISOString()}.`)
  }
  if (asked.command === 'revoke') {
    const { id } = await transact((tx) => revokeApiKey(tx, viewer, asked.id, now))
    return { json: { id, revoked: true }, lines: [], hints: [`${id} opens nothing any more.`] }
  }
  if (asked.command === 'list') {
    const keys = (await listKeys(db, viewer, now)).map(({ tenantId: _, ...key }) => ({
      ...key,
      status: statusOf(key, now),
    }))
    return { json: keys, lines: keyLines(keys), hints: keys.length === 0 ? ['There is no key yet.'] : [] }
  }
  const known = await oneKey(db, viewer, asked.id)
  if (!known) throw new Error(`There is no key ${asked.id}.`)
  const page = await listReads({ db, viewer, loaders: keyLoaders(db, viewer), keyId: known.id }, asked)
  const reads = page.nodes.map(({ tenantId: _, keyId: __, ...read }) => read)
  const { hasNextPage, endCursor } = page.pageInfo
  const more = hasNextPage ? [`More: --after ${endCursor}`] : []
  const hints = reads.length === 0 ? ['Nothing was asked with it in the last 90 days.'] : more
  return { json: { reads, after: hasNextPage ? endCursor : null }, lines: readLines(reads), hints }
}

const told = ({ id, key }: { id: string; key: string }, hint: string): Said => ({
  json: { id, key },
  lines: [key],
  hints: [`Its id is ${id}.`, hint],
})
