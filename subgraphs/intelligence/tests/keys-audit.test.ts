import { newId } from '@quimbi/database/ids.ts'
import { createGraphQL } from '@quimbi/service/graphql.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../src/context.ts'
import { createAudit } from '../src/keys/audit.ts'
import type { KeyRead } from '../src/keys/read-log.ts'
import { createCustomersSeen } from '../src/keys/seen.ts'
import { createLoaders } from '../src/loaders.ts'
import { partnerSchema } from '../src/partner/schema.ts'
import { openWorld, type World } from './kit.ts'
import { aRead, readsIn } from './keys-reads-kit.ts'

let world: World
let own: ReturnType<typeof readsIn>
beforeAll(async () => {
  world = await openWorld()
  own = readsIn(world)
})
afterAll(() => world.close())

const log = createLogger({ service: 'test', level: 'silent' })

describe('the audit of the partner door', () => {
  it('notes each request of a key: its fields, its customers, its cost and what became of it', async () => {
    const tenant = await own.aTenant(2)
    const [id = ''] = tenant.ids
    const noted: KeyRead[] = []
    const seen = createCustomersSeen()
    const { clock } = world
    const schema = partnerSchema(world.module.subgraph.schema)
    seen.observe(schema)
    const audit = createAudit({ reads: { note: (read) => void noted.push(read) }, seen, clock, costOf: () => 12 })
    const { tenantId, keyId } = tenant
    const viewer = { kind: 'partner', tenantId, keyId, scopes: ['insight:read'], requestsPerMinute: 1 } as const
    const db = world.database.forTenant(tenantId)
    const graphql = await createGraphQL<Context>(
      { schema },
      {
        context: async ({ requestId }) =>
          ({ viewer, db, clock, requestId, loaders: createLoaders(db, viewer, clock) }) as unknown as Context,
        ...{ log, metrics: createMetrics('test', new Registry()), introspection: true, plugins: [audit.plugin] },
      },
    )
    const ask = (query: string) => graphql.execute({ query, variables: {} }, { requestId: 'r-1', caller: null })
    await ask(`query Two { one: customerInsights(customerIds: ["${tenant.ids.join('", "')}", "${newId()}"]) { behavior { totalOrders } } ...F }
      fragment F on Query { customerInsight(customerId: "${newId()}") { id } }`)
    // This context lacks what mutations need.
    await ask(`mutation { ingestEvents(input: { source: "shop", events: [] }) { accepted } }`)
    await ask(`{ customerInsight(customerId: "${id}") { nonsense } }`)
    await ask(`{ customerInsight(customerId: "${id}") { __typename } }`)
    const facts = { tenantId, keyId, requestId: 'r-1', at: clock.now(), cost: 12 }
    expect(noted).toMatchObject([
      { ...facts, operationName: 'Two', fields: ['customerInsights', 'customerInsight'], outcome: 'OK' },
      { fields: ['ingestEvents'], outcome: 'FAILED' },
      { fields: ['customerInsight'], outcome: 'REFUSED' },
      { fields: ['customerInsight'], operationName: null, outcome: 'OK' },
    ])
    expect(noted.map(({ customerIds }) => customerIds)).toEqual([
      new Set(tenant.ids),
      new Set(),
      new Set(),
      new Set([id]),
    ])
    await graphql.stop()
  })
})

describe('while the database is away', () => {
  /** A database that does nothing while `isAway`. */
  function failing() {
    const state = { isAway: true, error: Object.assign(new Error('away'), { code: 'ECONNREFUSED' }) }
    const query = (...args: [string, unknown[]]) =>
      state.isAway ? Promise.reject(state.error) : world.database.appPool.query(...args)
    return { state, database: { appPool: { query } } as unknown as World['database'] }
  }

  it('what keys read is kept and written later, once each', async () => {
    const { state, database } = failing()
    const tenant = await own.aTenant()
    await own.withReads(
      async (reads, counted) => {
        for (let index = 0; index < 600; index += 1) reads.note(aRead(tenant, { requestId: `r-${index}` }))
        await expect(reads.drain()).rejects.toThrow('away')
        state.isAway = false
        await reads.drain()
        const rows = await world.rows<{ n: number }>(
          'SELECT count(*)::int AS n FROM api_key_read WHERE key_id = $1',
          tenant.keyId,
        )
        expect([rows[0]?.n, await counted('kept'), await counted('lost')]).toEqual([600, 600, 0])
      },
      { database },
    )
  })

  it('the oldest is lost once too much waits, and counted; nothing waits for it', async () => {
    const { state, database } = failing()
    const tenant = await own.aTenant()
    await own.withReads(
      async (reads, counted) => {
        for (let index = 0; index < 250; index += 1) reads.note(aRead(tenant, { requestId: `r-${index}` }))
        await expect(reads.drain()).rejects.toThrow('away')
        state.isAway = false
        await reads.drain()
        const kept = (await own.shown(tenant)).nodes.map(({ requestId }) => requestId)
        expect(kept).toEqual(Array.from({ length: 100 }, (_, index) => `r-${249 - index}`))
        expect([await counted('kept'), await counted('lost')]).toEqual([100, 150])
      },
      { database, max: 100 },
    )
  })

  it('what the database would never take does not hold up the rest', async () => {
    const tenant = await own.aTenant()
    await own.withReads(async (reads, counted) => {
      reads.note(aRead({ ...tenant, tenantId: 'no tenant' }))
      reads.note(aRead(tenant))
      await reads.drain()
      expect((await own.shown(tenant)).nodes).toHaveLength(1)
      expect([await counted('kept'), await counted('unkept')]).toEqual([1, 1])
    })
  })
})
