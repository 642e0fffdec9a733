import { newId } from '@quimbi/database/ids.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { Registry } from 'prom-client'
import { expect } from 'vitest'
import { createReadLog, type KeyRead, type ReadLog } from '../src/keys/read-log.ts'
import { anOrder, startOfTime, type World } from './kit.ts'
import { keysOf } from './keys-kit.ts'

type Row = {
  requestId: string
  operationName: string | null
  fields: string[]
  customerIds: string[]
  customers: number
}
type Page = {
  nodes: (Row & { at: string; cost: number; outcome: string })[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

export const readsQuery = `query ($id: ID!, $first: Int!, $after: Cursor) { apiKey(id: $id) { reads(first: $first, after: $after) {
  nodes { requestId operationName fields customerIds customers cost outcome at } edges { cursor } pageInfo { hasNextPage endCursor } } } }`

type Key = { tenantId: string; keyId: string }

/** One request with a key. */
export const aRead = ({ tenantId, keyId }: Key, read: Partial<KeyRead> = {}): KeyRead => ({
  ...{ tenantId, keyId, at: new Date(startOfTime), requestId: 'r-1', operationName: null, cost: 1, outcome: 'OK' },
  fields: ['customerInsight'],
  customerIds: new Set(),
  ...read,
})

type Counted = (outcome: 'kept' | 'lost' | 'unkept') => Promise<number>
type Options = { max?: number; database?: World['database'] }

/** What tests of the audit of keys do in a world. */
export const readsIn = (world: World) => ({
  /** A log of reads that is stopped when the test is done with it; `counted` is what its metric says. */
  async withReads(run: (reads: ReadLog, counted: Counted) => Promise<void>, options: Options = {}): Promise<void> {
    const registry = new Registry()
    const log = createLogger({ service: 'test', level: 'silent' })
    const reads = createReadLog({ database: world.database, log, metrics: { registry }, ...options })
    await run(reads, async (outcome) => {
      const all = await registry.getSingleMetric('quimbi_partner_reads_total')?.get()
      return all?.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0
    })
    await reads.stop()
  },
  /** A tenant with a key and so many customers. */
  async aTenant(customers = 1) {
    const keys = keysOf(world)
    const ids = Array.from({ length: customers }, () => newId())
    const orders = ids.map((id) => anOrder({ customer: { id } }))
    await world.ingest(keys.tenantId, orders)
    return { tenantId: keys.tenantId, ids, keyId: (await keys.create()).id }
  },
  /** What a manager is shown of what a key read. */
  async shown({ tenantId, keyId }: Key, page: object = {}): Promise<Page> {
    const variables = { id: keyId, first: 100, ...page }
    const manager = await world.agent(tenantId)
    const { data, codes } = await world.ask<{ apiKey: { reads: Page } | null }>(readsQuery, variables, manager)
    expect(codes).toEqual([])
    return data?.apiKey?.reads ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }
  },
})
