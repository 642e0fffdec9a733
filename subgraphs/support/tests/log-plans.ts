import { withTenant } from '@quimbi/database/tenancy.ts'
import { expect, vi } from 'vitest'
import type { TestSupport } from './kit.ts'

type Node = { 'Node Type': string; 'Index Name'?: string; Plans?: Node[] }
type Statement = { text?: string; values?: unknown[] }

/** How the one statement that an operation sends to a table is planned as the application: nodes with their indexes, from the top. */
export async function planOf(
  { database }: TestSupport,
  tenantId: string,
  table: string,
  run: () => Promise<{ errors: readonly object[] }>,
): Promise<string[]> {
  const client = await database.appPool.connect()
  const sent = vi.spyOn(Object.getPrototypeOf(client) as typeof client, 'query')
  client.release()
  expect((await run()).errors).toEqual([])
  const statements = sent.mock.calls.map(([statement]) => statement as unknown as Statement)
  sent.mockRestore()
  const ofTable = statements.filter(({ text }) => new RegExp(`FROM ("public"\\.)?"?${table}"? `).test(text ?? ''))
  expect(ofTable).toHaveLength(1)
  const { text, values } = ofTable[0]!
  const { rows } = await withTenant(tenantId, () =>
    database.appPool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values),
  )
  const flat = (node: Node): string[] => [
    [node['Node Type'], node['Index Name']].filter(Boolean).join(' '),
    ...(node.Plans ?? []).flatMap(flat),
  ]
  return flat(rows[0]!['QUERY PLAN'][0].Plan).filter((node) => !/^(Limit|Result)/.test(node))
}
