import { newId } from '@quimbi/database/ids.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keptDays, purgeReads } from '../src/keys/reads.ts'
import { maintenance } from '../src/maintenance.ts'
import { dayMs, openWorld, startOfTime, type World } from './kit.ts'
import { aRead, readsIn, readsQuery } from './keys-reads-kit.ts'

let world: World
let own: ReturnType<typeof readsIn>
beforeAll(async () => {
  world = await openWorld()
  own = readsIn(world)
})
afterAll(() => world.close())

const log = createLogger({ service: 'test', level: 'silent' })
const now = new Date(startOfTime)

describe('what a key read', () => {
  it('is written by batches, tenant by tenant, and shown to its managers', () =>
    own.withReads(async (reads, counted) => {
      const [one, other] = [await own.aTenant(2), await own.aTenant(1)]
      reads.note(aRead(one, { customerIds: new Set(one.ids), operationName: 'Scores', cost: 30.2, requestId: 'r-7' }))
      reads.note(aRead(other, { customerIds: new Set([...other.ids, ...one.ids]), outcome: 'REFUSED' }))
      await reads.drain()
      const { nodes } = await own.shown(one)
      expect(nodes).toEqual([
        {
          ...{
            requestId: 'r-7',
            operationName: 'Scores',
            fields: ['customerInsight'],
            customers: 2,
            cost: 31,
            outcome: 'OK',
          },
          ...{
            at: startOfTime,
            customerIds: expect.toSatisfy(
              (ids: string[]) => new Set(ids).symmetricDifference(new Set(one.ids)).size === 0,
            ),
          },
        },
      ])
      expect((await own.shown(other)).nodes).toMatchObject([
        { customerIds: other.ids, customers: 3, outcome: 'REFUSED' },
      ])
      expect((await own.shown({ ...other, tenantId: one.tenantId })).nodes).toEqual([])
      expect(await counted('kept')).toBe(2)
    }))

  it('is for managers alone', async () => {
    const { tenantId, keyId } = await own.aTenant()
    const facts = await world.agent(tenantId, 'TEAM_LEAD')
    expect((await world.ask(readsQuery, { id: keyId, first: 1 }, facts)).codes).toEqual(['FORBIDDEN'])
  })

  it('comes in pages that meet, also of one instant', () =>
    own.withReads(async (reads) => {
      const tenant = await own.aTenant()
      for (let index = 0; index < 7; index += 1)
        reads.note(aRead(tenant, { requestId: `r-${index}`, at: new Date(now.getTime() + Math.floor(index / 3)) }))
      await reads.drain()
      const seen: string[] = []
      for (let after: string | null = null, more = true; more;) {
        const { nodes, pageInfo } = await own.shown(tenant, { first: 2, after })
        seen.push(...nodes.map(({ requestId }) => requestId))
        ;[after, more] = [pageInfo.endCursor, pageInfo.hasNextPage]
      }
      expect(seen).toEqual(['r-6', 'r-5', 'r-4', 'r-3', 'r-2', 'r-1', 'r-0'])
      const bad = await world.ask(readsQuery, { id: tenant.keyId, first: 101 }, await world.agent(tenant.tenantId))
      expect(bad.codes).toEqual(['BAD_USER_INPUT'])
    }))

  it('names 100 customers and counts all, and takes whatever a client calls things', () =>
    own.withReads(async (reads) => {
      const tenant = await own.aTenant(101)
      const hostile = {
        operationName: `a\u0000\uD800${'x'.repeat(500)}`,
        requestId: '\u0000',
        fields: Array<string>(80).fill('f'),
      }
      reads.note(aRead(tenant, { customerIds: new Set(tenant.ids), ...hostile }))
      await reads.drain()
      const [row] = (await own.shown(tenant)).nodes
      expect(row).toMatchObject({ customers: 101, requestId: '' })
      expect([row?.customerIds.length, row?.operationName?.length, row?.fields.length]).toEqual([100, 199, 50])
    }))

  it('cannot be changed or deleted by the application', () =>
    own.withReads(async (reads) => {
      const tenant = await own.aTenant()
      reads.note(aRead(tenant))
      await reads.drain()
      for (const sql of ['DELETE FROM api_key_read', `UPDATE api_key_read SET cost = 0`]) {
        const run = world.database.transact(tenant.tenantId, (tx) => tx.$executeRawUnsafe(sql))
        await expect(run).rejects.toMatchObject({ code: '42501' })
      }
    }))

  it('is forgotten after 90 days', () =>
    own.withReads(async (reads) => {
      const [one, other] = [await own.aTenant(), await own.aTenant()]
      const ago = (days: number, ms = 0) => new Date(now.getTime() - days * dayMs - ms)
      for (const tenant of [one, other])
        for (const at of [ago(keptDays), ago(keptDays, 1), ago(keptDays + 1), ago(400)])
          reads.note(aRead(tenant, { at }))
      await reads.drain()
      expect(await purgeReads(world.database.system, now, 2)).toBe(6)
      const job = maintenance(world.database.system, world.clock, log)
      await job.run({ tenantId: newId() }, { jobId: '1', attempt: 1, signal: new AbortController().signal })
      for (const tenant of [one, other])
        expect((await own.shown(tenant)).nodes).toMatchObject([{ at: ago(keptDays).toISOString() }])
    }))
})

describe('a person who is erased', () => {
  const erase = `mutation ($id: ID!) { eraseCustomerInsight(input: { customer: { id: $id } }) { userErrors { code } } }`

  it('is named no more in what keys read, of this tenant; how many were read stays', () =>
    own.withReads(async (reads) => {
      const tenant = await own.aTenant(3)
      const [erased = '', told = '', kept = ''] = tenant.ids
      reads.note(aRead(tenant, { customerIds: new Set(tenant.ids) }))
      await reads.drain()
      await world.ask(erase, { id: erased }, await world.agent(tenant.tenantId, 'ADMIN'))
      const { tenantId } = tenant
      await world.hear({ tenantId, type: 'customer.erased', occurredAt: now, payload: { customerId: told } })
      expect((await own.shown(tenant)).nodes).toMatchObject([{ customerIds: [kept], customers: 3 }])
    }))

  it('is not named by what was noted before and is written after', () =>
    own.withReads(async (reads) => {
      const tenant = await own.aTenant(2)
      const [erased = '', kept = ''] = tenant.ids
      const gate = Promise.withResolvers<void>()
      const erasing = world.database.transact(tenant.tenantId, async (tx) => {
        await tx.$executeRaw`DELETE FROM customer WHERE tenant_id = ${tenant.tenantId}::uuid AND id = ${erased}::uuid`
        await tx.$executeRaw`SELECT app.forget_key_reads(ARRAY[${erased}]::uuid[])`
        await gate.promise
      })
      reads.note(aRead(tenant, { customerIds: new Set(tenant.ids) }))
      const written = reads.drain()
      await expect
        .poll(() => world.rows(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`))
        .toHaveLength(1)
      gate.resolve()
      await Promise.all([erasing, written])
      expect((await own.shown(tenant)).nodes).toMatchObject([{ customerIds: [kept], customers: 2 }])
    }))
})
